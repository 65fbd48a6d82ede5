/** A thing to be placed, with what hangs from it. */
export interface Branch<T> {
  children: readonly T[];
}

/** Where a thing is placed: how deep, and how far along. */
export interface Place<T> {
  item: T;
  depth: number;
  along: number;
}

/** The outermost places of a subtree, by depth from its top, relative to its top. */
interface Contour {
  first: number[];
  last: number[];
}

interface Placed<T> {
  item: T;
  /** Relative to the parent. */
  offset: number;
  children: Placed<T>[];
  contour: Contour;
}

/** Space between two neighbours with the same parent, and between those of different parents. */
const SIBLINGS = 1;
const COUSINS = 1.25;

/**
 * Places trees tidily, after Reingold and Tilford: a parent in the middle of its children, equal subtrees drawn equally,
 * and subtrees as close as their outlines allow. `along` counts in places; trees of a forest stand one after another.
 */
export function layout<T extends Branch<T>>(roots: readonly T[]): Place<T>[] {
  const ground = arrange(roots.map(place));
  const places: Place<T>[] = [];
  const settle = (placed: Placed<T>, depth: number, from: number) => {
    const along = from + placed.offset;
    places.push({ item: placed.item, depth, along });
    for (const child of placed.children) settle(child, depth + 1, along);
  };
  const least = Math.min(0, ...ground.contour.first);
  for (const root of ground.children) settle(root, 0, -least);
  return places;
}

function place<T extends Branch<T>>(item: T): Placed<T> {
  const { children, contour } = arrange(item.children.map(place));
  return { item, offset: 0, children, contour: { first: [0, ...contour.first], last: [0, ...contour.last] } };
}

/** Sets subtrees side by side and centres them around 0. */
function arrange<T>(children: Placed<T>[]): { children: Placed<T>[]; contour: Contour } {
  const contour: Contour = { first: [], last: [] };
  for (const child of children) {
    let offset = 0;
    for (const [depth, first] of child.contour.first.entries()) {
      const last = contour.last[depth];
      if (last !== undefined) offset = Math.max(offset, last + (depth === 0 ? SIBLINGS : COUSINS) - first);
    }
    child.offset = offset;
    for (const [depth, last] of child.contour.last.entries()) {
      contour.first[depth] ??= (child.contour.first[depth] ?? 0) + offset;
      contour.last[depth] = last + offset;
    }
  }
  const middle = ((children[0]?.offset ?? 0) + (children.at(-1)?.offset ?? 0)) / 2;
  for (const child of children) child.offset -= middle;
  return {
    children,
    contour: { first: contour.first.map((at) => at - middle), last: contour.last.map((at) => at - middle) },
  };
}
