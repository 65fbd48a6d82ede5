import { Badge, Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { fullName } from '../../api/people';
import { can, useSession } from '../../api/session';
import { ErrorState } from '../../components/EmptyState';
import { PersonAvatar } from '../../components/PersonName';
import { StatusBadge } from '../../components/StatusBadge';
import type { List } from '../../components/useList';
import classes from './PeopleList.module.css';

/** What all kinds of people have. */
interface Listed {
  id: string;
  kind: string;
  first_name: string;
  last_name: string;
  email: string;
  status: string;
}

interface Props {
  title: string;
  list: List<Listed>;
  empty: string;
}

/** Some people under a heading that counts them. */
export function PeopleList({ title, list, empty }: Props) {
  return (
    <Stack gap="xs" component="section" aria-label={title}>
      <Group gap={8}>
        <Title order={3} fz="sm">
          {title}
        </Title>
        {list.total !== undefined && (
          <Badge variant="default" size="sm" className="tabular">
            {list.total.toLocaleString()}
          </Badge>
        )}
      </Group>
      <PeopleItems list={list} empty={empty} />
    </Stack>
  );
}

/** Some people with links to their pages, a few at a time. */
export function PeopleItems({ list, empty }: Omit<Props, 'title'>) {
  if (list.error && list.items.length === 0) return <ErrorState error={list.error} onRetry={list.retry} />;
  if (list.isPending) return [1, 2, 3].map((row) => <Skeleton key={row} h={36} mb={6} />);
  if (list.items.length === 0) {
    return (
      <Text fz="sm" c="dimmed">
        {empty}
      </Text>
    );
  }
  return (
    <>
      <ul className={classes.list}>
        {list.items.map((person) => (
          <li key={person.id}>
            <PersonRow person={person} />
          </li>
        ))}
      </ul>
      {list.hasMore && (
        <Button variant="subtle" color="gray" size="xs" loading={list.isLoadingMore} onClick={list.loadMore}>
          Show more
        </Button>
      )}
    </>
  );
}

function PersonRow({ person }: { person: Listed }) {
  const session = useSession();
  const name = fullName(person);
  const guest = person.kind === 'guest';
  const facts = (
    <>
      <PersonAvatar name={name} size={28} />
      <span className={classes.words}>
        <Text span display="block" fz="sm" fw={550} truncate>
          {name}
        </Text>
        <Text span display="block" fz="xs" c="dimmed" truncate>
          {guest ? `Guest · ${person.email}` : person.email}
        </Text>
      </span>
      {person.status !== 'active' && <StatusBadge status={person.status} />}
    </>
  );
  if (guest && !can(session, 'manage_guests')) return <span className={classes.row}>{facts}</span>;
  return guest ? (
    <Link className={classes.row} to="/guests/$guestId" params={{ guestId: person.id }}>
      {facts}
    </Link>
  ) : (
    <Link className={classes.row} to="/users/$userId" params={{ userId: person.id }}>
      {facts}
    </Link>
  );
}
