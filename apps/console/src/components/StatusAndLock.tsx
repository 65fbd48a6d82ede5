import { IconLock } from '@tabler/icons-react';
import type { Guest, User } from '../api/schema';
import { lockedUntilWords, lockFact } from './lockWords';
import classes from './StatusAndLock.module.css';
import { StatusBadge } from './StatusBadge';

interface Props {
  person: Pick<User | Guest, 'status' | 'locked_until'>;
}

/** Somebody's status, and that they are locked out for the moment. */
export function StatusAndLock({ person: { status, locked_until } }: Props) {
  return (
    <>
      <StatusBadge status={status} />
      {locked_until && (
        <span className={classes.lock} title={lockFact(locked_until)}>
          <IconLock size={13} aria-hidden />
          {lockedUntilWords(locked_until)}
        </span>
      )}
    </>
  );
}

/** The same in a list: one below the other. */
export function StatusCell({ person }: Props) {
  if (!person.locked_until) return <StatusBadge status={person.status} />;
  return (
    <span className={classes.cell}>
      <StatusAndLock person={person} />
    </span>
  );
}
