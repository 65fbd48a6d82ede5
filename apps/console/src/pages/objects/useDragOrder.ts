import { type PointerEvent, useCallback, useRef, useState } from 'react';

interface Drag {
  key: string;
  order: string[];
}

/**
 * Dragging the items of a list to other places, with a mouse or a finger. While one drags, `order` is what it would
 * become; `onDrop` gets it in the end.
 */
export function useDragOrder(keys: string[], onDrop: (order: string[]) => void) {
  const [drag, setDrag] = useState<Drag | null>(null);
  const items = useRef(new Map<string, HTMLElement>());
  const register = useCallback(
    (key: string) => (element: HTMLElement | null) => {
      if (element) items.current.set(key, element);
      else items.current.delete(key);
    },
    [],
  );
  const handleProps = (key: string) => ({
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return;
      event.preventDefault();
      event.currentTarget.setPointerCapture(event.pointerId);
      event.currentTarget.focus();
      setDrag({ key, order: keys });
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      if (drag?.key !== key) return;
      const from = drag.order.indexOf(key);
      const over = drag.order.findIndex((other) => {
        const box = items.current.get(other)?.getBoundingClientRect();
        return box && event.clientY >= box.top && event.clientY < box.bottom;
      });
      if (over < 0 || over === from) return;
      setDrag({ key, order: moved(drag.order, from, over) });
    },
    onPointerUp: () => {
      if (drag?.key !== key) return;
      setDrag(null);
      if (drag.order.some((other, index) => other !== keys[index])) onDrop(drag.order);
    },
    onPointerCancel: () => setDrag(null),
  });
  return { order: drag?.order ?? keys, dragging: drag?.key ?? null, register, handleProps };
}

/** A list with the item at one place put to another. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const next = [...list];
  const [item] = next.splice(from, 1);
  if (item !== undefined) next.splice(to, 0, item);
  return next;
}
