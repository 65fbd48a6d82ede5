import { type FocusEvent, useEffect, useRef, useState } from 'react';

type OnFocus = (event: FocusEvent<HTMLInputElement>) => void;

interface Picking {
  onChange: (id: string | null) => void;
  onFocus?: OnFocus;
  onBlur?: OnFocus;
}

/**
 * Keeps the name of what is chosen, which comes late, out of the way of what somebody types.
 *
 * `known` tells whether it has come. When somebody has begun to type by then, it is `held` until they pick or leave the
 * field: the library would put it in the place of their words. When they have only come to the field, it is selected, so
 * that the next key takes its place.
 */
export function useHeldName(known: boolean, { onChange, onFocus, onBlur }: Picking) {
  const [held, setHeld] = useState(false);
  const focused = useRef<HTMLInputElement | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when it comes.
  useEffect(() => {
    if (!known || held) return;
    const timer = setTimeout(() => focused.current?.select());
    return () => clearTimeout(timer);
  }, [known]);
  return {
    held,
    /** For the field. */
    handlers: {
      onInput: () => {
        if (!known) setHeld(true);
      },
      onChange: (id: string | null) => {
        setHeld(false);
        onChange(id);
      },
      onFocus: (event: FocusEvent<HTMLInputElement>) => {
        focused.current = event.currentTarget;
        onFocus?.(event);
      },
      onBlur: (event: FocusEvent<HTMLInputElement>) => {
        focused.current = null;
        setHeld(false);
        onBlur?.(event);
      },
    },
  };
}
