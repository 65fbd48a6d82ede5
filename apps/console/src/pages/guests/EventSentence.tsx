import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { AuditEvent } from '../../api/schema';
import { dateWords } from '../../components/DateText';
import { PersonName } from '../../components/PersonName';
import type { Episode } from './episodes';

/** How ids are called, for what is named by id in the log. */
export interface EventNames {
  profiles: ReadonlyMap<string, string>;
  roles: ReadonlyMap<string, string>;
  licenses: ReadonlyMap<string, string>;
}

interface Change {
  before?: unknown;
  after?: unknown;
}

/** One thing that happened, as a sentence with who did it. */
export function EventSentence({ episode, names }: { episode: Episode; names: EventNames }) {
  const { event, count } = episode;
  return (
    <Text fz="sm" component="span">
      <Actor event={event} /> {words(event, count, names)}
    </Text>
  );
}

function Actor({ event }: { event: AuditEvent }) {
  if (event.actor_kind === 'user') return <b>{<PersonName id={event.actor_id} none="Somebody" />}</b>;
  if (event.on_behalf_of) {
    return (
      <>
        <b>A service</b> for <PersonName id={event.on_behalf_of} />
      </>
    );
  }
  return <b>{event.actor_kind === 'service' ? 'A service' : 'Vestibule'}</b>;
}

function words(event: AuditEvent, count: number, names: EventNames): ReactNode {
  const ends = changeOf(event, 'access_ends_on');
  const times = count > 1 ? ` ${count.toLocaleString()} times` : '';
  switch (event.action) {
    case 'guest.invited':
      return `invited this guest${until(ends)}${named(' on the profile ', changeOf(event, 'profile_id'), names.profiles)}.`;
    case 'guest.claim_link_sent':
      return `made a new invitation${times}.`;
    case 'guest.claimed':
      return 'accepted the invitation.';
    case 'guest.access_changed':
      return `${isEarlier(ends) ? 'shortened' : 'extended'} access${until(ends)}${instead(ends)}.`;
    case 'guest.updated':
      return `changed ${changedFields(event)}.`;
    case 'guest.revoked':
      return 'revoked access.';
    case 'guest.reinstated':
      return `gave access back${until(ends)}.`;
    case 'guest.expired':
      return 'ended access: the last day was over.';
    case 'guest.deleted':
      return 'deleted this guest.';
    case 'session.created':
      return count > 1 ? `signed in${times}.` : 'signed in.';
    case 'session.ended':
      return `signed out${times}.`;
    case 'session.refused':
      return `refused a sign-in${times}.`;
    case 'user.password_changed':
      return 'changed the password.';
    case 'user.password_change_refused':
      return 'tried to change the password with a wrong one.';
    case 'user.password_reset_requested':
      return 'sent a link to reset the password.';
    case 'user.password_reset':
      return 'set a new password with a reset link.';
    case 'api_token.created':
      return 'made an API token.';
    case 'api_token.deleted':
      return 'deleted an API token.';
    case 'record.created':
      return count > 1 ? `made ${count.toLocaleString()} records.` : 'made a record.';
    case 'record.deleted':
      return count > 1 ? `deleted ${count.toLocaleString()} records.` : 'deleted a record.';
    case 'record.owners_changed':
      return `changed who owns ${count > 1 ? `${count.toLocaleString()} records` : 'a record'}.`;
    case 'administration.denied':
      return `tried something that isn’t allowed${times}.`;
    default:
      return `${event.action.replace('.', ' ').replaceAll('_', ' ')}${times}.`;
  }
}

function changeOf(event: AuditEvent, field: string): Change {
  const change = (event.changes as Record<string, unknown>)[field];
  return typeof change === 'object' && change !== null ? (change as Change) : {};
}

function until({ after }: Change): string {
  return typeof after === 'string' ? ` until ${dateWords(after)}` : '';
}

function instead({ before }: Change): string {
  return typeof before === 'string' ? ` instead of ${dateWords(before)}` : '';
}

function isEarlier({ before, after }: Change): boolean {
  return typeof before === 'string' && typeof after === 'string' && after < before;
}

function named(before: string, { after }: Change, known: ReadonlyMap<string, string>): string {
  const name = typeof after === 'string' ? known.get(after) : undefined;
  return name ? `${before}${name}` : '';
}

/** What fields are called. */
const FIELDS: Record<string, string> = {
  first_name: 'first name',
  last_name: 'last name',
  email: 'email',
  profile_id: 'profile',
  role_id: 'role',
  license_id: 'license',
  sponsor_id: 'sponsor',
  reason: 'reason',
  sign_in: 'way to sign in',
  external_id: 'external ID',
};

function changedFields(event: AuditEvent): string {
  const fields = Object.keys(event.changes).flatMap((field) => FIELDS[field] ?? []);
  if (fields.length === 0) return 'something about this guest';
  return `the ${new Intl.ListFormat('en-GB').format(fields)}`;
}

/** What exactly changed: a line per field, before and after; the reason for revoking. */
export function EventDetails({ event, names }: { event: AuditEvent; names: EventNames }) {
  if (event.action === 'guest.revoked') {
    const { after } = changeOf(event, 'revoke_reason');
    return typeof after === 'string' ? <Line>“{after}”</Line> : null;
  }
  if (event.action !== 'guest.updated' && event.action !== 'guest.access_changed') return null;
  return Object.keys(event.changes)
    .filter((field) => FIELDS[field])
    .map((field) => {
      const { before, after } = changeOf(event, field);
      return (
        <Line key={field}>
          {FIELDS[field]}: {value(field, before, names)} → {value(field, after, names)}
        </Line>
      );
    });
}

function Line({ children }: { children: ReactNode }) {
  return (
    <Text fz="xs" c="dimmed" component="div">
      {children}
    </Text>
  );
}

function value(field: string, given: unknown, names: EventNames): ReactNode {
  if (typeof given !== 'string' || given === '') return 'none';
  switch (field) {
    case 'profile_id':
      return names.profiles.get(given) ?? 'a deleted profile';
    case 'role_id':
      return names.roles.get(given) ?? 'a deleted role';
    case 'license_id':
      return names.licenses.get(given) ?? 'a deleted license';
    case 'sponsor_id':
      return <PersonName id={given} />;
    default:
      return given;
  }
}
