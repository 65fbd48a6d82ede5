/** A form's values: texts, numbers, switches, lists, and groups of them. */
export type Values = { [key: string]: unknown };

export interface Merged<T> {
  /** Theirs, with what was typed here kept. */
  values: T;
  /** The paths that somebody else changed, such as `password_policy.min_length`. */
  theirs: string[];
  /** Those of them that were changed here as well: both can't be right. */
  both: string[];
}

/**
 * Brings what is stored now together with what was typed on an older version of it: what was typed stays, what wasn't
 * touched follows.
 */
export function threeWay<T extends Values>(base: T, typed: T, stored: T): Merged<T> {
  const theirs: string[] = [];
  const both: string[] = [];
  const merge = (before: Values, mine: Values, now: Values, path: string): Values =>
    Object.fromEntries(
      Object.keys(mine).map((key) => {
        const at = path ? `${path}.${key}` : key;
        const [old, here, there] = [before[key], mine[key], now[key]];
        if (isGroup(old) && isGroup(here) && isGroup(there)) return [key, merge(old, here, there, at)];
        const changedHere = !same(here, old);
        if (!same(there, old)) {
          theirs.push(at);
          if (changedHere && !same(here, there)) both.push(at);
        }
        return [key, changedHere ? here : there];
      }),
    );
  return { values: merge(base, typed, stored, '') as T, theirs, both };
}

/** Only what differs from `base`: a merge patch. */
export function changedOnly<T extends Values>(base: T, values: T): Partial<T> {
  const changed: Values = {};
  for (const [key, value] of Object.entries(values)) {
    const before = base[key];
    if (isGroup(value) && isGroup(before)) {
      const inner = changedOnly(before, value);
      if (Object.keys(inner).length > 0) changed[key] = inner;
    } else if (!same(value, before)) changed[key] = value;
  }
  return changed as Partial<T>;
}

/** How many single values a patch changes. */
export function countOf(patch: Values): number {
  return Object.values(patch).reduce<number>((sum, value) => sum + (isGroup(value) ? countOf(value) : 1), 0);
}

function same(one: unknown, other: unknown): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other;
  return one.length === other.length && one.every((item, index) => item === other[index]);
}

function isGroup(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
