import { queryOptions } from '@tanstack/react-query';
import { guestsPage } from '../../api/guests';

/** How many guests with access, or on their way to it, somebody answers for. */
export function sponsoredCountQuery(userId: string) {
  return queryOptions({
    queryKey: ['guests', 'sponsored', userId, 'count'],
    queryFn: async () =>
      (await guestsPage({ sponsor_id: userId, status: 'active,invited' }, { count: true, limit: 1 })).total ??
      0,
  });
}

/** What becomes of the guests of a sponsor who goes. */
export function orphanedWords(count: number): string {
  const guests =
    count === 1 ? 'The guest they sponsor keeps' : `The ${count.toLocaleString()} guests they sponsor keep`;
  return `${guests} access until the last day, but nobody can extend it before ${count === 1 ? 'the guest has' : 'they have'} a new sponsor.`;
}
