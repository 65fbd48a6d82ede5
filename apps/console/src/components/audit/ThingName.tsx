import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, type LinkProps } from '@tanstack/react-router';
import { licensesQuery, objectsQuery, profilesQuery, rolesQuery } from '../../api/queries';
import type { AuditEvent } from '../../api/schema';
import { canAny, useSession } from '../../api/session';
import { article } from '../article';
import { PersonName } from '../PersonName';
import classes from '../PersonName.module.css';
import { changeOf } from './changes';

interface Props {
  event: AuditEvent;
  link: boolean;
}

/** What a thing is called when nothing else is known of it. */
const NOUNS: Record<string, string> = {
  role: 'a role',
  profile: 'a profile',
  license: 'a license',
  object: 'an object',
  api_token: 'an API token',
};

/** The name of what an event is about, leading to its page. */
export function ThingName({ event, link }: Props) {
  const { target_type: type, target_id: id } = event;
  const name = useThingName(event);
  if (type === 'guest' || type === 'user') {
    return (
      <Text span inherit fw={550}>
        <PersonName id={id} link={link} />
      </Text>
    );
  }
  if (type === 'org') return 'the organization';
  if (type === 'record') return <RecordName event={event} link={link} />;
  if (name === undefined) return NOUNS[type ?? ''] ?? type ?? 'something';
  const to = link && !event.action.endsWith('.deleted') ? pageOf(event) : null;
  return (
    <Text span inherit fw={550}>
      {to ? (
        <Link {...to} className={classes.link}>
          {name}
        </Link>
      ) : (
        name
      )}
    </Text>
  );
}

function useThingName(event: AuditEvent): string | undefined {
  const session = useSession();
  const { target_type: type, target_id: id } = event;
  const reads = canAny(session, ['manage_users', 'manage_guests', 'manage_access']);
  const seats = reads || canAny(session, ['manage_org']);
  const { data: roles } = useQuery({ ...rolesQuery, enabled: type === 'role' && reads });
  const { data: profiles } = useQuery({ ...profilesQuery, enabled: type === 'profile' && reads });
  const { data: licenses } = useQuery({ ...licensesQuery, enabled: type === 'license' && seats });
  const { data: objects } = useQuery({ ...objectsQuery, enabled: type === 'object' });
  // The name that it had then goes before the one that it has now.
  const told = changeOf(event, 'name');
  if (typeof told.after === 'string') return told.after;
  if (typeof told.before === 'string') return told.before;
  const plural = changeOf(event, 'plural');
  const now =
    (type === 'role' && roles?.find((one) => one.id === id)?.name) ||
    (type === 'profile' && profiles?.find((one) => one.id === id)?.name) ||
    (type === 'license' && licenses?.find((one) => one.id === id)?.name) ||
    (type === 'object' && objects?.find((one) => one.id === id)?.plural);
  if (now) return now;
  for (const known of [plural.after, plural.before, changeOf(event, 'object').after]) {
    if (typeof known === 'string') return known;
  }
  return undefined;
}

function RecordName({ event, link }: Props) {
  const { data: objects } = useQuery(objectsQuery);
  const key = changeOf(event, 'object').after;
  const object = objects?.find((one) => one.key === key);
  const noun = (object?.singular ?? (typeof key === 'string' ? key : 'record')).toLowerCase();
  const words = `${article(noun)} ${noun}`;
  if (!link || !object || !event.target_id || event.action === 'record.deleted') return words;
  return (
    <Link
      to="/records/$objectKey/$recordId"
      params={{ objectKey: object.key, recordId: event.target_id }}
      className={classes.link}
    >
      {words}
    </Link>
  );
}

function pageOf({ target_type: type, target_id: id }: AuditEvent): LinkProps | null {
  if (type === 'role') return { to: '/roles' };
  if (type === 'license') return { to: '/licenses' };
  if (type === 'profile' && id) return { to: '/access-control/$profileId', params: { profileId: id } };
  return type === 'object' ? { to: '/objects' } : null;
}
