import { Box, Loader, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import dayjs from 'dayjs';
import { useEffect, useMemo, useRef } from 'react';
import { api, data, type Page } from '../../api/client';
import type { AuditEvent } from '../../api/schema';
import { clock, momentOf } from '../../components/clock';
import { EmptyState, ErrorState } from '../../components/EmptyState';
import { writtenDay } from '../../components/fields/writtenDay';
import { PageHeader } from '../../components/PageHeader';
import { type List, useList } from '../../components/useList';
import { useListState } from '../../components/useListState';
import { AuditFilters } from './AuditFilters';
import classes from './AuditLog.module.css';
import { AuditRow } from './AuditRow';

/** Everything that happened, newest first. */
export function AuditLogPage() {
  const state = useListState({ sort: '' });
  const filters = queryOf(state.filters(['actor_id', 'target_id', 'action', 'since', 'until']));
  const list = useList(['audit', filters], (cursor, count) =>
    pageOf({ ...filters, cursor, count, limit: 50 }),
  );
  const filtered = Object.keys(filters).length > 0;
  return (
    <Stack gap="md" maw={1040}>
      {/* A verdict on the chain of the log has its place in `badges`, once the API gives one. */}
      <PageHeader
        title="Audit log"
        description="Who did what, and when. Nothing in it can be changed, by anybody."
      />
      <AuditFilters state={state} total={list.total} />
      <Events list={list} filtered={filtered} />
    </Stack>
  );
}

async function pageOf(
  query: Record<string, string | number | boolean | undefined>,
): Promise<Page<AuditEvent>> {
  // What an event changed is open, and the client's types make nothing of an open object.
  return (await data(api.GET('/api/v1/audit-events', { params: { query } }))) as Page<AuditEvent>;
}

/** Days in the URL, instants for the server: from the start of the first to the end of the last. */
function queryOf({ since, until, ...rest }: Record<string, string>): Record<string, string> {
  const first = since && writtenDay(since);
  const last = until && writtenDay(until);
  return {
    ...rest,
    ...(first && { since: momentOf(`${first} 00:00`).toISOString() }),
    ...(last && { until: momentOf(`${last} 00:00`).add(1, 'day').toISOString() }),
  };
}

function Events({ list, filtered }: { list: List<AuditEvent>; filtered: boolean }) {
  const days = useMemo(() => byDay(list.items), [list.items]);
  const end = useRef<HTMLDivElement>(null);
  const { loadMore } = list;
  useEffect(() => {
    const seen = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) loadMore();
      },
      { rootMargin: '600px' },
    );
    if (end.current) seen.observe(end.current);
    return () => seen.disconnect();
  }, [loadMore]);
  if (list.error && list.items.length === 0) return <ErrorState error={list.error} onRetry={list.retry} />;
  if (list.isPending) return <Waiting />;
  if (list.items.length === 0) {
    return (
      <EmptyState
        icon={IconHistory}
        title={filtered ? 'Nothing like that happened' : 'Nothing has happened yet'}
      >
        {filtered && 'Other filters, or a longer time, may show more.'}
      </EmptyState>
    );
  }
  return (
    <Box component="section" aria-label="Events" opacity={list.isStale ? 0.55 : 1}>
      {days.map(({ day, events }) => (
        <Box key={events[0]?.id} mb="md">
          <Title order={2} className={classes.day}>
            {dayWords(day)}
          </Title>
          <ol className={classes.events}>
            {events.map((event) => (
              <AuditRow key={event.id} event={event} />
            ))}
          </ol>
        </Box>
      ))}
      <Box ref={end} mih={40} ta="center">
        {list.isLoadingMore && <Loader size="xs" aria-label="Loading more" />}
        {list.error ? <ErrorState error={list.error} onRetry={list.retry} /> : null}
        {!list.hasMore && (
          <Text c="dimmed" fz="xs">
            That’s all
          </Text>
        )}
      </Box>
    </Box>
  );
}

function Waiting() {
  return (
    <Stack gap="xs" aria-busy="true" role="status" aria-label="Loading events">
      {['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((row) => (
        <Skeleton key={row} h={44} />
      ))}
    </Stack>
  );
}

function byDay(events: AuditEvent[]): { day: string; events: AuditEvent[] }[] {
  const days: { day: string; events: AuditEvent[] }[] = [];
  for (const event of events) {
    const day = clock(event.at).format('YYYY-MM-DD');
    const last = days.at(-1);
    if (last?.day === day) last.events.push(event);
    else days.push({ day, events: [event] });
  }
  return days;
}

function dayWords(day: string): string {
  const ago = dayjs(clock().format('YYYY-MM-DD')).diff(dayjs(day), 'day');
  const date = dayjs(day).format('dddd D MMMM YYYY');
  if (ago === 0) return `Today, ${date}`;
  return ago === 1 ? `Yesterday, ${date}` : date;
}
