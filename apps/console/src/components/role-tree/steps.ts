import { ancestorsOf, type Forest, type Shown } from './forest';
import type { Step } from './RoleNode';

/** Where a key leads: along the column, out to the parent, or into the branch, which is unfolded first. */
export function stepFrom(
  id: string,
  where: Step,
  order: Shown[],
  forest: Forest,
  toggle: (id: string, open: boolean) => void,
): string | undefined {
  const here = order.find((each) => each.role.id === id);
  if (!here) return undefined;
  const column = order.filter((each) => each.depth === here.depth);
  const at = column.indexOf(here);
  switch (where) {
    case 'up':
      return column[at - 1]?.role.id;
    case 'down':
      return column[at + 1]?.role.id;
    case 'in':
      if (here.open === false) toggle(id, true);
      return here.children[Math.floor((here.children.length - 1) / 2)]?.role.id;
    case 'out':
      return ancestorsOf(forest, id)[0];
    case 'first':
      return order[0]?.role.id;
    case 'last':
      return order.at(-1)?.role.id;
  }
}
