import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useLocation, useRouter } from '@tanstack/react-router';
import { useCallback } from 'react';
import { tellOtherTabs } from '../../api/otherTabs';
import { forgetStay, sayNobodyIsIn, sessionNow, sessionQuery } from '../../api/session';
import { sessionBack } from '../../api/sessionOver';
import { forgetEnd } from './keptEnd';
import { safePath } from './safePath';

const ORG = 'vestibule.org';

/** The short name of the organization that was last signed in to in this browser. */
export function rememberedOrg(): string {
  return localStorage.getItem(ORG) ?? '';
}

/** Remembers it for the next time. */
export function rememberOrg(slug: string): void {
  localStorage.setItem(ORG, slug);
}

/** The email that somebody typed on the page they came from. */
export function useTypedEmail(): string {
  return useLocation({ select: ({ state }) => state.email ?? '' });
}

/** Leads the keys of what pages before the door ask: those pages are still open while somebody goes in. */
export const DOOR = 'door';

/** Who this browser is signed in as, asked anew: what pages remembered from before doesn't count at the door. */
export function useWhoIsIn() {
  return useQuery({
    queryKey: [DOOR, 'who-is-in'],
    queryFn: sessionNow,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
}

/** Goes in after the server has made a session, or had one: forgets whoever was here before, and opens the wanted page. */
export function useArrival() {
  const router = useRouter();
  const queryClient = useQueryClient();
  return useCallback(
    async (to?: unknown) => {
      queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== DOOR });
      sayNobodyIsIn(false);
      forgetStay();
      forgetEnd();
      sessionBack();
      tellOtherTabs();
      await queryClient.fetchQuery(sessionQuery);
      router.history.replace(safePath(to));
    },
    [router, queryClient],
  );
}
