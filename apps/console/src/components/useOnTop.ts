import { useEffect, useRef } from 'react';

/** What opened a dialog, and the dialog in which that happened, or that gave way to it. */
interface Opening {
  by: Element | null;
  within: Opening | null;
}

/** The dialog on top. */
let top: Opening | null = null;

/** What had the focus last, for what has it may be on its way out. */
let focused: Element | null = null;
document.addEventListener('focusin', ({ target }) => {
  if (target instanceof Element) focused = target;
});

/**
 * What dialogs owe the keyboard: Escape closes the one on top and no other, and once it is gone the focus is back at
 * what opened it. The library sees to that only where a dialog stays in place while it is closed, and most of ours are
 * made when they are asked for.
 */
export function useOnTop(opened: boolean, onEscape: (() => void) | undefined): void {
  const opening = useRef<Opening | null>(null);
  // While it is drawn for the first time, for afterwards the focus is in the dialog.
  if (!opened) opening.current = null;
  else opening.current ??= { by: openerOf(), within: top };
  useEffect(() => {
    const mine = opening.current;
    if (!opened || !mine) return;
    top = mine;
    return () => {
      if (top === mine) top = mine.within;
      const last = document.activeElement;
      setTimeout(() => {
        const { activeElement } = document;
        const left = activeElement === last && last?.closest('[role="dialog"]');
        // Something else may have taken the focus on purpose, such as the next dialog.
        if (left || activeElement === document.body) bringBack(mine);
      });
    };
  }, [opened]);
  useEffect(() => {
    if (!opened) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.isComposing || event.defaultPrevented) return;
      if (top !== opening.current || !onEscape || closesItsOwn(event.target)) return;
      event.preventDefault();
      onEscape();
    };
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
  }, [opened, onEscape]);
}

/** Whether a field has options or a calendar open, which Escape closes first. */
export function closesItsOwn(field: EventTarget | null): boolean {
  if (!(field instanceof Element)) return false;
  if (field.closest('[data-mantine-stop-propagation="true"]')) return true;
  return field.matches('[data-dates-input]') && document.querySelector('[data-dates-dropdown]') !== null;
}

/** What was pressed: of an entry in a menu, the button of that menu, for the menu is about to go. */
function openerOf(): Element | null {
  const { activeElement } = document;
  const pressed = activeElement === document.body ? focused : activeElement;
  const menu = pressed?.closest('[role="menu"]')?.getAttribute('aria-labelledby');
  return (menu && document.getElementById(menu)) || pressed;
}

function bringBack(opening: Opening): void {
  let from: Opening | null = opening;
  while (from && !from.by?.isConnected) from = from.within;
  // What opened it may be gone with what was done: the page's content is the next best place.
  const place = from?.by ?? document.getElementById('content');
  if (place instanceof HTMLElement) place.focus({ preventScroll: true });
}
