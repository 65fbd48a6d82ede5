import { expect, test } from 'vitest';
import type { Role } from '../../api/schema';
import { ancestorsOf, branchOf, forestOf, peopleBelow, reveal, type Shown, shownOf } from './forest';

function role(id: string, parent_id: string | null, user_count = 1): Role {
  return { id, name: id, parent_id, user_count, external_id: null, created_at: '', updated_at: '' };
}

/** 1 + 4 + 16 + 64 roles. */
function large(): Role[] {
  const roles: Role[] = [];
  const grow = (id: string, parent: string | null, depth: number) => {
    roles.push(role(id, parent));
    if (depth < 3) for (const n of [0, 1, 2, 3]) grow(`${id}${n}`, id, depth + 1);
  };
  grow('r', null, 0);
  return roles;
}

const small = [role('b', 'a', 2), role('a', null), role('c', 'b', 3), role('d', null), role('stray', 'gone')];
const names = (shown: Shown[]): string[] =>
  shown.flatMap((each) => [each.role.name, ...names(each.children)]);

test('roles are by name below their parents, and roots where the parent is not there', () => {
  const forest = forestOf(small);
  expect(forest.roots.map((root) => root.id)).toEqual(['a', 'd', 'stray']);
  expect(forest.children('a').map((child) => child.id)).toEqual(['b']);
});

test('ways up, branches and people are counted at any depth', () => {
  const forest = forestOf(small);
  expect(ancestorsOf(forest, 'c')).toEqual(['b', 'a']);
  expect([...branchOf(forest, 'a')].sort()).toEqual(['a', 'b', 'c']);
  expect(peopleBelow(forest, 'a')).toBe(6);
});

test('a small forest is drawn whole', () => {
  expect(names(shownOf(forestOf(small), new Map()))).toEqual(['a', 'b', 'c', 'd', 'stray']);
});

test('a large one starts with three levels, and opens where somebody looks', () => {
  const forest = forestOf(large());
  expect(names(shownOf(forest, new Map()))).toHaveLength(1 + 4 + 16);
  const looked = names(shownOf(forest, reveal(forest, new Map(), ['r213'])));
  expect(looked).toHaveLength(1 + 4 + 16 + 4);
  expect(looked).toContain('r213');
});

test('what is above a wanted role is open from the start, unless somebody folded it', () => {
  const forest = forestOf(large());
  expect(names(shownOf(forest, new Map(), ['r213']))).toContain('r213');
  expect(names(shownOf(forest, new Map([['r2', false]]), ['r213']))).not.toContain('r213');
});

test('a folded branch says how many roles it hides', () => {
  const [top] = shownOf(forestOf(large()), new Map([['r', false]]));
  expect([top?.open, top?.below, top?.children.length]).toEqual([false, 84, 0]);
});
