import { type QueryKey, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import type { Versioned } from '../api/client';

/** How one thing is asked for, with its version. */
interface Options<T> {
  queryKey: QueryKey;
  queryFn?: unknown;
  /** Only for its type. */
  readonly _?: T;
}

/** What is being edited, as it was when editing began: others' changes in between are noticed by its version. */
export interface Edited<T> {
  /** Until it has been loaded: nothing. */
  base: Versioned<T> | null;
  error: unknown;
  /** Goes on from what is stored now, which is answered. */
  reload: () => Promise<Versioned<T>>;
}

/** Loads one thing anew to edit it, and keeps it as it was although the page around follows every change. */
export function useEdited<T>(options: Options<T>): Edited<T> {
  const queryClient = useQueryClient();
  const [base, setBase] = useState<Versioned<T> | null>(null);
  const [error, setError] = useState<unknown>(null);
  const key = JSON.stringify(options.queryKey);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the options, which are new each time.
  const reload = useCallback(async () => {
    const now = (await queryClient.fetchQuery({
      ...(options as { queryKey: QueryKey }),
      staleTime: 0,
    })) as Versioned<T>;
    setBase(now);
    return now;
  }, [key, queryClient]);
  useEffect(() => {
    reload().catch(setError);
  }, [reload]);
  return { base, error, reload };
}
