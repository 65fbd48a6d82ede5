import { useReducedMotion } from '@mantine/hooks';
import { useReactFlow } from '@xyflow/react';
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef } from 'react';
import type { Shown } from './forest';
import type { Place } from './layout';
import type { Lit } from './lit';

/** How large a role is drawn. */
export const SIZE = { width: 216, height: 46 };
/** Smaller than this, names can't be read: the first sight of a large forest shows a part of it. */
const READABLE = 0.66;
/** Around what is shown at first sight. */
const MARGIN = 20;
/** Room for the button that folds a branch. */
const FOLD = 34;
/** What the buttons for zooming take at the bottom, in pixels of the screen. */
export const CONTROLS = 54;

interface Spot {
  x: number;
  y: number;
}

interface View {
  canvas: RefObject<HTMLElement | null>;
  order: readonly Place<Shown>[];
  places: ReadonlyMap<string, Spot>;
  lit: ReadonlyMap<string, Lit>;
  selected: string | undefined;
  look: { id: string } | null;
  overview: number;
  toggle: (id: string, open: boolean) => void;
}

/** Which part of the drawing is on view: at first, when somebody looks for a role, and when branches fold. */
export function useCamera({ canvas, order, places, lit, selected, look, overview, toggle }: View) {
  const flow = useReactFlow();
  const duration = useReducedMotion() ? 0 : 250;

  /** Brings a role into sight, if it isn't yet or when asked to put it in the middle. */
  // biome-ignore lint/correctness/useExhaustiveDependencies: the canvas is a ref, and stays the same.
  const show = useCallback(
    (id: string, centre: boolean) => {
      const spot = places.get(id);
      const box = canvas.current?.getBoundingClientRect();
      if (!spot || !box) return;
      const { x, y, zoom } = flow.getViewport();
      const left = spot.x * zoom + x;
      const above = spot.y * zoom + y;
      const inside =
        left >= 0 &&
        above >= 0 &&
        left + SIZE.width * zoom <= box.width &&
        above + SIZE.height * zoom <= box.height;
      if (inside && !centre) return;
      void flow.setCenter(spot.x + SIZE.width / 2, spot.y + SIZE.height / 2, {
        zoom: centre ? 0.9 : Math.max(zoom, READABLE),
        duration,
      });
    },
    [duration, flow, places],
  );

  /**
   * The first sight: what is lit with the way down to it, or everything. Where that can't be read, the way from the root
   * to the person, and where even that can't, the person.
   */
  // biome-ignore lint/correctness/useExhaustiveDependencies: the canvas is a ref, and stays the same.
  const start = useCallback(() => {
    const box = canvas.current?.getBoundingClientRect();
    if (!box) return;
    const [wide, high] = [box.width, box.height - CONTROLS];
    const lights = [...lit.keys()];
    const person = lights.find((id) => lit.get(id) === 'subject') ?? order[0]?.item.role.id ?? '';
    const way = wayTo(person, order);
    // Where the way is lit, what is above it doesn't matter.
    const ready = lights.some((id) => lit.get(id) === 'path');
    const wanted = lit.size === 0 ? [...places.keys()] : ready ? lights : [...way, ...lights];
    const frames = [wanted, way, [person]].flatMap((ids) => frameOf(ids, places) ?? []);
    const [all] = frames;
    const last = frames.at(-1);
    if (!all || !last) return;
    const zoom = Math.max(Math.min(wide / all.width, high / all.height, 1), READABLE);
    // A pixel is for what is lost in dividing.
    const across = (frame: Frame) => frame.width * zoom <= wide + 1;
    const down = (frame: Frame) => frame.height * zoom <= high + 1;
    const seen = frames.find((frame) => across(frame) && down(frame)) ?? last;
    const [x, y] = [across(all) ? all : seen, down(all) ? all : seen];
    // More to the right than there is room for: the way begins at the left, and the person alone is in the middle.
    const begin = x === all || x === last ? (wide - x.width * zoom) / 2 : 0;
    void flow.setViewport({
      x: begin - x.left * zoom,
      y: (high - y.height * zoom) / 2 - y.above * zoom,
      zoom,
    });
  }, [flow, lit, order, places]);

  // When branches fold, the role whose branch it is stays where it is on the screen.
  const still = useRef<string | null>(null);
  const before = useRef(places);
  const onToggle = useCallback(
    (id: string, open: boolean) => {
      still.current = id;
      toggle(id, open);
    },
    [toggle],
  );
  useLayoutEffect(() => {
    const was = before.current;
    before.current = places;
    if (was === places) return;
    const anchor = [still.current, selected, order[0]?.item.role.id].find(
      (id) => id && was.has(id) && places.has(id),
    );
    still.current = null;
    const [from, to] = [was.get(anchor ?? ''), places.get(anchor ?? '')];
    if (!from || !to) return;
    const { x, y, zoom } = flow.getViewport();
    void flow.setViewport({ x: x + (from.x - to.x) * zoom, y: y + (from.y - to.y) * zoom, zoom });
  }, [flow, order, places, selected]);

  // Once on view, whatever somebody looks for is brought into sight.
  const begun = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it answers what somebody looks for, once.
  useEffect(() => {
    if (begun.current && look) show(look.id, false);
  }, [look]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it answers what is lit or asked for, and not that branches fold.
  useEffect(() => {
    if (begun.current && (overview > 0 || lit.size > 0)) start();
  }, [overview, lit]);

  const begin = () => {
    if (look) show(look.id, true);
    else start();
    begun.current = true;
  };
  return { show, begin, onToggle };
}

/** A part of the drawing, with a margin around. */
interface Frame {
  left: number;
  above: number;
  width: number;
  height: number;
}

/** The part of the drawing with these roles in it. */
function frameOf(ids: readonly string[], places: ReadonlyMap<string, Spot>): Frame | null {
  const spots = ids.flatMap((id) => places.get(id) ?? []);
  if (spots.length === 0) return null;
  const [xs, ys] = [spots.map(({ x }) => x), spots.map(({ y }) => y)];
  const [left, above] = [Math.min(...xs), Math.min(...ys)];
  return {
    left: left - MARGIN,
    above: above - MARGIN,
    width: Math.max(...xs) - left + SIZE.width + FOLD + 2 * MARGIN,
    height: Math.max(...ys) - above + SIZE.height + 2 * MARGIN,
  };
}

/** A role and those above it, as far as they are drawn. */
function wayTo(id: string, order: readonly Place<Shown>[]): string[] {
  const above = new Map(order.map(({ item: { role } }) => [role.id, role.parent_id]));
  const way: string[] = [];
  for (let at: string | null | undefined = id; at && above.has(at); at = above.get(at)) way.push(at);
  return way;
}
