import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, data, ifMatch, type Page, type Versioned, versioned } from './client';
import type { ClaimLink, NewUser, Person, User, UserPatch } from './schema';

/** What the list of users can be narrowed by. */
export interface UserFilter {
  status?: string;
  profile_id?: string;
  role_id?: string;
  license_id?: string;
  never_signed_in?: boolean;
  q?: string;
}

interface PageOf {
  sort?: string;
  cursor?: string;
  count?: boolean;
  limit?: number;
}

/** The users of one page of a list. */
export function usersPage(filter: UserFilter, page: PageOf): Promise<Page<User>> {
  return data(api.GET('/api/v1/users', { params: { query: { ...filter, ...page } } }));
}

/** One user, with the version that a change is made from. */
export function userQuery(id: string) {
  return queryOptions({
    queryKey: ['user', id],
    queryFn: () => versioned(api.GET('/api/v1/users/{id}', { params: { path: { id } } })),
  });
}

/** Who is seen from a person in the tree of roles: everybody below, or everybody beside. */
export type Relation = 'reports' | 'peers';

/** One page of a person's reports or peers, of both kinds. */
export function relatedPage(id: string, relation: Relation, page: PageOf): Promise<Page<Person>> {
  const params = { path: { id }, query: { sort: 'last_name,first_name', ...page } };
  return data(
    relation === 'reports'
      ? api.GET('/api/v1/users/{id}/reports', { params })
      : api.GET('/api/v1/users/{id}/peers', { params }),
  );
}

/** How many reports or peers a person has. */
export function relatedCountQuery(id: string, relation: Relation) {
  return queryOptions({
    queryKey: ['user', id, relation, 'count'],
    queryFn: async () => (await relatedPage(id, relation, { count: true, limit: 1 })).total ?? 0,
  });
}

export function addUser(body: NewUser): Promise<User> {
  return data(api.POST('/api/v1/users', { body }));
}

export function patchUser(id: string, body: UserPatch, etag?: string): Promise<Versioned<User>> {
  return versioned(
    api.PATCH('/api/v1/users/{id}', { params: { path: { id } }, body, headers: ifMatch(etag) }),
  );
}

export function deactivateUser(id: string): Promise<User> {
  return data(api.POST('/api/v1/users/{id}/deactivate', { params: { path: { id } } }));
}

export function activateUser(id: string): Promise<User> {
  return data(api.POST('/api/v1/users/{id}/activate', { params: { path: { id } } }));
}

export function unlockUser(id: string): Promise<User> {
  return data(api.POST('/api/v1/users/{id}/unlock', { params: { path: { id } } }));
}

/** Deletes a user; without an heir the records become unowned. */
export async function deleteUser(id: string, heir: string | null): Promise<void> {
  const query = heir ? { transfer_records_to: heir } : {};
  await data(api.DELETE('/api/v1/users/{id}', { params: { path: { id }, query } }));
}

/** Mails a new claim link; the ones before stop working. */
export async function mailClaimLink(id: string): Promise<void> {
  await data(
    api.POST('/api/v1/users/{id}/claim-links', { params: { path: { id } }, body: { deliver: 'email' } }),
  );
}

/** Makes a claim link to hand over oneself; the mailed one stops working. */
export async function showClaimLink(id: string): Promise<ClaimLink> {
  const link = await data(
    api.POST('/api/v1/users/{id}/claim-links', { params: { path: { id } }, body: { deliver: 'response' } }),
  );
  if (!link) throw new Error('the server answered no link');
  return link;
}

/** What a change of a user may make stale: lists, seats, the log, names, and what they sponsor and own. */
const TOUCHED = [
  'users',
  'user',
  'guests',
  'guest',
  'licenses',
  'profiles',
  'roles',
  'role',
  'audit',
  'people',
  'person',
  'records',
  'session',
];

/** A command over users, to be awaited; whatever it touches is asked for again, also when it is refused. */
export function useUserCommand<Input, Output>(run: (input: Input) => Promise<Output>) {
  const queryClient = useQueryClient();
  const { mutateAsync } = useMutation({
    mutationFn: run,
    onSettled: () => {
      void queryClient.invalidateQueries({
        predicate: ({ queryKey }) => TOUCHED.includes(String(queryKey[0])),
      });
    },
  });
  return mutateAsync;
}
