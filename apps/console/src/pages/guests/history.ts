import { useInfiniteQuery } from '@tanstack/react-query';
import { api, data } from '../../api/client';
import type { AuditEvent } from '../../api/schema';
import { inEpisodes, merged } from './episodes';

function useEvents(by: 'target_id' | 'actor_id', id: string, enabled: boolean) {
  return useInfiniteQuery({
    queryKey: ['audit', by, id],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      data(
        api.GET('/api/v1/audit-events', { params: { query: { [by]: id, limit: 50, cursor: pageParam } } }),
      ),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    enabled,
  });
}

/** Everything that happened to somebody or was done by them, the newest first. */
export function useHistory(personId: string, enabled: boolean) {
  const to = useEvents('target_id', personId, enabled);
  const by = useEvents('actor_id', personId, enabled);
  const episodes = inEpisodes(
    merged([
      { events: eventsOf(to.data), whole: !to.hasNextPage },
      { events: eventsOf(by.data), whole: !by.hasNextPage },
    ]),
  );
  return {
    episodes,
    isPending: to.isPending || by.isPending,
    error: to.error ?? by.error,
    hasMore: to.hasNextPage || by.hasNextPage,
    isLoadingMore: to.isFetchingNextPage || by.isFetchingNextPage,
    loadMore: () => {
      if (to.hasNextPage) void to.fetchNextPage();
      if (by.hasNextPage) void by.fetchNextPage();
    },
    retry: () => {
      void to.refetch();
      void by.refetch();
    },
  };
}

function eventsOf(loaded: { pages: { items: unknown[] }[] } | undefined): AuditEvent[] {
  return (loaded?.pages.flatMap((page) => page.items) ?? []) as AuditEvent[];
}
