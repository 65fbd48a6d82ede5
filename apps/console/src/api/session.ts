import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { api, data } from './client';
import { asProblem } from './problem';
import type { AccessEnded, Capability, Level, Levels, Me, Session } from './schema';
import { sessionBack, sessionOver } from './sessionOver';

/** Asking who is signed in would only be refused, and browsers log that as an error. */
let nobodyIsIn = false;

/** Says that nobody is signed in, or that somebody may be again. */
export function sayNobodyIsIn(known: boolean): void {
  nobodyIsIn = known;
}

let endedBefore: AccessEnded | undefined;

/** How the access of this browser's session ended, where that is why nobody is signed in. */
export function accessEndedBefore(): AccessEnded | undefined {
  return endedBefore;
}

/** Who is signed in; `null` when nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ client }): Promise<Session | null> => {
    if (nobodyIsIn) return null;
    const before = client.getQueryData<Session | null>(['session']);
    try {
      const now = await data(api.GET('/api/v1/session'));
      sessionBack();
      // Signed in to in another tab: nothing on these pages is theirs.
      if (before && before.user.id !== now.user.id) window.location.reload();
      return now;
    } catch (error) {
      const problem = asProblem(error);
      if (problem.status !== 401) throw error;
      // Pages are open: the shell says what happened, and they stay as they are meanwhile.
      if (before) sessionOver(problem);
      else endedBefore = problem.body.access_ended;
      return before ?? null;
    }
  },
  staleTime: 30_000,
});

/** Who is signed in according to the server at this moment; `null` for nobody. Leaves what pages know as it is. */
export async function sessionNow(): Promise<Session | null> {
  if (nobodyIsIn) return null;
  try {
    return await data(api.GET('/api/v1/session'));
  } catch (error) {
    if (asProblem(error).status === 401) return null;
    throw error;
  }
}

/** My own settings. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: () => data(api.GET('/api/v1/me')),
  staleTime: 60_000,
});

/** The session of a page that only signed-in people get to see. */
export function useSession(): Session {
  const { data: session } = useSuspenseQuery(sessionQuery);
  if (!session) throw new Error('a page for signed-in people was shown to nobody');
  return session;
}

/** Whether this person may administer something. The server decides again; this only spares dead buttons. */
export function can(session: Session, capability: Capability): boolean {
  return session.capabilities.includes(capability);
}

/** Whether any one of several capabilities is held. */
export function canAny(session: Session, capabilities: readonly Capability[]): boolean {
  return capabilities.some((capability) => can(session, capability));
}

/** Whether this person is on the Admin profile. */
export function isAdmin(session: Session): boolean {
  return session.profile.built_in === 'admin';
}

/** What a person reaches of an object, by action. */
export function levelsOf(session: Session, objectKey: string): Levels {
  const none: Level = 'none';
  return session.permissions[objectKey] ?? { view: none, edit: none, delete: none, create: none };
}

/** What is remembered of a guest's stay, to say goodbye properly after the server has stopped answering them. */
export interface Stay {
  org: string;
  name: string;
  endsAt: string;
  endsOn: string;
  sponsor: Me['sponsor'];
}

const STAY = 'vestibule.stay';

/** Remembers the stay of a guest for this tab. */
export function rememberStay(session: Session, me: Me): void {
  if (!me.access_ends_at || !me.access_ends_on) return;
  const stay: Stay = {
    org: session.org.name,
    name: me.first_name,
    endsAt: me.access_ends_at,
    endsOn: me.access_ends_on,
    sponsor: me.sponsor,
  };
  sessionStorage.setItem(STAY, JSON.stringify(stay));
}

/** The stay that was remembered in this tab. */
export function rememberedStay(): Stay | null {
  try {
    return JSON.parse(sessionStorage.getItem(STAY) ?? 'null') as Stay | null;
  } catch {
    return null;
  }
}

/** Forgets it: when somebody signs out, or in. */
export function forgetStay(): void {
  sessionStorage.removeItem(STAY);
}
