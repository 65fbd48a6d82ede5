import { Alert, Button, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { api, data } from '../api/client';
import { asProblem, sentence } from '../api/problem';
import { sessionBack, useSessionOver } from '../api/sessionOver';
import { rememberedStay, useSession } from '../api/session';

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
  const stay = session.user.kind === 'guest' ? rememberedStay() : null;
  const ended =
    problem !== null &&
    (problem.body.access_ended !== undefined || (stay !== null && Date.parse(stay.endsAt) <= Date.now()));

  useEffect(() => {
    if (!ended) return;
    const known = problem?.body.access_ended;
    void navigate({ to: '/access-ended', replace: true, state: (before) => ({ ...before, accessEnded: known }) }).then(() => {
      sessionBack();
      queryClient.clear();
    });
  }, [ended, problem, navigate, queryClient]);

  if (!problem || ended) return null;
  return <SignInAgain />;
}

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
    <Modal opened onClose={() => {}} withCloseButton={false} closeOnEscape={false} closeOnClickOutside={false} title={<Text fw={620}>You have been signed out</Text>}>
      <form onSubmit={submit}>
        <Stack>
          <Text fz="sm">
            Your session has ended, or was ended elsewhere. Sign in again to go on where you were; nothing you typed is
            lost.
          </Text>
          <Text fz="sm" c="dimmed">
            {session.user.email} at {session.org.name}
          </Text>
          <PasswordInput label="Password" autoComplete="current-password" data-autofocus {...form.getInputProps('password')} />
          {error && (
            <Alert color="red" variant="light" role="alert">
              {error}
            </Alert>
          )}
          <Button type="submit" loading={running}>
            Sign in again
          </Button>
          <Button variant="subtle" color="gray" onClick={leave}>
            Sign in as somebody else
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
