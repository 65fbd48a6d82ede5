import { useCallback, useMemo, useState } from 'react';
import type { CustomObject, Level, Levels, PermissionCell } from '../../api/schema';
import { changedLevels, levelsOf, type Verb } from './levels';
import type { Changes } from './permissions';

/** One object of the matrix: what is saved, and what would be with the pending edits. */
export interface MatrixRow {
  object: string;
  singular: string;
  plural: string;
  /** Whether records of this object have owners at all. */
  owned: boolean;
  saved: Levels;
  levels: Levels;
}

/** Edits of the matrix that are not saved yet. */
export interface PendingLevels {
  rows: MatrixRow[];
  /** The levels that are edited, by object. */
  changes: Changes;
  /** How many single levels are edited. */
  count: number;
  set: (object: string, levels: Partial<Levels>) => void;
  setRow: (object: string, level: Level) => void;
  setColumn: (action: Verb, level: Level) => void;
  discard: () => void;
}

/** Collects edits of a matrix over what is saved; an edit back to what is saved is none. */
export function usePendingLevels(cells: PermissionCell[], objects: CustomObject[]): PendingLevels {
  const [edits, setEdits] = useState<ReadonlyMap<string, Partial<Levels>>>(new Map());
  const rows = useMemo(() => {
    const known = new Map(objects.map((object) => [object.key, object]));
    return cells
      .map((cell): MatrixRow => {
        const object = known.get(cell.object);
        const saved = levelsOf(cell);
        return {
          object: cell.object,
          singular: object?.singular ?? cell.object,
          plural: object?.plural ?? cell.object,
          // An object that isn't loaded yet is not accused of anything.
          owned: object?.fields.some((field) => field.represents_ownership) ?? true,
          saved,
          levels: { ...saved, ...edits.get(cell.object) },
        };
      })
      .sort((a, b) => a.plural.localeCompare(b.plural));
  }, [cells, objects, edits]);
  const changes = useMemo(() => {
    const found = new Map<string, Partial<Levels>>();
    for (const { object, saved, levels } of rows) {
      for (const key of changedLevels(saved, levels)) {
        found.set(object, { ...found.get(object), [key]: levels[key] });
      }
    }
    return found;
  }, [rows]);
  const count = [...changes.values()].reduce((sum, levels) => sum + Object.keys(levels).length, 0);
  const merge = useCallback((found: Iterable<[string, Partial<Levels>]>) => {
    setEdits((before) => {
      const after = new Map(before);
      for (const [object, levels] of found) after.set(object, { ...after.get(object), ...levels });
      return after;
    });
  }, []);
  return {
    rows,
    changes,
    count,
    set: (object, levels) => merge([[object, levels]]),
    setRow: (object, level) => merge([[object, { view: level, edit: level, delete: level, create: level }]]),
    setColumn: (action, level) => merge(rows.map((row) => [row.object, { [action]: level }])),
    discard: useCallback(() => setEdits(new Map()), []),
  };
}
