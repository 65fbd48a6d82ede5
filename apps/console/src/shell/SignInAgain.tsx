import { Alert, Button, PasswordInput, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, data } from '../api/client';
import { tellOtherTabs } from '../api/otherTabs';
import { asProblem, sentence } from '../api/problem';
import { useSession } from '../api/session';
import { sessionBack } from '../api/sessionOver';
import { Dialog } from '../components/Dialog';
import { showToggle } from '../components/password/showToggle';

/** Signs in again over an open page, and goes on where one was. */
export function SignInAgain() {
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
      tellOtherTabs();
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
    <Dialog
      opened
      onClose={() => {}}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title="You have been signed out"
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
            {...form.getInputProps('password')}
          />
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
    </Dialog>
  );
}
