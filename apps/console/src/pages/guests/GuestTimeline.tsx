import { Button, Skeleton, Stack, Text, Timeline } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCalendarMinus,
  IconCalendarPlus,
  IconCircleDot,
  IconClockOff,
  IconDoorEnter,
  IconKey,
  IconLogin,
  IconLogout,
  IconMail,
  IconPencil,
  IconRestore,
  IconTable,
  IconTrash,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo } from 'react';
import { licensesQuery, profilesQuery, rolesQuery } from '../../api/queries';
import type { AuditEvent, Guest } from '../../api/schema';
import { can, useSession } from '../../api/session';
import { instantWords, RelativeTime } from '../../components/DateText';
import { ErrorState } from '../../components/EmptyState';
import { PersonName } from '../../components/PersonName';
import { EventDetails, type EventNames, EventSentence } from './EventSentence';
import { useHistory } from './history';

/** Everything that happened to a guest; as far as the facts tell for who may not read the audit log. */
export function GuestTimeline({ guest }: { guest: Guest }) {
  const session = useSession();
  return can(session, 'view_audit') ? <LoggedTimeline guest={guest} /> : <TimelineOfFacts guest={guest} />;
}

function LoggedTimeline({ guest }: { guest: Guest }) {
  const history = useHistory(guest.id, true);
  const names = useEventNames();
  if (history.isPending) {
    return (
      <Stack gap="md" aria-busy>
        {[1, 2, 3, 4].map((line) => (
          <Skeleton key={line} h={32} />
        ))}
      </Stack>
    );
  }
  if (history.error) return <ErrorState error={history.error} onRetry={history.retry} />;
  return (
    <Stack gap="md" align="flex-start">
      <Line>
        {history.episodes.map((episode) => {
          const Icon = iconOf(episode.event);
          return (
            <Timeline.Item
              role="listitem"
              className="words"
              key={episode.event.id}
              bullet={<Icon size={14} aria-hidden />}
            >
              <EventSentence episode={episode} names={names} />
              <EventDetails event={episode.event} names={names} />
              <When at={episode.event.at} since={episode.count > 1 ? episode.since : undefined} />
            </Timeline.Item>
          );
        })}
      </Line>
      {history.hasMore && (
        <Button variant="default" size="xs" onClick={history.loadMore} loading={history.isLoadingMore}>
          Show earlier events
        </Button>
      )}
    </Stack>
  );
}

function TimelineOfFacts({ guest }: { guest: Guest }) {
  const facts: { at: string; icon: typeof IconMail; words: ReactNode }[] = [];
  const add = (at: string | null, icon: typeof IconMail, words: ReactNode) => {
    if (at && Date.parse(at) <= Date.now()) facts.push({ at, icon, words });
  };
  add(
    guest.created_at,
    IconMail,
    <>
      <b>{guest.first_name}</b> was invited.
    </>,
  );
  add(
    guest.claimed_at,
    IconDoorEnter,
    <>
      <b>{guest.first_name}</b> accepted the invitation.
    </>,
  );
  if (guest.last_sign_in_at !== guest.claimed_at) {
    add(
      guest.last_sign_in_at,
      IconLogin,
      <>
        <b>{guest.first_name}</b> signed in, the last time so far.
      </>,
    );
  }
  if (guest.status === 'expired')
    add(guest.access_ends_at, IconClockOff, <>Access ended: the last day was over.</>);
  add(
    guest.revoked_at,
    IconLogout,
    <>
      <b>
        <PersonName id={guest.revoked_by} none="Somebody" />
      </b>{' '}
      revoked access.
    </>,
  );
  facts.sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  return (
    <Line>
      {facts.map(({ at, icon: Icon, words }) => (
        <Timeline.Item role="listitem" key={at} bullet={<Icon size={14} aria-hidden />}>
          <Text fz="sm" component="span">
            {words}
          </Text>
          <When at={at} />
        </Timeline.Item>
      ))}
    </Line>
  );
}

function Line({ children }: { children: ReactNode }) {
  return (
    <Timeline bulletSize={28} lineWidth={2} color="moss" w="100%" role="list" aria-label="Timeline">
      {children}
    </Timeline>
  );
}

function When({ at, since }: { at: string; since?: string }) {
  return (
    <Text fz="xs" c="dimmed" mt={2} component="div">
      <RelativeTime value={at} /> · {since && `${instantWords(since)} to `}
      {instantWords(at)}
    </Text>
  );
}

function useEventNames(): EventNames {
  const { data: profiles = [] } = useQuery(profilesQuery);
  const { data: roles = [] } = useQuery(rolesQuery);
  const { data: licenses = [] } = useQuery(licensesQuery);
  return useMemo(() => {
    const byId = (things: { id: string; name: string }[]) =>
      new Map(things.map(({ id, name }) => [id, name]));
    return { profiles: byId(profiles), roles: byId(roles), licenses: byId(licenses) };
  }, [profiles, roles, licenses]);
}

const ICONS: Record<string, typeof IconMail> = {
  'guest.invited': IconMail,
  'guest.claim_link_sent': IconMail,
  'guest.claimed': IconDoorEnter,
  'guest.updated': IconPencil,
  'guest.revoked': IconLogout,
  'guest.reinstated': IconRestore,
  'guest.expired': IconClockOff,
  'guest.deleted': IconTrash,
  'session.created': IconLogin,
  'session.ended': IconLogout,
  'session.refused': IconAlertTriangle,
  'administration.denied': IconAlertTriangle,
};

function iconOf(event: AuditEvent): typeof IconMail {
  if (event.action === 'guest.access_changed') {
    const { before, after } =
      (event.changes as { access_ends_on?: { before?: string; after?: string } }).access_ends_on ?? {};
    return before && after && after < before ? IconCalendarMinus : IconCalendarPlus;
  }
  const known = ICONS[event.action];
  if (known) return known;
  if (event.action.startsWith('user.password')) return IconKey;
  return event.action.startsWith('record') ? IconTable : IconCircleDot;
}
