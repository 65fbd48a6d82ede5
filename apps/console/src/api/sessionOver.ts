import { useSyncExternalStore } from 'react';
import type { ApiProblem } from './problem';

/** Tells the shell that the server no longer takes the session, whichever request found out. */
let over: ApiProblem | null = null;
const listeners = new Set<() => void>();

function set(next: ApiProblem | null): void {
  over = next;
  for (const listener of listeners) listener();
}

/** The session has ended: said once, by the first request that was refused. */
export function sessionOver(problem: ApiProblem): void {
  if (!over) set(problem);
}

/** Somebody signed in again. */
export function sessionBack(): void {
  set(null);
}

/** Why the session is over; `null` while it isn't. */
export function useSessionOver(): ApiProblem | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => over,
  );
}
