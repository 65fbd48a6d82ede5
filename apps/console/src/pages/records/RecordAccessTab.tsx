import { Badge, Group, SegmentedControl, Stack, Text, TextInput, Tooltip } from '@mantine/core';
import { IconSearch, IconUserQuestion } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { api, data } from '../../api/client';
import type { NamedRecord } from '../../api/records';
import type { CustomObject, RecordAccess, RecordAccessReason } from '../../api/schema';
import { type Column, DataTable } from '../../components/DataTable';
import { EmptyState } from '../../components/EmptyState';
import { PersonAvatar } from '../../components/PersonName';
import { useList } from '../../components/useList';
import { reasonWords } from '../../components/why/explain';
import { Mark } from '../../components/why/WhyAnswer';
import { WhyButton } from '../../components/why/WhyButton';

interface Props {
  object: CustomObject;
  record: NamedRecord;
}

const COLUMNS: Column<RecordAccess>[] = [
  {
    key: 'name',
    title: 'Person',
    width: 240,
    cell: (person) => (
      <Group gap="sm" wrap="nowrap">
        <PersonAvatar name={person.name} />
        <Text fz="sm" fw={550} truncate>
          {person.name}
        </Text>
        {person.kind === 'guest' && (
          <Badge variant="default" size="sm" tt="none" fw={500}>
            Guest
          </Badge>
        )}
      </Group>
    ),
  },
  { key: 'view', title: 'See', width: 200, cell: ({ actions }) => <Reason reason={actions.view} /> },
  { key: 'edit', title: 'Edit', width: 200, cell: ({ actions }) => <Reason reason={actions.edit} /> },
  { key: 'delete', title: 'Delete', width: 200, cell: ({ actions }) => <Reason reason={actions.delete} /> },
];

/** Everybody who reaches a record, what they may do with it, and by which rule. */
export function RecordAccessTab({ object, record }: Props) {
  const [action, setAction] = useState<'any' | 'view' | 'edit' | 'delete'>('any');
  const [typed, setTyped] = useState('');
  const list = useList<RecordAccess>(['record-access', object.key, record.id, action], (cursor, count) =>
    data(
      api.GET('/api/v1/objects/{key}/records/{id}/access', {
        params: {
          path: { key: object.key, id: record.id },
          query: { action: action === 'any' ? undefined : action, cursor, count, limit: 200 },
        },
      }),
    ),
  );
  const words = typed.trim().toLowerCase();
  const found = useMemo(
    () => (words ? list.items.filter(({ name }) => name.toLowerCase().includes(words)) : list.items),
    [list.items, words],
  );
  const singular = object.singular.toLowerCase();
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <TextInput
          type="search"
          aria-label="Search the people who are loaded"
          placeholder="Search by name"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <SegmentedControl
          aria-label="What they may do"
          value={action}
          onChange={(next) => setAction(next as typeof action)}
          data={[
            { value: 'any', label: 'Anything' },
            { value: 'view', label: 'See' },
            { value: 'edit', label: 'Edit' },
            { value: 'delete', label: 'Delete' },
          ]}
        />
        <Group gap="sm" ml="auto">
          {list.total !== undefined && (
            <Text fz="sm" c="dimmed" role="status" className="tabular">
              {list.total.toLocaleString()} {list.total === 1 ? 'person' : 'people'}
            </Text>
          )}
          <WhyButton
            object={object.key}
            record={record.id}
            leftSection={<IconUserQuestion size={18} aria-hidden />}
          >
            Is someone missing?
          </WhyButton>
        </Group>
      </Group>
      <DataTable
        label={`Who can see this ${singular}`}
        // What is searched here is what has been loaded; the rest is loaded while looking.
        list={{ ...list, items: found }}
        columns={COLUMNS}
        idOf={({ user_id }) => user_id}
        nameOf={({ name }) => name}
        actionsWidth={110}
        actions={(person) => (
          <WhyButton
            object={object.key}
            record={record.id}
            subject={person.user_id}
            size="compact-sm"
            leftSection={undefined}
            aria-label={`Why ${person.name}?`}
          />
        )}
        empty={
          <EmptyState title={words ? 'Nobody of this name is among them' : `Nobody reaches this ${singular}`}>
            {words
              ? 'Ask about a person with “Is someone missing?” to learn what is in the way.'
              : 'Only the people of a profile that reaches records owned by anyone would.'}
          </EmptyState>
        }
      />
    </Stack>
  );
}

function Reason({ reason }: { reason: RecordAccessReason }) {
  const words = reasonWords(reason.reason);
  return (
    <Tooltip label={words}>
      <Group gap={6} wrap="nowrap" component="span" display="inline-flex">
        <Mark yes={reason.allowed} size={18} />
        <Text span fz="sm" c={reason.allowed ? undefined : 'dimmed'} truncate>
          {words}
        </Text>
      </Group>
    </Tooltip>
  );
}
