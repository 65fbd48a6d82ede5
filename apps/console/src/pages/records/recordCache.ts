import { type InfiniteData, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Page } from '../../api/client';
import { loadRecord, type NamedRecord, recordQuery } from '../../api/records';

/** A record of a list, with the names that came along with its page. */
export type ListedRecord = NamedRecord & { names: { [id: string]: string } };

/** What is being saved of records at the moment, by their ids. */
const turns = new Map<string, Promise<unknown>>();

type Pages = InfiniteData<Page<ListedRecord>>;

/** The records that have been loaded, and how they change. */
export function useRecordCache(object: string) {
  const client = useQueryClient();
  return useMemo(() => {
    const lists = { queryKey: ['records', object, 'list'] };
    const inPages = (change: (items: ListedRecord[]) => ListedRecord[]) =>
      client.setQueriesData<Pages>(
        lists,
        (before) =>
          before && {
            ...before,
            pages: before.pages.map((page) => ({ ...page, items: change(page.items) })),
          },
      );
    return {
      /**
       * Asks for a record again and shows it wherever it is shown; lists keep their order until they are loaded anew.
       */
      refresh: async (id: string) => {
        const fresh = await client.fetchQuery({ ...recordQuery(object, id), staleTime: 0 });
        const named = { ...fresh.value, names: fresh.value.names ?? {} };
        inPages((items) => items.map((item) => (item.id === id ? named : item)));
        return fresh;
      },
      /** Changes a record once all that was to be changed before has been: nobody is in their own way. */
      inTurn: (id: string, change: () => Promise<void>) => {
        const turn = (turns.get(id) ?? Promise.resolve()).then(change);
        turns.set(
          id,
          turn.catch(() => {}),
        );
        return turn;
      },
      /** The record as an edit begins from it: with everything that is being saved of it here. */
      begin: async (id: string) => {
        await turns.get(id);
        return loadRecord(object, id);
      },
      /** As it is now, without showing it anywhere. */
      peek: (id: string) => loadRecord(object, id),
      /** It is gone, or out of reach. */
      drop: (id: string) => {
        inPages((items) => items.filter((item) => item.id !== id));
        client.removeQueries({ queryKey: ['record', object, id] });
      },
      /** Something changed that may belong in any list. */
      reload: () => client.invalidateQueries({ queryKey: ['records', object] }),
      /** Who reaches it, and what is told of it, may have changed with it. */
      touch: (id: string) => {
        void client.invalidateQueries({ queryKey: ['record-access', object, id] });
        void client.invalidateQueries({ queryKey: ['explanation'] });
        void client.invalidateQueries({ queryKey: ['audit'] });
      },
    };
  }, [client, object]);
}
