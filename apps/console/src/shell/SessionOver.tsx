import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect } from 'react';
import { onOtherTab } from '../api/otherTabs';
import type { Session } from '../api/schema';
import {
  meQuery,
  rememberedStay,
  rememberStay,
  sayNobodyIsIn,
  sessionQuery,
  useSession,
} from '../api/session';
import { sessionBack, useSessionOver } from '../api/sessionOver';

const SignInAgain = lazy(() => import('./SignInAgain').then(({ SignInAgain }) => ({ default: SignInAgain })));

/**
 * What happens when the server stops taking the session while a page is open.
 *
 * A guest whose access has ended is led to the page that says so. Everybody else may sign in again over the open page:
 * what they typed is still there.
 */
export function SessionOver() {
  const problem = useSessionOver();
  const session = useSession();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  useStay(session);
  useWakeAtEnd(session);
  useOtherTabs();
  const stay = session.user.kind === 'guest' ? rememberedStay() : null;
  const ended =
    problem !== null &&
    (problem.body.access_ended !== undefined || (stay !== null && Date.parse(stay.endsAt) <= Date.now()));

  useEffect(() => {
    if (!ended) return;
    const known = problem?.body.access_ended;
    void navigate({
      to: '/access-ended',
      replace: true,
      state: (before) => ({ ...before, accessEnded: known }),
    }).then(() => {
      sessionBack();
      queryClient.clear();
    });
  }, [ended, problem, navigate, queryClient]);

  if (!problem || ended) return null;
  return (
    <Suspense>
      <SignInAgain />
    </Suspense>
  );
}

/** Asks for everything again after somebody has signed in or out in another tab. */
function useOtherTabs(): void {
  const queryClient = useQueryClient();
  useEffect(
    () =>
      onOtherTab(() => {
        sayNobodyIsIn(false);
        void queryClient.invalidateQueries();
      }),
    [queryClient],
  );
}

/** Keeps what this tab remembers of a guest's stay as the server last told it: the end may be moved meanwhile. */
function useStay(session: Session): void {
  const { data: me } = useQuery({ ...meQuery, enabled: session.user.kind === 'guest' });
  useEffect(() => {
    if (me) rememberStay(session, me);
  }, [session, me]);
}

/** The longest delay that a timer takes. */
const LONGEST = 2 ** 31 - 1;

/** Asks the server again at the moment when the session ends: a page that nobody touches should notice, too. */
function useWakeAtEnd({ expires_at }: Session): void {
  const queryClient = useQueryClient();
  useEffect(() => {
    if (!expires_at) return;
    const left = Date.parse(expires_at) - Date.now() + 1000;
    if (left <= 0 || left > LONGEST) return;
    const timer = setTimeout(
      () => void queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey }),
      left,
    );
    return () => clearTimeout(timer);
  }, [expires_at, queryClient]);
}
