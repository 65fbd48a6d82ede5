import { Button, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconFilterOff, IconTable, IconUserCheck } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { lazy, type RefObject, Suspense, useMemo, useState } from 'react';
import { asProblem, sentence } from '../../api/problem';
import { recordPage, searchFilter } from '../../api/records';
import type { CustomObject } from '../../api/schema';
import { levelsOf, useSession } from '../../api/session';
import { DataTable } from '../../components/DataTable';
import { EmptyState } from '../../components/EmptyState';
import { ownershipFields, recordTitle } from '../../components/fields/fieldTypes';
import { ListToolbar } from '../../components/ListToolbar';
import { useList } from '../../components/useList';
import { useListState } from '../../components/useListState';
import { hiddenAtFirst, recordColumns } from './columns';
import { FilterBuilder } from './filter/FilterBuilder';
import { FilterChips } from './filter/FilterChips';
import { InlineEdit } from './InlineEdit';
import { RecordActions } from './RecordActions';
import type { ListedRecord } from './recordCache';
import { useRecordGrid } from './useRecordGrid';
import type { KeptEdit } from './useValueEdit';

const DeleteRecordDialog = lazy(() =>
  import('./DeleteRecordDialog').then((module) => ({ default: module.DeleteRecordDialog })),
);
const WhyPanel = lazy(() =>
  import('../../components/why/WhyPanel').then((module) => ({ default: module.WhyPanel })),
);

interface Props {
  object: CustomObject;
  /** Starts making a record, for who may. */
  onAdd?: () => void;
}

/** The value that is edited, and what was typed so far. */
interface Editing {
  id: string;
  column: string;
  /** The list in which it was opened: in another one, it is over. */
  list: string;
  kept: RefObject<KeptEdit | null>;
}

const FILTER_CODES = [
  'invalid_filter',
  'filter_too_large',
  'filter_type_mismatch',
  'invalid_sort',
  'invalid_query',
];

/** The records as a list: searched, filtered and sorted by the server, edited where they stand. */
export function RecordList({ object, onAdd }: Props) {
  const session = useSession();
  const navigate = useNavigate();
  const phone = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false });
  const state = useListState({ sort: '-created_at', hidden: hiddenAtFirst(object) });
  const filter = typeof state.search.filter === 'string' ? state.search.filter : '';
  const mine = state.search.mine === true || state.search.mine === 1;
  const asked = [
    filter,
    searchFilter(object, state.q),
    mine
      ? ownershipFields(object)
          .map(({ key }) => `${key} eq "${session.user.id}"`)
          .join(' or ')
      : '',
  ].filter(Boolean);
  const text = asked.length > 1 ? asked.map((part) => `(${part})`).join(' and ') : (asked[0] ?? '');
  const list = useList<ListedRecord>(
    ['records', object.key, 'list', { filter: text, sort: state.sort }],
    async (cursor, count) => {
      const page = await recordPage(object.key, {
        filter: text || undefined,
        sort: state.sort,
        cursor,
        count,
        limit: 100,
      });
      return { ...page, items: page.items.map((item) => ({ ...item, names: page.names ?? {} })) };
    },
  );
  const question = `${state.sort} ${text}`;
  const [editing, setEditing] = useState<Editing | null>(null);
  const [asking, setAsking] = useState<string | null>(null);
  const [deleting, setDeleting] = useState<ListedRecord | null>(null);

  const all = useMemo(() => recordColumns(object, !phone), [object, phone]);
  const shown = all.filter(({ key }) => !state.hidden.has(key));
  const grid = useRecordGrid({
    columns: shown.length,
    rows: list.items.length,
    // A list that is about to be another one would take the editor along.
    editable: (row, column) => Boolean(!list.isStale && list.items[row]?.can.edit && shown[column]?.field),
    onEdit: (row, column) => {
      const [record, picked] = [list.items[row], shown[column]];
      if (record && picked) {
        setEditing({ id: record.id, column: picked.key, list: question, kept: { current: null } });
      }
    },
    onOpen: (row) => {
      const record = list.items[row];
      if (record) open(record);
    },
  });
  const open = (record: ListedRecord) =>
    void navigate({
      to: '/records/$objectKey/$recordId',
      params: { objectKey: object.key, recordId: record.id },
    });
  /** Ends this edit, and no other that may have begun while it was being saved. */
  const close = (over: Editing) => setEditing((now) => (now === over ? null : now));
  const columns = shown.map((column, at) => ({
    ...column,
    cellProps: (_: ListedRecord, row: number) => grid.cellProps(row, at),
    cell: (record: ListedRecord) => {
      const { field } = column;
      if (!field || editing?.id !== record.id || editing.column !== column.key || editing.list !== question) {
        return column.cell(record);
      }
      return (
        <InlineEdit
          object={object}
          field={field}
          record={record}
          kept={editing.kept}
          onClose={() => close(editing)}
        >
          {column.cell(record)}
        </InlineEdit>
      );
    },
  }));
  const narrowed = text !== '';
  const anyEditable = shown.some(({ field }) => field) && list.items.some((record) => record.can.edit);
  const refused = list.error ? asProblem(list.error) : null;
  return (
    <>
      <ListToolbar
        state={state}
        placeholder={`Search ${object.plural.toLowerCase()}`}
        columns={all.slice(1).map(({ key, title }) => ({ key, title }))}
        total={list.total}
        noun={[object.singular.toLowerCase(), object.plural.toLowerCase()]}
        narrowing={
          <>
            {ownershipFields(object).length > 0 && (
              <Button
                variant={mine ? 'light' : 'default'}
                px="sm"
                aria-pressed={mine}
                leftSection={<IconUserCheck size={16} aria-hidden />}
                onClick={() => state.set({ mine: mine ? undefined : true })}
              >
                Mine
              </Button>
            )}
            <FilterBuilder
              key={filter}
              object={object}
              value={filter}
              onChange={(next) => state.set({ filter: next })}
            />
            <FilterChips object={object} value={filter} onChange={(next) => state.set({ filter: next })} />
          </>
        }
      />
      {refused && FILTER_CODES.includes(refused.code) ? (
        <EmptyState
          icon={IconFilterOff}
          title="This filter can’t be used"
          action={
            <Button
              variant="default"
              size="xs"
              onClick={() => state.set({ filter: undefined, sort: undefined })}
            >
              Clear the filter
            </Button>
          }
        >
          {sentence(refused)}
        </EmptyState>
      ) : (
        <DataTable
          label={object.plural}
          list={list}
          columns={columns}
          idOf={({ id }) => id}
          nameOf={(record) => recordTitle(object, record)}
          sort={state.sort}
          onSort={state.setSort}
          onOpen={phone ? open : undefined}
          grid
          actionsWidth={96}
          actions={(record) => (
            <RecordActions
              object={object}
              record={record}
              onWhy={() => setAsking(record.id)}
              onDelete={() => setDeleting(record)}
            />
          )}
          empty={
            narrowed ? (
              <EmptyState
                icon={IconFilterOff}
                title={`No ${object.plural.toLowerCase()} match`}
                action={
                  <Button
                    variant="default"
                    mt="sm"
                    onClick={() => state.set({ q: undefined, filter: undefined, mine: undefined })}
                  >
                    Show all
                  </Button>
                }
              >
                Of those that you may see, none fit the search and the filter.
              </EmptyState>
            ) : (
              <Nothing object={object} onAdd={onAdd} />
            )
          }
        />
      )}
      {anyEditable && !phone && (
        <Text fz="xs" c="dimmed" mt={-8}>
          To edit a value, double-click it, or move to it with the arrow keys and press Enter.
          {shown[0]?.field && ' F2 edits the first column.'}
        </Text>
      )}
      {asking && (
        <Suspense fallback={null}>
          <WhyPanel
            object={object.key}
            record={asking}
            subject={session.user.id}
            onClose={() => setAsking(null)}
          />
        </Suspense>
      )}
      {deleting && (
        <Suspense fallback={null}>
          <DeleteRecordDialog object={object} record={deleting} onClose={() => setDeleting(null)} />
        </Suspense>
      )}
    </>
  );
}

const REACH = {
  none: 'none of them',
  own: 'those assigned to you',
  own_and_reports: 'those assigned to you and your reports',
  own_peers_and_reports: 'those assigned to you, your peers and your reports',
  anyone: 'all of them',
} as const;

function Nothing({ object, onAdd }: Props) {
  const session = useSession();
  const { view } = levelsOf(session, object.key);
  return (
    <EmptyState
      icon={IconTable}
      title={
        view === 'anyone'
          ? `No ${object.plural.toLowerCase()} yet`
          : `No ${object.plural.toLowerCase()} that you may see`
      }
      action={
        onAdd && (
          <Button mt="sm" onClick={onAdd}>
            Add the first one
          </Button>
        )
      }
    >
      {view === 'anyone'
        ? 'Everything that is added shows up here.'
        : `Your profile, ${session.profile.name}, lets you see ${REACH[view]}, and there are none at the moment.`}
    </EmptyState>
  );
}
