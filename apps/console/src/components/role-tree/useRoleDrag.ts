import { type OnNodeDrag, useReactFlow } from '@xyflow/react';
import { type RefObject, useCallback, useRef, useState } from 'react';
import { branchOf, type Forest } from './forest';
import type { RoleFlowNode } from './RoleNode';

/** Above this place a dragged role becomes a root. */
export const TOP = 'top';

/** A role on the move, with everything below it. */
export interface RoleDrag {
  id: string;
  branch: ReadonlySet<string>;
  /** How far it has been moved. */
  dx: number;
  dy: number;
  /** What lies under the pointer: a role, the place for roots, or nothing. */
  over: string | typeof TOP | null;
  /** Whether it may be let go there. */
  allowed: boolean;
}

interface Box {
  x: number;
  y: number;
}

/**
 * Dragging a role onto another one.
 *
 * `places` are the roles' places in the drawing; `top` is the element to drop a role on that should become a root.
 */
export function useRoleDrag(
  forest: Forest,
  places: ReadonlyMap<string, Box>,
  size: { width: number; height: number },
  top: RefObject<HTMLElement | null>,
  onMove: ((id: string, parent: string | null) => void) | undefined,
) {
  const flow = useReactFlow();
  const [drag, setDrag] = useState<RoleDrag | null>(null);
  const latest = useRef<RoleDrag | null>(null);

  const over = useCallback(
    (event: { clientX: number; clientY: number }, branch: ReadonlySet<string>): string | null => {
      const box = top.current?.getBoundingClientRect();
      if (box && within(event.clientX - box.x, event.clientY - box.y, box)) return TOP;
      const at = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
      for (const [id, place] of places) {
        if (!branch.has(id) && within(at.x - place.x, at.y - place.y, size)) return id;
      }
      return null;
    },
    [flow, places, size, top],
  );

  const onNodeDrag: OnNodeDrag<RoleFlowNode> = useCallback(
    (event, node) => {
      const home = places.get(node.id);
      if (!home) return;
      const branch = latest.current?.branch ?? branchOf(forest, node.id);
      const point = 'touches' in event ? (event.touches[0] ?? event.changedTouches[0]) : event;
      const under = point ? over(point, branch) : null;
      const parent = forest.byId.get(node.id)?.parent_id ?? null;
      const next: RoleDrag = {
        id: node.id,
        branch,
        dx: node.position.x - home.x,
        dy: node.position.y - home.y,
        over: under,
        allowed: under !== null && (under === TOP ? parent !== null : under !== parent),
      };
      latest.current = next;
      setDrag(next);
    },
    [forest, over, places],
  );

  const onNodeDragStop: OnNodeDrag<RoleFlowNode> = useCallback(() => {
    const last = latest.current;
    latest.current = null;
    setDrag(null);
    if (last?.over && last.allowed) onMove?.(last.id, last.over === TOP ? null : last.over);
  }, [onMove]);

  return { drag, onNodeDrag, onNodeDragStop };
}

function within(x: number, y: number, size: { width: number; height: number }): boolean {
  return x >= 0 && y >= 0 && x <= size.width && y <= size.height;
}
