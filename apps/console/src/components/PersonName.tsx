import { Anchor, Avatar, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { fullName, personQuery } from '../api/people';
import { canAny, useSession } from '../api/session';

/** A person's round picture: their initials. */
export function PersonAvatar({ name, size = 28 }: { name: string; size?: number }) {
  return (
    <Avatar
      name={name}
      size={size}
      radius="xl"
      color="moss"
      aria-hidden
      styles={{
        placeholder: { color: 'light-dark(var(--mantine-color-moss-9), var(--mantine-color-moss-1))' },
      }}
    />
  );
}

interface Props {
  id: string | null | undefined;
  none?: string;
  /** Whether the name leads to the person's page, for who may see it. */
  link?: boolean;
}

/** The name of a person who is known by id. Somebody deleted is said to be. */
export function PersonName({ id, none = '–', link = false }: Props) {
  const session = useSession();
  const { data: person, isPending } = useQuery({ ...personQuery(id ?? ''), enabled: Boolean(id) });
  if (!id)
    return (
      <Text span inherit c="dimmed">
        {none}
      </Text>
    );
  if (isPending) return <Skeleton h={12} w={110} display="inline-block" />;
  if (!person)
    return (
      <Text span inherit c="dimmed" fs="italic">
        Deleted person
      </Text>
    );
  const guest = person.kind === 'guest';
  const mayOpen = guest
    ? canAny(session, ['manage_guests'])
    : canAny(session, ['manage_users', 'manage_guests', 'manage_access']);
  if (!link || !mayOpen)
    return (
      <Text span inherit>
        {fullName(person)}
      </Text>
    );
  return (
    // Underlined, though faintly: in a sentence the colour alone doesn't tell a link from the words around it.
    <Anchor
      inherit
      underline="always"
      style={{
        textDecorationColor: 'color-mix(in srgb, currentColor 40%, transparent)',
        textUnderlineOffset: 3,
      }}
      renderRoot={(props) =>
        guest ? (
          <Link to="/guests/$guestId" params={{ guestId: id }} {...props} />
        ) : (
          <Link to="/users/$userId" params={{ userId: id }} {...props} />
        )
      }
    >
      {fullName(person)}
    </Anchor>
  );
}

/** Name over email with a picture, for the first column of lists. */
export function PersonCell({ person }: { person: { first_name: string; last_name: string; email: string } }) {
  const name = fullName(person);
  return (
    <Group gap="sm" wrap="nowrap" miw={0}>
      <PersonAvatar name={name} />
      <Stack gap={0} miw={0}>
        <Text fz="sm" fw={550} truncate>
          {name}
        </Text>
        <Text fz="xs" c="dimmed" truncate>
          {person.email}
        </Text>
      </Stack>
    </Group>
  );
}
