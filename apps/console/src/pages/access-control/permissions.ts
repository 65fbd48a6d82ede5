import { type QueryClient, queryOptions } from '@tanstack/react-query';
import { api, data, ifMatch, type Versioned, versioned } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import type {
  Level,
  Levels,
  NewPermissionCell,
  PermissionBulkReport,
  PermissionMatrix,
  PermissionMatrixPreview,
  SomeLevels,
} from '../../api/schema';
import { levelsOf, sameLevels } from './levels';

/** A profile, and the version that changes to it are made from. */
export function profileQuery(id: string) {
  return queryOptions({
    queryKey: ['profile', id],
    queryFn: () => versioned(api.GET('/api/v1/profiles/{id}', { params: { path: { id } } })),
  });
}

/** Everything that a profile permits, and its version. */
export function matrixQuery(id: string) {
  return queryOptions({ queryKey: ['permissions', id], queryFn: () => loadMatrix(id) });
}

/** How many guests are on a profile. */
export function guestCountQuery(id: string) {
  return queryOptions({
    queryKey: ['guests', 'on-profile', id],
    queryFn: async () => {
      const query = { profile_id: id, limit: 1, count: true };
      return (await data(api.GET('/api/v1/guests', { params: { query } }))).total ?? 0;
    },
    staleTime: 60_000,
  });
}

export function loadMatrix(id: string): Promise<Versioned<PermissionMatrix>> {
  return versioned(api.GET('/api/v1/profiles/{id}/permissions', { params: { path: { id } } }));
}

/** New levels for some actions of some objects of one profile, by object key; what isn't named stays. */
export type Changes = ReadonlyMap<string, Partial<Levels>>;

/** All that a profile would permit, and what that would do. */
export interface Preview {
  permissions: NewPermissionCell[];
  preview: Versioned<PermissionMatrixPreview>;
}

/** Tells what changes would do to what is permitted at this moment. */
export async function previewChanges(
  client: QueryClient,
  profileId: string,
  changes: Changes,
): Promise<Preview> {
  const { value } = await client.fetchQuery({ ...matrixQuery(profileId), staleTime: 0 });
  const permissions = withChanges(value.permissions, changes);
  const answer = api.POST('/api/v1/profiles/{id}/preview', {
    params: { path: { id: profileId } },
    body: { permissions },
  });
  return { permissions, preview: await versioned(answer) };
}

/**
 * Saves what was previewed: all of it, or nothing (412) when it would not do any more what the preview told. Answers how
 * to take it back.
 */
export async function saveChanges(
  profileId: string,
  { permissions, preview }: Preview,
): Promise<() => Promise<unknown>> {
  const saved = await setMatrix(profileId, permissions, preview.etag);
  const former = new Map(preview.value.objects.map(({ object, current }) => [object, levelsOf(current)]));
  return () => setMatrix(profileId, withChanges(permissions, former), saved.etag);
}

/** Every object of a matrix: these with other levels, the rest as it is. */
function withChanges(cells: NewPermissionCell[], changes: Changes): NewPermissionCell[] {
  return cells.map((cell) => ({ object: cell.object, ...levelsOf(cell), ...changes.get(cell.object) }));
}

function setMatrix(profileId: string, permissions: NewPermissionCell[], etag: string) {
  return versioned(
    api.PUT('/api/v1/profiles/{id}/permissions', {
      params: { path: { id: profileId } },
      headers: ifMatch(etag),
      body: { permissions },
    }),
  );
}

/** The same levels for several profiles and objects. */
export interface Many {
  profiles: string[];
  objects: string[];
  permissions: SomeLevels;
}

/** Tells what setting many at once would do. */
export function previewMany(many: Many): Promise<Versioned<PermissionBulkReport>> {
  return versioned(api.POST('/api/v1/permissions/bulk', { body: { ...many, dry_run: true } }));
}

/** Sets many at once: all of them or none. */
export function saveMany(many: Many, etag: string): Promise<PermissionBulkReport> {
  return data(api.POST('/api/v1/permissions/bulk', { headers: ifMatch(etag), body: many }));
}

/** Puts back what many profiles permitted before, unless somebody has changed it again meanwhile. */
export async function takeBackMany(report: PermissionBulkReport): Promise<void> {
  const changed = report.results.filter((result) => result.status === 'changed');
  let kept = 0;
  for (const profileId of new Set(changed.map((result) => result.profile_id))) {
    const { value, etag } = await loadMatrix(profileId);
    const former = new Map<string, Levels>();
    for (const { profile_id, object, before, after } of changed) {
      const now = value.permissions.find((cell) => cell.object === object);
      if (profile_id !== profileId || !before || !after || !now) continue;
      // What was set to something else since then is somebody's later decision.
      if (sameLevels(now, after)) former.set(object, levelsOf(before));
      else kept += 1;
    }
    if (former.size > 0) await setMatrix(profileId, withChanges(value.permissions, former), etag);
  }
  if (kept > 0) {
    const detail = `Taken back, except ${kept} that somebody has changed again since.`;
    throw new ApiProblem(412, { code: 'changed_again', detail });
  }
}

/** Which of the four actions a set of levels names. */
export function named(permissions: SomeLevels): [keyof Levels, Level][] {
  return Object.entries(permissions).filter(([, level]) => level) as [keyof Levels, Level][];
}
