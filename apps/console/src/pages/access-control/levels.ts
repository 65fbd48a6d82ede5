import type { Level, Levels } from '../../api/schema';

/** The four actions, in the order and the words of the matrix. */
export type Verb = keyof Levels;

export const ACTIONS: readonly { key: Verb; title: string; short: string }[] = [
  { key: 'view', title: 'View records', short: 'View' },
  { key: 'edit', title: 'Edit records', short: 'Edit' },
  { key: 'delete', title: 'Delete records', short: 'Delete' },
  { key: 'create', title: 'Create new records', short: 'Create' },
];

/** The levels from nothing to everything: each reaches all that the one before reaches. */
export const LEVELS: readonly { level: Level; title: string; short: string; hint: string }[] = [
  { level: 'none', title: 'None', short: 'None', hint: 'No records at all' },
  { level: 'own', title: 'Assigned to them', short: 'Assigned to them', hint: 'Records they own themselves' },
  {
    level: 'own_and_reports',
    title: 'Assigned to them and their reports',
    short: '+ their reports',
    hint: 'Also those owned by people in roles below theirs',
  },
  {
    level: 'own_peers_and_reports',
    title: 'Assigned to them, their peers, and their reports',
    short: '+ peers and reports',
    hint: 'Also those owned by people in the same role',
  },
  { level: 'anyone', title: 'Owned by anyone', short: 'Anyone', hint: 'Every record, unowned ones included' },
];

export const NOTHING: Levels = { view: 'none', edit: 'none', delete: 'none', create: 'none' };

/** 0 for none … 4 for anyone. */
export function rank(level: Level): number {
  return LEVELS.findIndex((known) => known.level === level);
}

/** The full words of a level. */
export function levelTitle(level: Level): string {
  return LEVELS[rank(level)]?.title ?? level;
}

/** The words of a level that fit into a cell. */
export function levelShort(level: Level): string {
  return LEVELS[rank(level)]?.short ?? level;
}

/** The column's words for an action. */
export function actionTitle(action: Verb): string {
  return ACTIONS.find((known) => known.key === action)?.title ?? action;
}

/** The four levels and nothing else of something that has them. */
export function levelsOf({ view, edit, delete: remove, create }: Levels): Levels {
  return { view, edit, delete: remove, create };
}

/** The actions whose level is another one. */
export function changedLevels(a: Levels, b: Levels): Verb[] {
  return ACTIONS.map(({ key }) => key).filter((key) => a[key] !== b[key]);
}

export function sameLevels(a: Levels, b: Levels): boolean {
  return changedLevels(a, b).length === 0;
}

/** What of a level counts: what can't be viewed can be neither edited nor deleted. */
export function effective(levels: Levels, action: Verb): Level {
  const level = levels[action];
  if (action === 'view' || action === 'create') return level;
  return rank(level) > rank(levels.view) ? levels.view : level;
}

/** The actions that are set higher than they reach. */
export function exceeding(levels: Levels): Verb[] {
  return ACTIONS.map(({ key }) => key).filter((key) => effective(levels, key) !== levels[key]);
}

/** Levels with which everything counts as configured, by letting more be viewed. */
export function viewRaised(levels: Levels): Levels {
  const highest = exceeding(levels)
    .map((action) => levels[action])
    .reduce((most, level) => (rank(level) > rank(most) ? level : most), levels.view);
  return { ...levels, view: highest };
}

/** Levels with which everything counts as configured, by lowering what reaches further than view. */
export function loweredToView(levels: Levels): Levels {
  return { ...levels, edit: effective(levels, 'edit'), delete: effective(levels, 'delete') };
}

/** The actions whose level says "assigned to" though records of this object are nobody's. */
export function pointless(levels: Levels, owned: boolean): Verb[] {
  if (owned) return [];
  return ACTIONS.map(({ key }) => key).filter((key) => levels[key] !== 'none' && levels[key] !== 'anyone');
}
