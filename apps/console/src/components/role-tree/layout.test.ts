import { expect, test } from 'vitest';
import { type Branch, layout } from './layout';

interface Named extends Branch<Named> {
  name: string;
}

const tree = (name: string, ...children: Named[]): Named => ({ name, children });

function along(...roots: Named[]): Record<string, number> {
  return Object.fromEntries(layout(roots).map((place) => [place.item.name, place.along]));
}

test('a parent stands in the middle of its children', () => {
  expect(along(tree('top', tree('a'), tree('b'), tree('c')))).toEqual({ top: 1, a: 0, b: 1, c: 2 });
});

test('depth counts from the root of each tree', () => {
  const places = layout([tree('one', tree('below')), tree('two')]);
  expect(places.map((place) => [place.item.name, place.depth])).toEqual([
    ['one', 0],
    ['below', 1],
    ['two', 0],
  ]);
});

test('nothing overlaps, whatever the shape', () => {
  let random = 7;
  const next = (below: number) => {
    random = (random * 16807) % 2147483647;
    return random % below;
  };
  const grow = (depth: number): Named =>
    tree(`${depth}`, ...Array.from({ length: depth > 4 ? 0 : next(4) }, () => grow(depth + 1)));
  const roots = Array.from({ length: 30 }, () => grow(0));
  const byDepth = new Map<number, number[]>();
  for (const { depth, along } of layout(roots)) byDepth.set(depth, [...(byDepth.get(depth) ?? []), along]);
  for (const row of byDepth.values()) {
    for (const [index, at] of row.entries()) {
      const before = row[index - 1];
      if (before !== undefined) expect(at - before).toBeGreaterThanOrEqual(1);
    }
  }
});

test('a narrow subtree moves under a wide neighbour as far as the outlines allow', () => {
  const wide = tree('wide', tree('w1'), tree('w2'), tree('w3'));
  const places = along(tree('top', wide, tree('leaf')));
  expect((places.leaf ?? 0) - (places.wide ?? 0)).toBe(1);
});

test('equal subtrees are drawn equally', () => {
  const twin = (name: string) =>
    tree(name, tree(`${name}1`, tree(`${name}x`), tree(`${name}y`)), tree(`${name}2`));
  const places = along(tree('top', twin('l'), tree('gap'), twin('r')));
  const shape = (name: string) =>
    ['1', '2', 'x', 'y'].map((each) => (places[name + each] ?? 0) - (places[name] ?? 0));
  expect(shape('l')).toEqual(shape('r'));
});

test('the first place of all is 0, even where a subtree reaches out further than its parent', () => {
  const places = Object.values(along(tree('top', tree('a', tree('a1'), tree('a2'), tree('a3')), tree('b'))));
  expect(Math.min(...places)).toBe(0);
});

test('a forest of 1,365 roles is placed in no time', () => {
  const grow = (depth: number): Named =>
    tree('r', ...Array.from({ length: depth === 5 ? 0 : 4 }, () => grow(depth + 1)));
  expect(layout([grow(0)])).toHaveLength(1365);
});
