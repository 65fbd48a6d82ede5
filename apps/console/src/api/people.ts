import { queryOptions } from '@tanstack/react-query';
import { api, data } from './client';
import type { PersonName } from './schema';

/** People asked for one by one within a moment are looked up together. */
const AT_ONCE = 100;
let waiting = new Map<string, ((person: PersonName | null) => void)[]>();
let refused: ((error: unknown) => void)[] = [];

function flush(): void {
  const asked = waiting;
  const failed = refused;
  waiting = new Map();
  refused = [];
  const ids = [...asked.keys()];
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    const some = ids.slice(start, start + AT_ONCE);
    data(api.GET('/api/v1/people', { params: { query: { ids: some.join(','), limit: AT_ONCE } } })).then(
      (page) => {
        const found = new Map(page.items.map((person) => [person.id, person]));
        for (const id of some) for (const answer of asked.get(id) ?? []) answer(found.get(id) ?? null);
      },
      (error) => {
        for (const fail of failed) fail(error);
      },
    );
  }
}

function load(id: string): Promise<PersonName | null> {
  return new Promise((resolve, reject) => {
    if (waiting.size === 0) setTimeout(flush, 5);
    waiting.set(id, [...(waiting.get(id) ?? []), resolve]);
    refused.push(reject);
  });
}

/** A person's name; `null` for somebody deleted, or whom the caller doesn't get to know. */
export function personQuery(id: string) {
  return queryOptions({ queryKey: ['person', id], queryFn: () => load(id), staleTime: 5 * 60_000 });
}

/** The people whose names contain these words, for pickers. */
export function peopleSearchQuery(q: string, kind?: 'standard' | 'guest') {
  return queryOptions({
    queryKey: ['people', q, kind ?? ''],
    queryFn: () =>
      data(api.GET('/api/v1/people', { params: { query: { q: q || undefined, kind, limit: 20 } } })),
    staleTime: 30_000,
  });
}

/** First and last name. */
export function fullName(person: { first_name: string; last_name: string }): string {
  return `${person.first_name} ${person.last_name}`.trim();
}
