import type { AuditEvent } from '../../api/schema';
import { changeOf, changesOf } from './changes';

/** A piece of a sentence: words, or something that has a name and perhaps a page. */
export type Part =
  | string
  | { kind: 'actor' }
  | { kind: 'target' }
  | { kind: 'person'; id: string }
  | { kind: 'day'; date: string };

const ACTOR: Part = { kind: 'actor' };
const TARGET: Part = { kind: 'target' };

type Words = (event: AuditEvent) => Part[];

/** "‹actor› did something to ‹target›". */
const did =
  (verb: string, after = ''): Words =>
  () => [ACTOR, ` ${verb} `, TARGET, after];

const SENTENCES: Record<string, Words> = {
  'guest.invited': (event) => [ACTOR, ' invited ', TARGET, ...until(event, ' until ')],
  'guest.claim_link_sent': (event) => invitedAgain(event),
  'guest.claimed': () => [TARGET, ' accepted the invitation'],
  'guest.updated': (event) => changed(event),
  'guest.access_changed': (event) => moved(event),
  'guest.revoked': (event) => [ACTOR, ' revoked ', TARGET, '’s access', ...because(event)],
  'guest.reinstated': (event) => [ACTOR, ' gave ', TARGET, ' access again', ...until(event, ' until ')],
  'guest.expired': () => [TARGET, '’s access ended as planned'],
  'guest.deleted': did('deleted the guest'),

  'user.created': did('added the user'),
  'user.claim_link_sent': (event) => invitedAgain(event),
  'user.claimed': () => [TARGET, ' accepted the invitation'],
  'user.updated': (event) => changed(event),
  'user.deactivated': did('deactivated'),
  'user.activated': did('activated', ' again'),
  'user.unlocked': did('unlocked'),
  'user.deleted': did('deleted the user'),
  'users.imported': (event) => [ACTOR, ` imported ${count(changeOf(event, 'count').after, 'user')}`],

  'session.created': () => [TARGET, ' signed in'],
  'session.ended': () => [TARGET, ' signed out'],
  'session.refused': (event) => refused(event),
  'user.password_changed': () => [TARGET, ' changed their password'],
  'user.password_change_refused': (event) => [TARGET, ' was refused a new password', why(event)],
  'user.password_reset_requested': (event) => [
    'A link for a new password was asked for',
    ...(event.target_id ? [' for ', TARGET] : [' for an unknown address']),
  ],
  'user.password_reset': () => [TARGET, ' chose a new password with a mailed link'],
  'api_token.created': did('made the API token'),
  'api_token.deleted': did('deleted the API token'),

  'org.created': () => ['The organization was created'],
  'org.updated': (event) => settings(event),
  'license.created': did('added the license'),
  'license.updated': (event) => changed(event, 'the license '),
  'license.deleted': did('deleted the license'),

  'permissions.changed': () => [ACTOR, ' changed what ', TARGET, ' permits'],
  'profile.created': did('added the profile'),
  'profile.updated': (event) => changed(event, 'the profile '),
  'profile.deleted': did('deleted the profile'),
  'role.created': did('added the role'),
  'role.updated': (event) =>
    'parent_id' in changes(event) ? [ACTOR, ' moved the role ', TARGET] : changed(event, 'the role '),
  'role.deleted': did('deleted the role'),
  'administration.denied': (event) => [ACTOR, ' was refused: ', denied(event)],

  'object.created': did('added the object'),
  'object.updated': (event) => changed(event, 'the object '),
  'object.deleted': did('deleted the object'),
  'object.ownership_changed': did('changed which fields own the records of'),
  'field.added': (event) => [ACTOR, ` added the field ${field(event)} to `, TARGET],
  'field.updated': (event) => [ACTOR, ` changed the field ${field(event)} of `, TARGET],
  'field.removed': (event) => [ACTOR, ` removed the field ${field(event)} from `, TARGET],

  'record.created': did('created'),
  'record.owners_changed': did('changed who owns'),
  'record.deleted': did('deleted'),
  'records.bulk': (event) => [ACTOR, ` ${bulk(event)} of `, TARGET, ' at once'],
  'records.handed_over': (event) => handedOver(event),
};

/** What happened, as a sentence in pieces. */
export function sentenceOf(event: AuditEvent): Part[] {
  const words = SENTENCES[event.action];
  const parts = words ? words(event) : [ACTOR, `: ${event.action} `, ...(event.target_id ? [TARGET] : [])];
  return parts.filter((part) => part !== '');
}

function changes(event: AuditEvent): Record<string, unknown> {
  return event.changes as Record<string, unknown>;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function until(event: AuditEvent, word: string): Part[] {
  const date = text(changeOf(event, 'access_ends_on').after);
  return date ? [word, { kind: 'day', date }] : [];
}

function because(event: AuditEvent): Part[] {
  const reason = text(changeOf(event, 'revoke_reason').after);
  return reason ? [`: “${reason}”`] : [];
}

function invitedAgain(event: AuditEvent): Part[] {
  return changes(event).deliver === 'response'
    ? [ACTOR, ' copied a new invitation link for ', TARGET]
    : [ACTOR, ' sent ', TARGET, ' the invitation again'];
}

function moved(event: AuditEvent): Part[] {
  const { before, after } = changeOf(event, 'access_ends_on');
  if (typeof before !== 'string' || typeof after !== 'string')
    return [ACTOR, ' changed ', TARGET, '’s access'];
  return [
    ACTOR,
    after > before ? ' extended ' : ' shortened ',
    TARGET,
    '’s access to ',
    { kind: 'day', date: after },
  ];
}

/** Fields that stand in a sentence by a shorter word than in the table. */
const SHORT: Record<string, string> = {
  first_name: 'name',
  last_name: 'name',
  profile_id: 'profile',
  role_id: 'role',
  license_id: 'license',
  sponsor_id: 'sponsor',
  sponsor_missing: 'sponsor',
  external_id: 'external id',
  time_zone: 'time zone',
  locale: 'language',
  notifications: 'choice of mails',
};

function fieldsOf(event: AuditEvent): string {
  const names = changesOf(event)
    .filter(({ isFact }) => !isFact)
    .map(({ path }) => path.split('.')[0] ?? path);
  const words = [...new Set(names.map((name) => SHORT[name] ?? name.replaceAll('_', ' ')))];
  if (words.length > 3) return `${words.length} things`;
  return words.length > 1
    ? `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
    : (words[0] ?? 'something');
}

function changed(event: AuditEvent, noun = ''): Part[] {
  if (event.actor_id !== null && event.actor_id === event.target_id) {
    return [ACTOR, ` changed their own ${fieldsOf(event)}`];
  }
  return [ACTOR, ` changed the ${fieldsOf(event)} of ${noun}`, TARGET];
}

function settings(event: AuditEvent): Part[] {
  const { after } = changeOf(event, 'guest_access');
  if (after === false) return [ACTOR, ' shut out every guest'];
  if (after === true) return [ACTOR, ' let guests in again'];
  return [ACTOR, ` changed the organization’s ${fieldsOf(event)}`];
}

const REASONS: Record<string, string> = {
  wrong_password: 'wrong password',
  locked: 'locked after too many wrong passwords',
  unknown_email: 'no such person',
  no_password: 'no password set',
  expired: 'access has ended',
  revoked: 'access is revoked',
  not_claimed: 'not joined yet',
  deactivated: 'deactivated',
  guest_access_off: 'guests are shut out',
  passwords_not_for_guests: 'guests may not use passwords',
};

function why(event: AuditEvent): string {
  const reason = text(changes(event).reason);
  return reason ? `: ${REASONS[reason] ?? reason.replaceAll('_', ' ')}` : '';
}

function refused(event: AuditEvent): Part[] {
  return event.target_id ? [TARGET, ' was not let in', why(event)] : ['Somebody was not let in', why(event)];
}

function denied(event: AuditEvent): string {
  const code = text(changes(event).code)?.replaceAll('_', ' ');
  const route = text(changes(event).route);
  return [route, code && `(${code})`].filter(Boolean).join(' ') || 'something beyond their power';
}

function field(event: AuditEvent): string {
  const label = changeOf(event, 'label');
  const key = changeOf(event, 'field');
  return `“${text(label.after) ?? text(label.before) ?? text(key.after) ?? text(key.before) ?? '?'}”`;
}

function count(value: unknown, noun: string): string {
  const many = Number(value);
  return many === 1 ? `1 ${noun}` : `${many.toLocaleString('en-GB')} ${noun}s`;
}

function bulk(event: AuditEvent): string {
  const parts = ['created', 'updated', 'deleted']
    .filter((what) => Number(changes(event)[what]) > 0)
    .map((what) => `${what} ${Number(changes(event)[what]).toLocaleString('en-GB')}`);
  return `${parts.join(' and ') || 'changed'} records`;
}

function handedOver(event: AuditEvent): Part[] {
  const { before, after } = changeOf(event, 'owner');
  const from: Part[] = text(before) ? [' from ', { kind: 'person', id: String(before) }] : [];
  const to: Part[] = text(after) ? [' to ', { kind: 'person', id: String(after) }] : [' to nobody'];
  return [ACTOR, ` handed over ${count(changes(event).records, 'record')} of `, TARGET, ...from, ...to];
}
