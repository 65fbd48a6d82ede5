import type { AuditEvent } from '../../api/schema';

/** Things that happened, one after another, of the same sort: told as one. */
export interface Episode {
  /** The latest of them. */
  event: AuditEvent;
  count: number;
  /** When the first of them was. */
  since: string;
}

/** What is told once however often it happened in a row. */
const REPEATED = /^(session\.|record\.|records\.|administration\.denied|guest\.claim_link_sent)/;

/**
 * Several logs as one, without gaps: where one of them goes on, nothing is told from before the point up to which it
 * has been read.
 */
export function merged(logs: { events: AuditEvent[]; whole: boolean }[]): AuditEvent[] {
  const readTo = logs.map(({ events, whole }) => (whole ? 0 : (events.at(-1)?.seq ?? 0)));
  const from = Math.max(0, ...readTo);
  const bySeq = new Map<number, AuditEvent>();
  for (const { events } of logs)
    for (const event of events) if (event.seq >= from) bySeq.set(event.seq, event);
  return [...bySeq.values()].sort((a, b) => b.seq - a.seq);
}

/** Puts together what repeats itself. */
export function inEpisodes(events: AuditEvent[]): Episode[] {
  const episodes: Episode[] = [];
  for (const event of events) {
    const last = episodes.at(-1);
    const same = last && last.event.action === event.action && last.event.actor_id === event.actor_id;
    if (same && REPEATED.test(event.action)) {
      last.count += 1;
      last.since = event.at;
    } else {
      episodes.push({ event, count: 1, since: event.at });
    }
  }
  return episodes;
}
