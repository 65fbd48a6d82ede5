import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import type { Search } from '../routes';

/** What a list shows, kept in the URL: search, sort, filters, hidden columns. */
export interface ListState {
  /** Everything in the URL's query. */
  search: Search;
  q: string;
  sort: string;
  hidden: ReadonlySet<string>;
  /** Changes some of it; `undefined` and the empty text remove. */
  set: (patch: Search) => void;
  setSort: (sort: string) => void;
  setHidden: (hidden: ReadonlySet<string>) => void;
  /** The texts of these parameters that are set, as filters for the server. */
  filters: (names: readonly string[]) => Record<string, string>;
}

interface Defaults {
  sort: string;
  /** Columns that are hidden until somebody asks for them. */
  hidden?: readonly string[];
}

/** The state of the list on this page. */
export function useListState(defaults: Defaults): ListState {
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const set = useCallback(
    (patch: Search) => {
      void navigate({
        to: '.',
        replace: true,
        search: (before: Search) => {
          const after = { ...before, ...patch };
          for (const [key, value] of Object.entries(after)) {
            if (value === undefined || value === '') delete after[key];
          }
          return after;
        },
      });
    },
    [navigate],
  );
  const hiddenText = typeof search.hide === 'string' ? search.hide : (defaults.hidden ?? []).join(',');
  const hidden = useMemo(() => new Set(hiddenText.split(',').filter(Boolean)), [hiddenText]);
  return {
    search,
    q: typeof search.q === 'string' || typeof search.q === 'number' ? String(search.q) : '',
    sort: typeof search.sort === 'string' ? search.sort : defaults.sort,
    hidden,
    set,
    setSort: (sort) => set({ sort: sort === defaults.sort ? undefined : sort }),
    setHidden: (next) =>
      set({ hide: next.size === 0 && !defaults.hidden?.length ? undefined : `${[...next].join(',')},` }),
    filters: (names) => {
      const given: Record<string, string> = {};
      for (const name of names) {
        const value = search[name];
        if (value !== undefined && value !== '') given[name] = String(value);
      }
      return given;
    },
  };
}
