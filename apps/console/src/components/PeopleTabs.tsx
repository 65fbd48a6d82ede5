import { Link } from '@tanstack/react-router';
import { can, useSession } from '../api/session';
import classes from './PeopleTabs.module.css';

/** From the users to the guests and back, for who looks after both. */
export function PeopleTabs({ current }: { current: 'users' | 'guests' }) {
  const session = useSession();
  if (!can(session, 'manage_guests')) return null;
  return (
    <nav className={classes.tabs} aria-label="Kinds of people">
      <Link to="/users" className={classes.tab} aria-current={current === 'users' ? 'page' : undefined}>
        Users
      </Link>
      <Link to="/guests" className={classes.tab} aria-current={current === 'guests' ? 'page' : undefined}>
        Guests
      </Link>
    </nav>
  );
}
