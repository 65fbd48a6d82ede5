import { Anchor, Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, data } from '../../api/client';
import type { AuditEvent } from '../../api/schema';
import { RelativeTime } from '../../components/DateText';
import { ErrorState } from '../../components/EmptyState';
import { PersonName } from '../../components/PersonName';
import classes from './Home.module.css';

const SHOWN = 6;

/** The latest of what happened in the organization. */
export function LatestEvents() {
  const latest = useQuery({
    queryKey: ['audit', 'latest'],
    queryFn: async () => {
      const page = await data(api.GET('/api/v1/audit-events', { params: { query: { limit: 50 } } }));
      return page.items as unknown as AuditEvent[];
    },
  });
  return (
    <Stack component="section" gap="sm" aria-labelledby="latest">
      <Group justify="space-between">
        <Title order={2} fz="md" id="latest">
          Latest
        </Title>
        <Anchor fz="sm" renderRoot={(props) => <Link to="/audit-log" {...props} />}>
          Audit log
        </Anchor>
      </Group>
      <Paper withBorder px="md" py={4} bg="var(--vestibule-surface)">
        {latest.isPending && <Skeleton h={180} my="sm" />}
        {latest.error && <ErrorState error={latest.error} onRetry={() => void latest.refetch()} />}
        {latest.data && (
          <ul className={classes.events}>
            {worthTelling(latest.data).map((event) => (
              <li key={event.id}>
                <span>
                  <Sentence event={event} />
                </span>
                <Text span fz="sm" c="dimmed">
                  <RelativeTime value={event.at} />
                </Text>
              </li>
            ))}
          </ul>
        )}
      </Paper>
    </Stack>
  );
}

/** People coming and going is no news, unless there is nothing else. */
function worthTelling(events: AuditEvent[]): AuditEvent[] {
  const news = events.filter((event) => !event.action.startsWith('session.'));
  return (news.length >= SHOWN ? news : events).slice(0, SHOWN);
}

function Sentence({ event }: { event: AuditEvent }) {
  const onPerson = event.target_id && (event.target_type === 'guest' || event.target_type === 'user');
  const self = event.target_id === event.actor_id;
  return (
    <>
      <b>
        {event.actor_kind === 'user' ? (
          <PersonName id={event.actor_id} none="Somebody" />
        ) : event.actor_kind === 'service' ? (
          'A service'
        ) : (
          'Vestibule'
        )}
      </b>{' '}
      {verb(event.action)}
      {onPerson && !self && (
        <>
          {' '}
          <PersonName id={event.target_id} link />
        </>
      )}
    </>
  );
}

/** What was done, so that whom it was done to can follow. */
const VERBS: Record<string, string> = {
  'guest.invited': 'invited',
  'guest.claim_link_sent': 'sent a new invitation to',
  'guest.claimed': 'claimed the account',
  'guest.updated': 'changed',
  'guest.access_changed': 'changed the last day of',
  'guest.revoked': 'revoked the access of',
  'guest.reinstated': 'gave access back to',
  'guest.expired': 'ended the access, now that it was over, of',
  'guest.deleted': 'deleted the guest',
  'user.created': 'added',
  'user.claim_link_sent': 'sent a new invitation to',
  'user.claimed': 'claimed the account',
  'user.updated': 'changed',
  'user.deactivated': 'deactivated',
  'user.activated': 'activated',
  'user.unlocked': 'unlocked',
  'user.deleted': 'deleted the user',
  'user.password_changed': 'changed the password',
  'session.created': 'signed in',
  'session.ended': 'signed out',
  'session.refused': 'refused a sign-in of',
  'permissions.changed': 'changed permissions',
  'records.bulk': 'changed many records',
  'records.handed_over': 'handed over the records of',
  'administration.denied': 'tried something that isn’t allowed',
};

/** `license.created` → `created a license`. */
function verb(action: string): string {
  const known = VERBS[action];
  if (known) return known;
  const [thing = '', what = ''] = action.replaceAll('_', ' ').split('.');
  const article = /^[aeio]/.test(thing) ? 'an' : 'a';
  return `${what} ${thing === 'org' ? 'the organization' : `${article} ${thing}`}`;
}
