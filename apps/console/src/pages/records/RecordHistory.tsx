import { Box, Button, Skeleton, Text, Timeline } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { api, data, type Page } from '../../api/client';
import type { NamedRecord } from '../../api/records';
import type { AuditEvent, CustomObject } from '../../api/schema';
import { RelativeTime } from '../../components/DateText';
import { EmptyState, ErrorState } from '../../components/EmptyState';
import { PersonName } from '../../components/PersonName';
import { useList } from '../../components/useList';

interface Props {
  object: CustomObject;
  record: NamedRecord;
}

const WORDS: { [action: string]: string } = {
  'record.created': 'added it',
  'record.owners_changed': 'changed its owners',
  'record.deleted': 'deleted it',
  'records.handed_over': 'handed it over',
};

/** What the audit log tells of a record: who made it, and whose it was. Values are never in it. */
export function RecordHistory({ object, record }: Props) {
  const list = useList<AuditEvent>(
    ['audit', 'target', record.id],
    (cursor, count) =>
      data(
        api.GET('/api/v1/audit-events', {
          params: { query: { target_id: record.id, cursor, count, limit: 50 } },
        }),
      ) as Promise<Page<AuditEvent>>,
  );
  if (list.error) return <ErrorState error={list.error} onRetry={list.retry} />;
  if (list.isPending) return <Skeleton h={160} radius="md" />;
  const note = `The audit log keeps who added and deleted a ${object.singular.toLowerCase()} and who owned it, never its values.`;
  if (list.items.length === 0) {
    return (
      <EmptyState icon={IconHistory} title="Nothing has been written down yet">
        {note} This one was part of a larger import.
      </EmptyState>
    );
  }
  return (
    <Box maw={640}>
      <Timeline bulletSize={14} lineWidth={2}>
        {list.items.map((event) => (
          <Timeline.Item
            key={event.id}
            title={
              <Text fz="sm" component="div">
                <b>{event.actor_id ? <PersonName id={event.actor_id} /> : 'The system'}</b>{' '}
                {WORDS[event.action] ?? event.action}
              </Text>
            }
          >
            <Owners event={event} />
            <Text fz="xs" c="dimmed">
              <RelativeTime value={event.at} />
            </Text>
          </Timeline.Item>
        ))}
      </Timeline>
      {list.hasMore && (
        <Button variant="default" size="xs" mt="md" loading={list.isLoadingMore} onClick={list.loadMore}>
          Show more
        </Button>
      )}
      <Text fz="xs" c="dimmed" mt="lg">
        {note}
      </Text>
    </Box>
  );
}

/** Whose it was before and after. */
function Owners({ event }: { event: AuditEvent }) {
  const owners = (event.changes as { owners?: unknown }).owners;
  if (typeof owners !== 'object' || owners === null) return null;
  const { before, after } = Array.isArray(owners)
    ? { before: undefined, after: owners }
    : (owners as { before?: unknown; after?: unknown });
  return (
    <Text fz="sm" c="dimmed" component="div">
      {Array.isArray(before) && (
        <>
          <People ids={before} /> →{' '}
        </>
      )}
      {Array.isArray(after) && <People ids={after} />}
    </Text>
  );
}

function People({ ids }: { ids: unknown[] }) {
  if (ids.length === 0) return <>nobody</>;
  return ids.map((id, index) => (
    <span key={String(id)}>
      {index > 0 && ', '}
      <PersonName id={String(id)} />
    </span>
  ));
}
