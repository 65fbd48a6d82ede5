import { QueryClient, queryOptions } from '@tanstack/react-query';
import { api, data, everyItem } from './client';
import { asProblem } from './problem';
import type { CustomObject, License, Profile, Role } from './schema';

/** The cache of everything the server said. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        retry: (failures, error) => {
          const { status } = asProblem(error);
          return (status === 0 || status === 503) && failures < 2;
        },
      },
      // Without a connection a change fails at once. Kept until there is one, it would happen after somebody has given
      // it up.
      mutations: { networkMode: 'always' },
    },
  });
}

/** Lists change with nearly everything; what belongs to the org as a whole is asked for again after a minute. */
const ORG_WIDE = 60_000;

/** The organization and its settings. */
export const orgQuery = queryOptions({
  queryKey: ['org'],
  queryFn: () => data(api.GET('/api/v1/org')),
  staleTime: ORG_WIDE,
});

/** Every profile, by name. */
export const profilesQuery = queryOptions({
  queryKey: ['profiles'],
  queryFn: (): Promise<Profile[]> =>
    everyItem((cursor) => data(api.GET('/api/v1/profiles', { params: { query: { limit: 200, cursor } } }))),
  staleTime: ORG_WIDE,
});

/** Every role, by name. */
export const rolesQuery = queryOptions({
  queryKey: ['roles'],
  queryFn: (): Promise<Role[]> =>
    everyItem((cursor) => data(api.GET('/api/v1/roles', { params: { query: { limit: 200, cursor } } }))),
  staleTime: ORG_WIDE,
});

/** Every license, by name. */
export const licensesQuery = queryOptions({
  queryKey: ['licenses'],
  queryFn: (): Promise<License[]> =>
    everyItem((cursor) => data(api.GET('/api/v1/licenses', { params: { query: { limit: 200, cursor } } }))),
  staleTime: ORG_WIDE,
});

/** Every object that the caller gets to know. */
export const objectsQuery = queryOptions({
  queryKey: ['objects'],
  queryFn: (): Promise<CustomObject[]> =>
    everyItem((cursor) => data(api.GET('/api/v1/objects', { params: { query: { limit: 200, cursor } } }))),
  staleTime: ORG_WIDE,
});
