import type { AuditEvent } from '../../api/schema';

/** What matters of an event here. */
type Happened = Pick<AuditEvent, 'id' | 'at' | 'action' | 'actor_id' | 'target_type' | 'target_id'>;

/** Things somebody did one after another, of the same sort: told as one. */
export interface Doing {
  /** The latest of them. */
  event: Happened;
  count: number;
  /** Whom it was done to, where it was a person, and only one. */
  person: string | null;
}

/** Puts together what repeats itself. */
export function doingsOf(events: readonly Happened[]): Doing[] {
  const doings: Doing[] = [];
  for (const event of events) {
    const last = doings.at(-1);
    const person = isPerson(event) && event.target_id !== event.actor_id ? event.target_id : null;
    if (last?.event.action === event.action && (last.person === person || !person)) last.count += 1;
    else doings.push({ event, count: 1, person });
  }
  return doings;
}

function isPerson(event: Happened): boolean {
  return event.target_type === 'user' || event.target_type === 'guest';
}

/** What the words leave open is said by the name of the action itself. */
const WORDS: Record<string, string> = {
  'session.created': 'Signed in',
  'session.ended': 'Signed out',
  'guest.invited': 'Invited',
  'guest.claim_link_sent': 'Sent a claim link to',
  'guest.updated': 'Changed',
  'guest.access_changed': 'Changed the last day of',
  'guest.revoked': 'Revoked the access of',
  'guest.reinstated': 'Reinstated',
  'guest.deleted': 'Deleted a guest',
  'user.added': 'Added',
  'user.created': 'Added',
  'user.updated': 'Changed',
  'user.claim_link_sent': 'Sent a claim link to',
  'user.claimed': 'Claimed the account',
  'guest.claimed': 'Claimed the account',
  'user.deactivated': 'Deactivated',
  'user.activated': 'Activated',
  'user.unlocked': 'Unlocked',
  'user.deleted': 'Deleted a user',
  'user.password_changed': 'Changed the password',
  'user.password_reset': 'Set a new password',
  'record.created': 'Made a record',
  'record.updated': 'Changed a record',
  'record.deleted': 'Deleted a record',
  'record.owners_changed': 'Changed who owns a record',
  'role.created': 'Added a role',
  'role.updated': 'Changed a role',
  'role.deleted': 'Deleted a role',
  'license.created': 'Added a license',
  'license.updated': 'Changed a license',
  'license.deleted': 'Deleted a license',
  'permissions.changed': 'Changed permissions',
  'api_token.created': 'Made an API token',
  'api_token.deleted': 'Deleted an API token',
  'administration.denied': 'Tried something that isn’t allowed',
};

/** What was done, without whom it was done to. */
export function doingWords({ event }: Pick<Doing, 'event'>): string {
  const known = WORDS[event.action];
  if (known) return known;
  const plain = event.action.replaceAll(/[._]/g, ' ');
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}
