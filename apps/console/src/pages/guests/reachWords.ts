import type { Level, Levels } from '../../api/schema';

const WHOSE: Record<Level, string> = {
  none: '',
  own: 'assigned to them',
  own_and_reports: 'assigned to them and their reports',
  own_peers_and_reports: 'assigned to them, their peers, and their reports',
  anyone: 'owned by anyone',
};

const VERBS: [keyof Levels, string][] = [
  ['view', 'view'],
  ['edit', 'edit'],
  ['delete', 'delete'],
];

/** What is permitted, as sentences: what reaches equally far is said together. */
export function sentences(levels: Levels): string[] {
  const list = new Intl.ListFormat('en-GB');
  const said: string[] = [];
  const far = [...new Set(VERBS.map(([action]) => levels[action]))].filter((level) => level !== 'none');
  for (const level of far) {
    const verbs = VERBS.filter(([action]) => levels[action] === level).map(([, verb]) => verb);
    said.push(`Can ${list.format(verbs)} those ${WHOSE[level]}.`);
  }
  if (levels.create === 'anyone') said.push('Can create them for anyone.');
  else if (levels.create === 'own') said.push('Can create their own.');
  else if (levels.create !== 'none') said.push(`Can create those ${WHOSE[levels.create]}.`);
  return said;
}
