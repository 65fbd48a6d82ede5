import { keepPreviousData, type QueryKey, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Page } from '../api/client';

/** A list of the server, page after page: what has been loaded, how many there are, and how to get more. */
export interface List<T> {
  items: T[];
  /** How many there are in all, once counted. */
  total: number | undefined;
  isPending: boolean;
  /** The list shown is still that of the filter before. */
  isStale: boolean;
  error: unknown;
  hasMore: boolean;
  isLoadingMore: boolean;
  loadMore: () => void;
  retry: () => void;
}

/**
 * Loads a list by cursors.
 *
 * `page` is asked for one page after a cursor (none: the first); it should have the first one counted.
 */
export function useList<T>(
  key: QueryKey,
  page: (cursor: string | undefined, count: boolean | undefined) => Promise<Page<T>>,
): List<T> {
  const query = useInfiniteQuery({
    queryKey: key,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => page(pageParam, pageParam === undefined ? true : undefined),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
  const items = useMemo(() => query.data?.pages.flatMap((loaded) => loaded.items) ?? [], [query.data]);
  return {
    items,
    total: query.data?.pages[0]?.total,
    isPending: query.isPending,
    isStale: query.isPlaceholderData,
    error: query.error,
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    loadMore: () => {
      if (query.hasNextPage && !query.isFetching) void query.fetchNextPage();
    },
    retry: () => void (query.isFetchNextPageError ? query.fetchNextPage() : query.refetch()),
  };
}
