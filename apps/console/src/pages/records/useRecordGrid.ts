import { type KeyboardEvent, type TdHTMLAttributes, useCallback, useState } from 'react';

interface Place {
  row: number;
  column: number;
}

interface Options {
  columns: number;
  rows: number;
  /** Whether the cell can be edited. */
  editable: (row: number, column: number) => boolean;
  onEdit: (row: number, column: number) => void;
  /** Enter on the first column, which says what the row is. */
  onOpen: (row: number) => void;
}

const STEPS: { [key: string]: Place } = {
  ArrowUp: { row: -1, column: 0 },
  ArrowDown: { row: 1, column: 0 },
  ArrowLeft: { row: 0, column: -1 },
  ArrowRight: { row: 0, column: 1 },
};

/**
 * A table whose cells can be worked in: one of them takes the focus, arrow keys lead to the others, and Enter, F2 or a
 * double click edits.
 */
export function useRecordGrid({ columns, rows, editable, onEdit, onOpen }: Options) {
  const [current, setCurrent] = useState<Place>({ row: 0, column: 0 });
  const focus = useCallback(({ row, column }: Place) => {
    document.querySelector<HTMLElement>(`[data-cell="${row}:${column}"]`)?.focus();
  }, []);
  const keys = (event: KeyboardEvent<HTMLElement>, at: Place) => {
    if (event.target !== event.currentTarget) return;
    const step = STEPS[event.key];
    const home = event.key === 'Home' ? 0 : event.key === 'End' ? columns - 1 : undefined;
    if (step || home !== undefined) {
      event.preventDefault();
      const row = at.row + (step?.row ?? 0);
      const column = home ?? at.column + (step?.column ?? 0);
      if (row >= 0 && row < rows && column >= 0 && column < columns) focus({ row, column });
      return;
    }
    if (event.key === 'Enter' && at.column === 0) {
      event.preventDefault();
      onOpen(at.row);
    } else if ((event.key === 'Enter' || event.key === 'F2') && editable(at.row, at.column)) {
      event.preventDefault();
      onEdit(at.row, at.column);
    }
  };
  const cellProps = (row: number, column: number): TdHTMLAttributes<HTMLTableCellElement> => {
    const can = editable(row, column);
    const at = { row, column };
    return {
      tabIndex: current.row === row && current.column === column ? 0 : -1,
      'aria-readonly': !can,
      onFocus: () => setCurrent((before) => (before.row === row && before.column === column ? before : at)),
      onKeyDown: (event) => keys(event, at),
      onDoubleClick: can
        ? (event) => {
            if (!(event.target as HTMLElement).closest('a, button')) onEdit(row, column);
          }
        : undefined,
      ...{ 'data-cell': `${row}:${column}`, 'data-editable': can || undefined },
    };
  };
  return { cellProps };
}
