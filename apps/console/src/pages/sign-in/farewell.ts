import dayjs from 'dayjs';
import type { AccessEnded } from '../../api/schema';
import type { Stay } from '../../api/session';
import { clock } from '../../components/clock';

/** Everything the page says to somebody whose access has ended. */
export interface Farewell {
  org: string;
  /** What happened and when, in a sentence or two. */
  what: string;
  sponsor: AccessEnded['sponsor'];
  /** What becomes of their things, and what is next. */
  rest: string;
}

/** What to say, from what the server told and from what this tab remembers of the stay. */
export function farewell(ended: AccessEnded | null, stay: Stay | null): Farewell | null {
  if (!ended && !stay) return null;
  const org = ended?.org_name ?? stay?.org ?? '';
  const sponsor = ended ? ended.sponsor : (stay?.sponsor ?? null);
  const reason = ended?.reason ?? 'expired';
  return { org, sponsor, what: WHAT[reason](org, ended, stay), rest: rest(reason, org, ended) };
}

const WHAT: Record<
  AccessEnded['reason'],
  (org: string, ended: AccessEnded | null, stay: Stay | null) => string
> = {
  expired: (_, ended, stay) => {
    const day = stay && (!ended || ended.ended_at === stay.endsAt) ? dayjs(stay.endsOn) : null;
    if (day) return `Your last day was ${day.format('dddd D MMMM YYYY')}, as planned.`;
    return `It ended as planned${ended?.ended_at ? `, on ${instant(ended.ended_at)}` : ''}.`;
  },
  revoked: (org, ended) =>
    `Somebody at ${org} ended it${ended?.ended_at ? ` on ${instant(ended.ended_at)}` : ''}, before its last day.`,
  suspended: (org, ended) =>
    ended?.ended_at
      ? `Your account was deactivated on ${instant(ended.ended_at)}.`
      : `${org} has paused access for all guests. This isn’t about you in particular.`,
};

function rest(reason: AccessEnded['reason'], org: string, ended: AccessEnded | null): string {
  if (reason === 'suspended' && !ended?.ended_at) {
    return `Nothing is lost. As soon as ${org} opens access again, you sign in as before and find everything where you left it.`;
  }
  return `What you worked on is safe and stays with ${org}. If your access is given back, you find it as you left it, with the same password.`;
}

function instant(at: string): string {
  return clock(at).format('D MMMM YYYY [at] HH:mm');
}
