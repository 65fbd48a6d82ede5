import { Alert, Button, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, data } from '../../api/client';
import { asProblem, sentence } from '../../api/problem';
import { PasswordField } from '../../components/password/PasswordField';
import { useRefusedPassword } from '../../components/password/useRefusedPassword';
import { rememberedOrg } from './arrival';
import { Doorway } from './Doorway';
import { forgetLinkToken } from './linkToken';

/** Chooses a new password with a mailed link. What the organization asks of it is known once it was sent. */
export function NewPasswordForm({ token, onAskAgain }: { token: string; onAskAgain: () => void }) {
  const [running, setRunning] = useState(false);
  const [outcome, setOutcome] = useState<'changed' | 'over' | null>(null);
  const [error, setError] = useState<string | null>(null);
  const form = useForm({
    initialValues: { password: '' },
    validate: { password: (value) => (value ? null : 'Enter a new password.') },
  });
  const refused = useRefusedPassword(form.values.password);
  const submit = form.onSubmit(async ({ password }) => {
    setRunning(true);
    setError(null);
    try {
      await data(api.PUT('/api/v1/password-resets', { body: { token, password } }));
      forgetLinkToken('reset');
      setOutcome('changed');
    } catch (failure) {
      if (refused.takes(failure, password)) return;
      if (asProblem(failure).code === 'reset_link_invalid') {
        forgetLinkToken('reset');
        setOutcome('over');
      } else setError(sentence(failure));
    } finally {
      setRunning(false);
    }
  });
  if (outcome === 'changed') return <Changed />;
  if (outcome === 'over') return <Over onAskAgain={onAskAgain} />;
  return (
    <Doorway
      title="Choose a new password"
      lead="A few words that only you would put together are good and easy to keep."
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="md" mt="xl">
          <PasswordField
            size="md"
            label="New password"
            name="new-password"
            enterKeyHint="go"
            {...form.getInputProps('password')}
            error={refused.words ?? form.errors.password}
          />
          {error && (
            <Alert color="red" variant="light" role="alert" py="sm">
              {error}
            </Alert>
          )}
          <Button type="submit" size="md" fullWidth loading={running}>
            Save the new password
          </Button>
        </Stack>
      </form>
    </Doorway>
  );
}

function Changed() {
  return (
    <Doorway title="Your password is changed" lead="Everywhere you were signed in, you are signed out now.">
      <Button
        size="md"
        fullWidth
        mt="xl"
        renderRoot={(props) => (
          <Link to="/sign-in" search={{ org: rememberedOrg() || undefined }} {...props} />
        )}
      >
        Sign in with it
      </Button>
    </Doorway>
  );
}

function Over({ onAskAgain }: { onAskAgain: () => void }) {
  return (
    <Doorway title="This link no longer works" lead="Links for a new password work once and not for long.">
      <Text fz="sm" mt="lg">
        Your password is as it was. Ask for a new link if you still need one.
      </Text>
      <Button size="md" fullWidth mt="lg" onClick={onAskAgain}>
        Send me a new link
      </Button>
    </Doorway>
  );
}
