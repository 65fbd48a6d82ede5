import type { AuditEvent } from '../../api/schema';

/** Things somebody did one after another, of the same sort and to the same: told as one. */
export interface Doing {
  /** The latest of them. */
  event: AuditEvent;
  count: number;
}

/** Puts together what repeats itself. */
export function doingsOf(events: readonly AuditEvent[]): Doing[] {
  const doings: Doing[] = [];
  for (const event of events) {
    const last = doings.at(-1);
    const again = last?.event.action === event.action && last.event.target_id === event.target_id;
    if (last && again) last.count += 1;
    else doings.push({ event, count: 1 });
  }
  return doings;
}
