import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, data, ifMatch, type Versioned, versioned } from './client';
import type { NewRole, Role, RoleMovePreview, RolePatch } from './schema';

/** One role, with the version that a change is made from. */
export function roleQuery(id: string) {
  return queryOptions({
    queryKey: ['role', id],
    queryFn: () => versioned(api.GET('/api/v1/roles/{id}', { params: { path: { id } } })),
  });
}

/** What would change if a role were moved, with the version under which it may be moved just so. */
export function roleMoveQuery(id: string, parent: string | null) {
  return queryOptions({
    queryKey: ['role-move', id, parent],
    queryFn: (): Promise<Versioned<RoleMovePreview>> =>
      versioned(
        api.POST('/api/v1/roles/{id}/preview', { params: { path: { id } }, body: { parent_id: parent } }),
      ),
    staleTime: 0,
    gcTime: 0,
  });
}

export function addRole(body: NewRole): Promise<Role> {
  return data(api.POST('/api/v1/roles', { body }));
}

export function patchRole(id: string, body: RolePatch, etag?: string): Promise<Versioned<Role>> {
  return versioned(
    api.PATCH('/api/v1/roles/{id}', { params: { path: { id } }, body, headers: ifMatch(etag) }),
  );
}

/**
 * Deletes a role. `moveTo` takes its people and the roles below it: another role, or `null` to leave the people
 * without one and put the roles at the top; `undefined` for a role that has neither.
 */
export async function deleteRole(id: string, moveTo: string | null | undefined): Promise<void> {
  const query = moveTo === undefined ? {} : { move_to: moveTo ?? 'null' };
  await data(api.DELETE('/api/v1/roles/{id}', { params: { path: { id }, query } }));
}

/**
 * A command over roles, to be awaited. Roles decide who reaches what, so everything that is on view is asked for again,
 * also after a refusal, for then it may be out of date.
 */
export function useRoleCommand<Input, Output>(run: (input: Input) => Promise<Output>) {
  const queryClient = useQueryClient();
  const { mutateAsync } = useMutation({
    mutationFn: run,
    onSettled: () => {
      void queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'role-move' });
    },
  });
  return mutateAsync;
}
