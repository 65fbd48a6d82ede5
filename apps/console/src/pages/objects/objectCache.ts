import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api, ifMatch, type Versioned, versioned } from '../../api/client';
import { objectQuery } from '../../api/records';
import type { CustomObject, FieldPatch, NewField, ObjectPatch } from '../../api/schema';

/** The changes of objects, which show at once wherever the object is shown. */
export function useObjectCache() {
  const client = useQueryClient();
  return useMemo(() => {
    /** Everything that shows objects, or what their fields and owners decide. */
    const touched = async (key: string) => {
      await Promise.all(
        [
          ['objects'],
          ['object', key],
          ['records', key],
          ['record', key],
          ['session'],
          ['permissions'],
          ['explanation'],
        ].map((queryKey) => client.invalidateQueries({ queryKey })),
      );
    };
    const keep = async (changed: Versioned<CustomObject>) => {
      client.setQueryData(objectQuery(changed.value.key).queryKey, changed);
      await touched(changed.value.key);
      return changed;
    };
    return {
      touched,
      /** As it is stored now, after somebody else was faster. */
      readAgain: (key: string) => client.fetchQuery({ ...objectQuery(key), staleTime: 0 }),
      /** An object is gone: nobody should ask for it again. */
      dropped: async (key: string) => {
        for (const word of ['object', 'records', 'record']) client.removeQueries({ queryKey: [word, key] });
        await Promise.all(
          [['objects'], ['session']].map((queryKey) => client.invalidateQueries({ queryKey })),
        );
      },
      change: async (key: string, etag: string | undefined, body: ObjectPatch) =>
        keep(
          await versioned(
            api.PATCH('/api/v1/objects/{key}', { params: { path: { key } }, headers: ifMatch(etag), body }),
          ),
        ),
      addField: async (key: string, body: NewField) =>
        keep(await versioned(api.POST('/api/v1/objects/{key}/fields', { params: { path: { key } }, body }))),
      changeField: async (key: string, field: string, etag: string | undefined, body: FieldPatch) =>
        keep(
          await versioned(
            api.PATCH('/api/v1/objects/{key}/fields/{field}', {
              params: { path: { key, field } },
              headers: ifMatch(etag),
              body,
            }),
          ),
        ),
      removeField: async (key: string, field: string, etag: string | undefined) => {
        await versioned(
          api.DELETE('/api/v1/objects/{key}/fields/{field}', {
            params: { path: { key, field } },
            headers: ifMatch(etag),
          }),
        );
        await touched(key);
      },
    };
  }, [client]);
}
