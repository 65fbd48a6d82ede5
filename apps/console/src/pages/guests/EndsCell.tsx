import type { Guest } from '../../api/schema';
import { dateWords, daysLeftWords } from '../../components/DateText';
import classes from './Guests.module.css';

/** From how many days on somebody should look. */
const SOON = 7;

/** Whether a guest's access ends so soon that somebody should look. */
export function endsSoon(guest: Guest): boolean {
  return (guest.status === 'active' || guest.status === 'invited') && guest.days_left <= SOON;
}

/** A guest's last day, and how far away it is; of whoever was shut out before it, when that was. */
export function EndsCell({ guest }: { guest: Guest }) {
  if (guest.status === 'revoked' && guest.revoked_at) {
    return (
      <span className={classes.ends} title={`Access was to end on ${dateWords(guest.access_ends_on)}`}>
        <span>Revoked</span>
        <span className="dimmed tabular">{dateWords(guest.revoked_at)}</span>
      </span>
    );
  }
  const soon = endsSoon(guest);
  return (
    <span className={classes.ends}>
      <span className="tabular">{dateWords(guest.access_ends_on)}</span>
      <span className={soon ? classes.soon : 'dimmed'} data-soon={soon || undefined}>
        {daysLeftWords(guest.days_left)}
      </span>
    </span>
  );
}
