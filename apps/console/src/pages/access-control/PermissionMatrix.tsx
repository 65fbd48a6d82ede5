import { Text, UnstyledButton } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { Fragment, type KeyboardEvent, useRef, useState } from 'react';
import { LevelCell } from './LevelCell';
import { ACTIONS, type Verb } from './levels';
import classes from './PermissionMatrix.module.css';
import { hasNotes, RowNotes } from './RowNotes';
import type { MatrixRow, PendingLevels } from './usePendingLevels';

/** What a menu of levels sets: one cell, a whole row, or a whole column. */
export interface Place {
  object?: string;
  action?: Verb;
}

export interface MatrixProps {
  /** What the matrix is of: "What Sales permits". */
  label: string;
  /** The rows to show: all of them, or those somebody has searched for. */
  rows: MatrixRow[];
  pending: PendingLevels;
  /** Opens the levels to choose from at an element; without, the matrix only shows. */
  onOpen?: (place: Place, element: HTMLElement) => void;
}

/** Objects × actions as a grid: arrow keys move between cells, Enter opens the levels. */
export function PermissionMatrix({ label, rows, pending, onOpen }: MatrixProps) {
  const table = useRef<HTMLTableElement>(null);
  const [at, setAt] = useState('0:1');
  const editable = onOpen !== undefined;
  // Of all these buttons only one is on the way of the Tab key.
  const stop = (row: number, column: number) => {
    const place = `${row}:${column}`;
    return { 'data-at': place, tabIndex: place === at ? 0 : -1, onFocus: () => setAt(place) };
  };
  const move = (event: KeyboardEvent) => {
    const from = (event.target as HTMLElement).dataset.at;
    const to = from && nextCell(event, from, rows.length);
    if (!to) return;
    event.preventDefault();
    table.current?.querySelector<HTMLElement>(`[data-at="${to}"]`)?.focus();
  };
  return (
    <table
      ref={table}
      className={classes.table}
      role={editable ? 'grid' : undefined}
      aria-label={label}
      onKeyDown={editable ? move : undefined}
    >
      <colgroup>
        <col className={classes.first} />
        {ACTIONS.map(({ key }) => (
          <col key={key} />
        ))}
      </colgroup>
      <thead>
        <tr>
          <th scope="col">Object</th>
          {ACTIONS.map(({ key, title }, column) => (
            <th key={key} scope="col">
              {onOpen ? (
                <UnstyledButton
                  {...stop(0, column + 1)}
                  className={classes.head}
                  aria-haspopup="menu"
                  aria-label={`${title}: set the whole column`}
                  onClick={(event) => onOpen({ action: key }, event.currentTarget)}
                >
                  {title}
                  <IconChevronDown size={14} aria-hidden className={classes.chevron} />
                </UnstyledButton>
              ) : (
                title
              )}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => {
          const notes = hasNotes(row);
          return (
            <Fragment key={row.object}>
              <tr data-notes={notes || undefined}>
                <th scope="row">
                  {onOpen ? (
                    <UnstyledButton
                      {...stop(index + 1, 0)}
                      className={classes.head}
                      aria-haspopup="menu"
                      aria-label={`${row.plural}: set the whole row`}
                      onClick={(event) => onOpen({ object: row.object }, event.currentTarget)}
                    >
                      <ObjectName row={row} />
                      <IconChevronDown size={14} aria-hidden className={classes.chevron} />
                    </UnstyledButton>
                  ) : (
                    <ObjectName row={row} />
                  )}
                </th>
                {ACTIONS.map(({ key }, column) => (
                  <td key={key}>
                    <LevelCell
                      row={row}
                      action={key}
                      {...(onOpen && {
                        ...stop(index + 1, column + 1),
                        onOpen: (element: HTMLElement) =>
                          onOpen({ object: row.object, action: key }, element),
                      })}
                    />
                  </td>
                ))}
              </tr>
              {notes && (
                <tr>
                  <td colSpan={ACTIONS.length + 1} className={classes.notes}>
                    <RowNotes
                      row={row}
                      onFix={editable ? (levels) => pending.set(row.object, levels) : undefined}
                    />
                  </td>
                </tr>
              )}
            </Fragment>
          );
        })}
      </tbody>
    </table>
  );
}

/** What the records are called; where nobody owns them, that too. */
export function ObjectName({ row }: { row: MatrixRow }) {
  return (
    <span className={classes.name}>
      <Text span fz="sm" fw={570} truncate>
        {row.plural}
      </Text>
      {!row.owned && (
        <Text span fz={11.5} c="dimmed" title="No field of this object represents ownership">
          without owners
        </Text>
      )}
    </span>
  );
}

/** The cell that a key leads to; row 0 is the head, column 0 the object. */
function nextCell(event: KeyboardEvent, from: string, rows: number): string | undefined {
  const [row = 0, column = 0] = from.split(':').map(Number);
  const last = ACTIONS.length;
  const far = event.ctrlKey || event.metaKey;
  const first = row === 0 ? 1 : 0;
  switch (event.key) {
    case 'ArrowUp':
      return column === 0 && row === 1 ? undefined : `${Math.max(0, row - 1)}:${column}`;
    case 'ArrowDown':
      return `${Math.min(rows, row + 1)}:${column}`;
    case 'ArrowLeft':
      return `${row}:${Math.max(first, column - 1)}`;
    case 'ArrowRight':
      return `${row}:${Math.min(last, column + 1)}`;
    case 'Home':
      return far ? `0:1` : `${row}:${first}`;
    case 'End':
      return far ? `${rows}:${last}` : `${row}:${last}`;
    default:
      return undefined;
  }
}
