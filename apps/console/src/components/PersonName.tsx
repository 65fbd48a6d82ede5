import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { fullName, personQuery } from '../api/people';
import { canAny, useSession } from '../api/session';
import classes from './PersonName.module.css';

// These stand in every row of long lists: they are plain elements, which are made faster than those of the library.

/** A person's round picture: their initials. */
export function PersonAvatar({ name, size = 28 }: { name: string; size?: number }) {
  return (
    <span
      className={classes.picture}
      style={{ width: size, height: size, fontSize: Math.round(size * 0.4) }}
      aria-hidden
    >
      {initials(name)}
    </span>
  );
}

/** `IN` for "Ines Novak". */
function initials(name: string): string {
  const words = name.split(' ').filter(Boolean);
  return words
    .slice(0, 2)
    .map((word) => Array.from(word)[0]?.toUpperCase())
    .join('');
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
  if (!id) return <span className="dimmed">{none}</span>;
  if (isPending) return <Skeleton h={12} w={110} display="inline-block" />;
  if (!person) return <span className={classes.gone}>Deleted person</span>;
  const name = fullName(person);
  const guest = person.kind === 'guest';
  const mayOpen = guest
    ? canAny(session, ['manage_guests'])
    : canAny(session, ['manage_users', 'manage_guests', 'manage_access']);
  if (!link || !mayOpen) return <span>{name}</span>;
  return guest ? (
    <Link to="/guests/$guestId" params={{ guestId: id }} className={classes.link}>
      {name}
    </Link>
  ) : (
    <Link to="/users/$userId" params={{ userId: id }} className={classes.link}>
      {name}
    </Link>
  );
}

/** Name over email with a picture, leading to the person's page: the first column of lists. */
export function PersonLink({ person }: { person: Person & { id: string; kind: string } }) {
  const cell = <PersonCell person={person} />;
  return person.kind === 'guest' ? (
    <Link to="/guests/$guestId" params={{ guestId: person.id }} className={classes.leading}>
      {cell}
    </Link>
  ) : (
    <Link to="/users/$userId" params={{ userId: person.id }} className={classes.leading}>
      {cell}
    </Link>
  );
}

interface Person {
  first_name: string;
  last_name: string;
  email: string;
}

/** Name over email with a picture. */
function PersonCell({ person }: { person: Person }) {
  const name = fullName(person);
  return (
    <span className={classes.cell}>
      <PersonAvatar name={name} />
      <span className={classes.lines}>
        <span className={classes.name}>{name}</span>
        <span className={classes.email}>{person.email}</span>
      </span>
    </span>
  );
}
