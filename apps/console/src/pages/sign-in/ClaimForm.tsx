import { Alert, Button, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconUserExclamation } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import dayjs from 'dayjs';
import { type ReactNode, useState } from 'react';
import { api, data } from '../../api/client';
import { fullName } from '../../api/people';
import { asProblem, sentence } from '../../api/problem';
import type { ClaimPreview } from '../../api/schema';
import { PasswordField } from '../../components/password/PasswordField';
import { mayBeSent, rulesFor } from '../../components/password/rules';
import { useRefusedPassword } from '../../components/password/useRefusedPassword';
import { DOOR, rememberOrg, useArrival, useWhoIsIn } from './arrival';
import { Doorway } from './Doorway';
import classes from './Doorway.module.css';
import { forgetLinkToken } from './linkToken';

/** What the invitation is, and the one thing to do. */
export function ClaimForm({ token, invitation }: { token: string; invitation: ClaimPreview }) {
  const { org, password_policy: policy, email } = invitation;
  const arrive = useArrival();
  const queryClient = useQueryClient();
  const [running, setRunning] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const form = useForm({
    initialValues: { password: '' },
    validate: {
      password: (value) =>
        mayBeSent(rulesFor(policy, value, invitation)) ? null : 'Not yet: see what is missing below.',
    },
  });
  const refused = useRefusedPassword(form.values.password);
  const submit = form.onSubmit(async ({ password }) => {
    setRunning(true);
    setError(null);
    try {
      await data(api.POST('/api/v1/claims', { body: { token, password } }));
      rememberOrg(org.slug);
      forgetLinkToken('claim');
      await arrive();
    } catch (failure) {
      if (refused.takes(failure, password))
        form.setFieldError('password', 'Please choose another one: see below.');
      // Used meanwhile, perhaps in another tab: the page says what to do now.
      else if (asProblem(failure).code === 'claim_link_invalid')
        await queryClient.resetQueries({ queryKey: [DOOR, 'claim'] });
      else setError(sentence(failure));
    } finally {
      setRunning(false);
    }
  });
  return (
    <Doorway title={heading(invitation)}>
      <dl className={classes.facts}>
        <Fact label="For">{fullName(invitation)}</Fact>
        <Fact label="You come as">
          {invitation.profile}
          {invitation.kind === 'guest' && ', a guest'}
        </Fact>
        {invitation.access_ends_on && (
          <Fact label="Until">
            {dayjs(invitation.access_ends_on).format('dddd D MMMM YYYY')}
            <Text fz="xs" c="dimmed" fw={400}>
              end of the day, {invitation.time_zone}
            </Text>
          </Fact>
        )}
        <Fact label="You sign in as">
          {email}
          <Text fz="xs" c="dimmed" fw={400}>
            organization {org.slug}
          </Text>
        </Fact>
      </dl>
      <SomebodyElse email={email} />
      <form onSubmit={submit} noValidate>
        {/* Password managers keep the new password under this name. */}
        <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
        <Stack gap="md" mt="lg">
          <PasswordField
            size="md"
            label="Choose a password"
            name="new-password"
            enterKeyHint="go"
            policy={policy}
            owner={invitation}
            refused={refused.codes}
            {...form.getInputProps('password')}
          />
          {error && (
            <Alert color="red" variant="light" role="alert" py="sm">
              {error}
            </Alert>
          )}
          <Button type="submit" size="md" fullWidth loading={running}>
            Join {org.name}
          </Button>
        </Stack>
      </form>
    </Doorway>
  );
}

function heading({ invited_by, org }: ClaimPreview): string {
  return invited_by ? `${invited_by} invites you to ${org.name}` : `You are invited to ${org.name}`;
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** This browser may be somebody else's until now. */
function SomebodyElse({ email }: { email: string }) {
  const { data: session } = useWhoIsIn();
  if (!session || session.user.email === email) return null;
  return (
    <Alert variant="light" color="yellow" mt="md" py="sm" icon={<IconUserExclamation size={18} />}>
      {fullName(session.user)} is signed in at {session.org.name} in this browser. When you join, you take
      their place here; their account stays as it is.
    </Alert>
  );
}
