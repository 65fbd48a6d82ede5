import type { Role } from '../../api/schema';

/** The roles as trees: who is above and below whom. */
export interface Forest {
  byId: ReadonlyMap<string, Role>;
  /** The roles without one above them, by name. */
  roots: readonly Role[];
  /** Directly below a role, by name. */
  children: (id: string) => readonly Role[];
}

/** Builds the forest of these roles; one whose parent isn't among them is a root. */
export function forestOf(roles: readonly Role[]): Forest {
  const byId = new Map(roles.map((role) => [role.id, role]));
  const below = new Map<string, Role[]>();
  const roots: Role[] = [];
  const ordered = [...roles].sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id));
  for (const role of ordered) {
    if (role.parent_id === null || !byId.has(role.parent_id)) {
      roots.push(role);
      continue;
    }
    const siblings = below.get(role.parent_id);
    if (siblings) siblings.push(role);
    else below.set(role.parent_id, [role]);
  }
  return { byId, roots, children: (id) => below.get(id) ?? [] };
}

/** The roles above one, the nearest first. */
export function ancestorsOf(forest: Forest, id: string): string[] {
  const above: string[] = [];
  let at = forest.byId.get(id)?.parent_id;
  while (at && forest.byId.has(at) && !above.includes(at)) {
    above.push(at);
    at = forest.byId.get(at)?.parent_id;
  }
  return above;
}

/** Everything below a role, at any depth, and the role itself. */
export function branchOf(forest: Forest, id: string): Set<string> {
  const branch = new Set<string>();
  const waiting = [id];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (branch.has(next)) continue;
    branch.add(next);
    for (const child of forest.children(next)) waiting.push(child.id);
  }
  return branch;
}

/** How many people are in a role and below it. */
export function peopleBelow(forest: Forest, id: string): number {
  let people = 0;
  for (const each of branchOf(forest, id)) people += forest.byId.get(each)?.user_count ?? 0;
  return people;
}

/** A role that is drawn, and how. */
export interface Shown {
  role: Role;
  /** 0 for a root. */
  depth: number;
  /** `null` for a role with nothing below it. */
  open: boolean | null;
  /** How many roles are below it, at any depth. */
  below: number;
  children: Shown[];
}

/** More roles than this can't be read at once in a common window. */
const ALL = 30;
/** In larger forests, branches from this depth on start folded. */
const FOLDED_FROM = 2;

/** The roles that are on view: those whose branches are open. What lies above `wanted` roles opens by itself. */
export function shownOf(
  forest: Forest,
  toggled: ReadonlyMap<string, boolean>,
  wanted: Iterable<string> = [],
): Shown[] {
  const above = new Set<string>();
  for (const id of wanted) for (const each of ancestorsOf(forest, id)) above.add(each);
  const many = forest.byId.size > ALL;
  const show = (role: Role, depth: number): Shown => {
    const below = forest.children(role.id);
    const open =
      below.length === 0
        ? null
        : (toggled.get(role.id) ?? (!many || depth < FOLDED_FROM || above.has(role.id)));
    return {
      role,
      depth,
      open,
      below: branchOf(forest, role.id).size - 1,
      children: open ? below.map((child) => show(child, depth + 1)) : [],
    };
  };
  return forest.roots.map((root) => show(root, 0));
}

/** The open branches that show these roles. */
export function reveal(
  forest: Forest,
  toggled: ReadonlyMap<string, boolean>,
  ids: Iterable<string>,
): ReadonlyMap<string, boolean> {
  const next = new Map(toggled);
  for (const id of ids) for (const above of ancestorsOf(forest, id)) next.set(above, true);
  return next;
}
