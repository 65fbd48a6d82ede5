import { Box, Button, Group, Loader, Skeleton, Stack, Text, UnstyledButton } from '@mantine/core';
import { useElementSize, useMediaQuery, useMergedRef } from '@mantine/hooks';
import { IconArrowDown, IconArrowsSort, IconArrowUp, IconFilterOff } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type MouseEvent,
  memo,
  type ReactNode,
  type TdHTMLAttributes,
  useEffect,
  useMemo,
  useRef,
} from 'react';
import { asProblem, sentence } from '../api/problem';
import classes from './DataTable.module.css';
import { EmptyState, ErrorState } from './EmptyState';
import { RowCheckbox } from './RowCheckbox';
import type { List } from './useList';

/** One column of a list. The first one says what the row is; on a phone it heads the card. */
export interface Column<T> {
  key: string;
  title: string;
  cell: (item: T) => ReactNode;
  /** The server's sort key. */
  sort?: string;
  /** In pixels; a column without shares what is left. */
  width?: number;
  align?: 'start' | 'end';
  /** What the table's cell listens to and says of itself, where cells can be worked in. */
  cellProps?: (item: T, index: number) => TdHTMLAttributes<HTMLTableCellElement>;
}

/** Which rows are picked. */
export interface Selection {
  ids: ReadonlySet<string>;
  onChange: (ids: ReadonlySet<string>) => void;
}

interface Props<T> {
  /** What the list is, for screen readers: "Guests". */
  label: string;
  list: List<T>;
  columns: Column<T>[];
  hidden?: ReadonlySet<string>;
  idOf: (item: T) => string;
  /** What a row is called, for screen readers. */
  nameOf: (item: T) => string;
  sort?: string;
  onSort?: (sort: string) => void;
  selection?: Selection;
  /** Opens an item; the first column should hold a link to the same place, for the keyboard. */
  onOpen?: (item: T) => void;
  /** What can be done with a row: icon buttons or a menu. */
  actions?: (item: T) => ReactNode;
  actionsWidth?: number;
  /** Whether the arrow keys lead from cell to cell; the columns' `cellProps` see to it. */
  grid?: boolean;
  empty: ReactNode;
}

const ROW = 53;
const PHONE = '(max-width: 48em)';

/** A list of the server as a table that loads while one scrolls; on a phone, as cards. */
export function DataTable<T>(props: Props<T>) {
  const phone = useMediaQuery(PHONE, undefined, { getInitialValueInEffect: false });
  const { list } = props;
  if (list.error && list.items.length === 0) return <Refused list={list} />;
  if (!list.isPending && list.items.length === 0) return <>{props.empty}</>;
  return phone ? <Cards {...props} /> : <Rows {...props} />;
}

/** Why there is no list. What an address asks for may be nothing that there is: asking again doesn't help then. */
function Refused<T>({ list }: { list: List<T> }) {
  const navigate = useNavigate();
  const { status } = asProblem(list.error);
  if (status !== 400 && status !== 422) return <ErrorState error={list.error} onRetry={list.retry} />;
  return (
    <EmptyState
      icon={IconFilterOff}
      title="This list can’t be shown as it is asked for"
      action={
        <Button variant="default" size="xs" onClick={() => void navigate({ to: '.', search: {} })}>
          Show everything
        </Button>
      }
    >
      {sentence(list.error)}
    </EmptyState>
  );
}

function Rows<T>(props: Props<T>) {
  const { label, list, idOf, selection, actions, hidden } = props;
  const columns = useMemo(
    () => props.columns.filter((column) => !hidden?.has(column.key)),
    [props.columns, hidden],
  );
  const scroll = useRef<HTMLElement>(null);
  const room = useElementSize();
  const section = useMergedRef(scroll, room.ref);
  const rows = useVirtualizer({
    count: list.items.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW,
    overscan: 8,
    // Several turns of the wheel within a frame are drawn once.
    useFlushSync: false,
  });
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  const { loadMore } = list;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asks again whenever the end comes near.
  useEffect(() => {
    if (list.hasMore && last >= list.items.length - 30) loadMore();
  }, [last, list.items.length, list.hasMore]);

  const above = shown[0]?.start ?? 0;
  const below = rows.getTotalSize() - (shown.at(-1)?.end ?? 0);
  const span = columns.length + (selection ? 1 : 0) + (actions ? 1 : 0);
  const beside = (selection ? 44 : 0) + (actions ? (props.actionsWidth ?? 56) : 0);
  const width = columns.reduce((sum, column) => sum + (column.width ?? 180), beside);
  const all = list.items.length > 0 && list.items.every((item) => selection?.ids.has(idOf(item)));
  const some = selection ? selection.ids.size > 0 : false;
  return (
    <section
      ref={section}
      className={classes.scroll}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
      tabIndex={0}
      data-stale={list.isStale || undefined}
      data-wide={(room.width > 0 && room.width < width) || undefined}
    >
      <table
        className={classes.table}
        role={props.grid ? 'grid' : undefined}
        aria-rowcount={(list.total ?? list.items.length) + 1}
        style={{ minWidth: width }}
      >
        <colgroup>
          {selection && <col style={{ width: 44 }} />}
          {columns.map((column) => (
            <col key={column.key} style={column.width ? { width: column.width } : undefined} />
          ))}
          {actions && <col style={{ width: props.actionsWidth ?? 56 }} />}
        </colgroup>
        <thead>
          <tr>
            {selection && (
              <th>
                <RowCheckbox
                  aria-label="Select all that are loaded"
                  disabled={list.items.length === 0}
                  checked={all}
                  indeterminate={some && !all}
                  onChange={() => selection.onChange(all ? new Set() : new Set(list.items.map(idOf)))}
                />
              </th>
            )}
            {columns.map((column) => (
              <Head key={column.key} column={column} sort={props.sort} onSort={props.onSort} />
            ))}
            {actions && (
              <th className={classes.actions}>
                <span className="visually-hidden">Actions</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {list.isPending && <Waiting columns={span} />}
          {above > 0 && <Spacer height={above} span={span} />}
          {shown.map(({ index }) => {
            const item = list.items[index];
            if (item === undefined) return null;
            const id = idOf(item);
            return (
              <Row
                key={id}
                {...props}
                columns={columns}
                item={item}
                index={index}
                selected={selection?.ids.has(id) ?? false}
              />
            );
          })}
          {below > 0 && <Spacer height={below} span={span} />}
        </tbody>
      </table>
      <End list={list} />
    </section>
  );
}

/** One row. Scrolling leaves the rows that stay as they are. */
const Row = memo(PlainRow) as typeof PlainRow;

function PlainRow<T>(props: Props<T> & { item: T; index: number; selected: boolean }) {
  const { item, index, selected, columns, idOf, nameOf, selection, onOpen, actions } = props;
  return (
    <tr
      className={classes.row}
      aria-rowindex={index + 2}
      data-selected={selected || undefined}
      data-opens={onOpen ? true : undefined}
      onClick={onOpen ? (event) => opens(event) && onOpen(item) : undefined}
    >
      {selection && (
        <td>
          <Pick selection={selection} id={idOf(item)} name={nameOf(item)} />
        </td>
      )}
      {columns.map((column) => (
        <td
          key={column.key}
          className={column.align === 'end' ? classes.end : undefined}
          {...column.cellProps?.(item, index)}
        >
          {column.cell(item)}
        </td>
      ))}
      {actions && <td className={classes.actions}>{actions(item)}</td>}
    </tr>
  );
}

function Cards<T>({ label, list, columns, hidden, idOf, nameOf, selection, actions, onOpen }: Props<T>) {
  const [title, ...rest] = columns.filter((column) => !hidden?.has(column.key));
  const end = useRef<HTMLDivElement>(null);
  const { loadMore } = list;
  useEffect(() => {
    const seen = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) loadMore();
    });
    if (end.current) seen.observe(end.current);
    return () => seen.disconnect();
  }, [loadMore]);
  if (list.isPending) {
    return (
      <Stack gap="xs" aria-busy>
        {[1, 2, 3, 4].map((card) => (
          <Skeleton key={card} h={96} radius="md" />
        ))}
      </Stack>
    );
  }
  return (
    <Stack gap="xs" component="section" aria-label={label} opacity={list.isStale ? 0.55 : 1}>
      {list.items.map((item) => {
        const id = idOf(item);
        return (
          <Box
            key={id}
            className={classes.card}
            data-selected={selection?.ids.has(id) || undefined}
            onClick={onOpen ? (event: MouseEvent) => opens(event) && onOpen(item) : undefined}
          >
            <Group justify="space-between" wrap="nowrap" align="flex-start" gap="xs">
              <Group gap="sm" wrap="nowrap" miw={0}>
                {selection && <Pick selection={selection} id={id} name={nameOf(item)} />}
                <Box miw={0}>{title?.cell(item)}</Box>
              </Group>
              {actions?.(item)}
            </Group>
            <Box
              component="dl"
              m={0}
              mt="xs"
              style={{ display: 'grid', gridTemplateColumns: 'auto 1fr', gap: '4px 16px' }}
            >
              {rest.map((column) => (
                <Box key={column.key} display="contents">
                  <Text component="dt" fz="xs" c="dimmed">
                    {column.title}
                  </Text>
                  <Text component="dd" fz="sm" m={0} ta="right" truncate>
                    {column.cell(item)}
                  </Text>
                </Box>
              ))}
            </Box>
          </Box>
        );
      })}
      <div ref={end}>
        <End list={list} />
      </div>
    </Stack>
  );
}

function Head<T>({
  column,
  sort,
  onSort,
}: {
  column: Column<T>;
  sort?: string;
  onSort?: (sort: string) => void;
}) {
  const className = column.align === 'end' ? classes.end : undefined;
  if (!column.sort || !onSort) return <th className={className}>{column.title}</th>;
  const ascending = sort === column.sort;
  const descending = sort === `-${column.sort}`;
  const Glyph = ascending ? IconArrowUp : descending ? IconArrowDown : IconArrowsSort;
  return (
    <th className={className} aria-sort={ascending ? 'ascending' : descending ? 'descending' : 'none'}>
      <UnstyledButton
        className={classes.sort}
        data-sorted={ascending || descending || undefined}
        onClick={() => onSort(ascending ? `-${column.sort}` : (column.sort ?? ''))}
      >
        {column.title}
        <Glyph size={13} aria-hidden opacity={ascending || descending ? 1 : 0.45} />
      </UnstyledButton>
    </th>
  );
}

function Pick({ selection, id, name }: { selection: Selection; id: string; name: string }) {
  const picked = selection.ids.has(id);
  return (
    <RowCheckbox
      aria-label={`Select ${name}`}
      checked={picked}
      onChange={() => {
        const next = new Set(selection.ids);
        if (picked) next.delete(id);
        else next.add(id);
        selection.onChange(next);
      }}
    />
  );
}

function Spacer({ height, span }: { height: number; span: number }) {
  return (
    <tr className={classes.spacer} aria-hidden>
      <td colSpan={span} style={{ height }} />
    </tr>
  );
}

function Waiting({ columns }: { columns: number }) {
  const rows = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  return rows.map((row) => (
    <tr key={row} aria-hidden>
      <td colSpan={columns}>
        <Skeleton h={14} />
      </td>
    </tr>
  ));
}

function End<T>({ list }: { list: List<T> }) {
  if (list.isPending) return null;
  if (list.isLoadingMore) {
    return (
      <Group justify="center" p="sm" role="status" aria-label="Loading more">
        <Loader size="xs" />
      </Group>
    );
  }
  if (list.error) return <ErrorState error={list.error} onRetry={list.retry} />;
  if (list.hasMore) return null;
  return (
    <Text ta="center" c="dimmed" fz="xs" p="sm">
      That’s all {list.items.length > 1 ? list.items.length.toLocaleString() : ''}
    </Text>
  );
}

/** Whether a click was meant for the row, and not for something in it or for selecting text. */
function opens(event: MouseEvent): boolean {
  const on = event.target as HTMLElement;
  if (!event.currentTarget.contains(on)) return false;
  if (on.closest('a, button, input, label, [role="menuitem"], [role="checkbox"]')) return false;
  return window.getSelection()?.isCollapsed ?? true;
}
