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

  /** The first sight: what is lit, or everything; where that can't be read, the part around its root. */
  // biome-ignore lint/correctness/useExhaustiveDependencies: the canvas is a ref, and stays the same.
  const start = useCallback(() => {
    const box = canvas.current?.getBoundingClientRect();
    if (!box) return;
    const wanted = lit.size > 0 ? [...lit.keys()] : [...places.keys()];
    const spots = wanted.flatMap((id) => places.get(id) ?? []);
    if (spots.length === 0) return;
    const first = wanted.find((id) => lit.get(id) === 'subject') ?? order[0]?.item.role.id ?? '';
    const [left, above] = [least(spots, 'x'), least(spots, 'y')];
    const wide = most(spots, 'x') - left + SIZE.width + FOLD + 2 * MARGIN;
    const high = most(spots, 'y') - above + SIZE.height + 2 * MARGIN;
    const zoom = Math.max(Math.min(box.width / wide, box.height / high, 1), READABLE);
    const middle =
      high * zoom > box.height
        ? (places.get(first)?.y ?? above) + SIZE.height / 2
        : above + high / 2 - MARGIN;
    void flow.setViewport({
      x: Math.max(MARGIN * zoom, (box.width - (wide - 2 * MARGIN) * zoom) / 2) - left * zoom,
      y: box.height / 2 - middle * zoom,
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

function least(spots: { x: number; y: number }[], axis: 'x' | 'y'): number {
  return Math.min(...spots.map((spot) => spot[axis]));
}

function most(spots: { x: number; y: number }[], axis: 'x' | 'y'): number {
  return Math.max(...spots.map((spot) => spot[axis]));
}
