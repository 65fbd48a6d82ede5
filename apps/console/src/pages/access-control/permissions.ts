import { queryOptions } from '@tanstack/react-query';
import { api, data, ifMatch, type Versioned, versioned } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import type {
  Level,
  Levels,
  PermissionBulkReport,
  PermissionMatrix,
  PermissionPreview,
  SomeLevels,
} from '../../api/schema';
import { levelsOf, NOTHING, sameLevels } from './levels';

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

/** What changes would do, and what saving them rests on. */
export interface Preview {
  changes: Changes;
  /** What is permitted now. */
  matrix: Versioned<PermissionMatrix>;
  /** One for each changed object. */
  objects: Versioned<PermissionPreview>[];
}

/** Asks for the previews of all changed objects, one after another. */
export async function previewChanges(
  profileId: string,
  changes: Changes,
  progress: (counted: number) => void = () => {},
): Promise<Preview> {
  const matrix = await loadMatrix(profileId);
  const objects: Versioned<PermissionPreview>[] = [];
  for (const [object, levels] of changes) {
    progress(objects.length);
    const now = matrix.value.permissions.find((cell) => cell.object === object);
    const answer = api.POST('/api/v1/profiles/{id}/permissions/{object_key}/preview', {
      params: { path: { id: profileId, object_key: object } },
      body: { ...levelsOf(now ?? NOTHING), ...levels },
    });
    objects.push(await versioned(answer));
  }
  return { changes, matrix, objects };
}

/** The world is another one than it was in the preview: this is the new one. */
export class Outdated extends Error {
  readonly fresh: Preview;
  constructor(fresh: Preview) {
    super('something changed since the preview');
    this.fresh = fresh;
  }
}

/**
 * Saves what was previewed: all of it or nothing, and only if it would still do what the preview told. Answers how to
 * take it back.
 *
 * One object is saved under its preview's tag. For several there is no common tag, and saving one would outdate the
 * previews of the others: so they are all asked for once more, and then the matrix is set as a whole under its own tag.
 */
export async function saveChanges(profileId: string, preview: Preview): Promise<() => Promise<unknown>> {
  const [only, ...more] = preview.objects;
  if (only && more.length === 0) {
    const object = only.value.object;
    const saved = await setObject(profileId, object, levelsOf(only.value.proposed), only.etag);
    return () => setObject(profileId, object, levelsOf(only.value.current), saved.etag);
  }
  const fresh = await previewChanges(profileId, preview.changes);
  const same = fresh.objects.every((object, at) => object.etag === preview.objects[at]?.etag);
  if (!same) throw new Outdated(fresh);
  const before = fresh.matrix;
  const saved = await setMatrix(profileId, before.value, preview.changes, before.etag);
  return () => setMatrix(profileId, before.value, new Map(), saved.etag);
}

function setObject(profileId: string, object: string, levels: Levels, etag: string) {
  return versioned(
    api.PUT('/api/v1/profiles/{id}/permissions/{object_key}', {
      params: { path: { id: profileId, object_key: object } },
      headers: ifMatch(etag),
      body: levels,
    }),
  );
}

/** Sets every object of a profile: these with other levels, the rest as it is. */
function setMatrix(profileId: string, matrix: PermissionMatrix, changes: Changes, etag: string) {
  const permissions = matrix.permissions.map((cell) => ({
    object: cell.object,
    ...levelsOf(cell),
    ...changes.get(cell.object),
  }));
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
    if (former.size > 0) await setMatrix(profileId, value, former, etag);
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
