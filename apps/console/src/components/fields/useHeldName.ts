import { type FocusEvent, useState } from 'react';

interface Picking {
  onChange: (id: string | null) => void;
  onBlur?: (event: FocusEvent<HTMLInputElement>) => void;
}

/**
 * Whether the name of what is chosen has to wait although it has come: the library would put it in place of what
 * somebody has begun to type. `known` tells whether it had come before that; leaving the field or picking ends it.
 */
export function useHeldName(known: boolean, { onChange, onBlur }: Picking) {
  const [held, setHeld] = useState(false);
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
      onBlur: (event: FocusEvent<HTMLInputElement>) => {
        setHeld(false);
        onBlur?.(event);
      },
    },
  };
}
