import { useState } from 'react';

/**
 * Whether the name of what is chosen has to wait although it has come: the library would put it in place of what
 * somebody has begun to type. `known` tells whether it had come before that; leaving the field or picking ends it.
 */
export function useHeldName(known: boolean) {
  const [held, setHeld] = useState(false);
  return {
    held,
    begin: () => {
      if (!known) setHeld(true);
    },
    end: () => setHeld(false),
  };
}
