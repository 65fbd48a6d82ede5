import { Alert, Button, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { api, data } from '../api/client';
import { asProblem, sentence } from '../api/problem';
import type { Session } from '../api/schema';
import { meQuery, rememberedStay, rememberStay, sessionQuery, useSession } from '../api/session';
import { sessionBack, useSessionOver } from '../api/sessionOver';
import { showToggle } from '../components/password/showToggle';

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
  return <SignInAgain />;
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

/** Escape, pressed in this dialog, would otherwise close the drawer below it, and what was typed there with it. */
const STAY_OPEN = { 'data-mantine-stop-propagation': true };

function SignInAgain() {
  const session = useSession();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [running, setRunning] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const form = useForm({ initialValues: { password: '' } });
  const leave = async () => {
    await navigate({ to: '/sign-in', search: { org: session.org.slug } });
    sessionBack();
    queryClient.clear();
  };
  const submit = form.onSubmit(async ({ password }) => {
    setRunning(true);
    setError(null);
    try {
      const { org, user } = session;
      await data(api.POST('/api/v1/sessions', { body: { org: org.slug, email: user.email, password } }));
      sessionBack();
      await queryClient.invalidateQueries();
    } catch (failure) {
      const refused = asProblem(failure);
      if (refused.code === 'access_ended') {
        await navigate({
          to: '/access-ended',
          replace: true,
          state: (before) => ({ ...before, accessEnded: refused.body.access_ended }),
        });
        sessionBack();
        queryClient.clear();
      } else {
        setError(refused.code === 'sign_in_refused' ? 'This password isn’t right.' : sentence(refused));
      }
    } finally {
      setRunning(false);
    }
  });
  return (
    <Modal
      opened
      onClose={() => {}}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title={<Text fw={620}>You have been signed out</Text>}
    >
      <form onSubmit={submit}>
        <Stack>
          <Text fz="sm">
            Your session has ended, or was ended elsewhere. Sign in again to go on where you were; nothing you
            typed is lost.
          </Text>
          <Text fz="sm" c="dimmed">
            {session.user.email} at {session.org.name}
          </Text>
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            {...showToggle}
            data-autofocus
            {...STAY_OPEN}
            {...form.getInputProps('password')}
          />
          {error && (
            <Alert color="red" variant="light" role="alert">
              {error}
            </Alert>
          )}
          <Button type="submit" loading={running} {...STAY_OPEN}>
            Sign in again
          </Button>
          <Button variant="subtle" color="gray" onClick={leave} {...STAY_OPEN}>
            Sign in as somebody else
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
