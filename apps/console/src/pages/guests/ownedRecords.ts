import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, data } from '../../api/client';
import { objectsQuery } from '../../api/queries';
import type { CustomObject } from '../../api/schema';
import { levelsOf, useSession } from '../../api/session';

/** How many records of an object somebody owns, among those that the reader may view. */
export interface Owned {
  object: CustomObject;
  count: number;
}

/** The filter for the records of an object that these people own; `null` when nobody can own any. */
export function ownedFilter(object: CustomObject, owners: string[]): string | null {
  const fields = object.fields.filter((field) => field.represents_ownership);
  if (fields.length === 0) return null;
  return fields.flatMap((field) => owners.map((owner) => `${field.key} eq "${owner}"`)).join(' or ');
}

/** How many records of an object match, among those that the reader may view. */
export async function countRecords(object: CustomObject, filter?: string): Promise<number> {
  const page = await data(
    api.GET('/api/v1/objects/{key}/records', {
      params: { path: { key: object.key }, query: { ...(filter && { filter }), count: true, limit: 1 } },
    }),
  );
  return page.total ?? 0;
}

/** The objects whose records can have owners and that the reader views at all. */
export function useOwnable(): CustomObject[] {
  const session = useSession();
  const { data: objects = [] } = useQuery(objectsQuery);
  return objects.filter(
    (object) => levelsOf(session, object.key).view !== 'none' && ownedFilter(object, ['']) !== null,
  );
}

/** What somebody owns, by object. */
export function ownedQuery(personId: string, objects: CustomObject[]) {
  return queryOptions({
    queryKey: ['records', 'owned', personId, objects.map((object) => object.key)],
    queryFn: (): Promise<Owned[]> =>
      Promise.all(
        objects.map(async (object) => ({
          object,
          count: await countRecords(object, ownedFilter(object, [personId]) ?? undefined),
        })),
      ),
    enabled: objects.length > 0,
  });
}
