import { Alert, Button, Group, PasswordInput, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, data } from '../../api/client';
import { applyProblem, asProblem } from '../../api/problem';
import { orgQuery } from '../../api/queries';
import type { Me } from '../../api/schema';
import { done } from '../../components/notify';
import { PasswordField } from '../../components/password/PasswordField';
import { mayBeSent, rulesFor } from '../../components/password/rules';
import { showToggle } from '../../components/password/showToggle';
import { useRefusedPassword } from '../../components/password/useRefusedPassword';

/** The old password and a new one. */
export function ChangePasswordForm({ me }: { me: Me }) {
  const { data: org } = useQuery(orgQuery);
  const policy = org?.password_policy;
  const [running, setRunning] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const form = useForm({
    initialValues: { current: '', new: '' },
    validate: {
      current: (value) => (value ? null : 'Enter the password you have now.'),
      new: (value) => {
        if (!value) return 'Enter a new password.';
        return !policy || mayBeSent(rulesFor(policy, value, me))
          ? null
          : 'Not yet: see what is missing below.';
      },
    },
  });
  const refused = useRefusedPassword(form.values.new);
  const submit = form.onSubmit(async (values) => {
    setRunning(true);
    setError(null);
    try {
      await data(api.PUT('/api/v1/me/password', { body: values }));
      form.reset();
      done('Your password is changed. Other sessions of yours have ended.');
    } catch (failure) {
      if (refused.takes(failure, values.new))
        form.setFieldError('new', 'Please choose another one: see below.');
      else if (asProblem(failure).code === 'current_password_wrong') {
        form.setFieldError('current', 'This isn’t your present password.');
      } else setError(applyProblem(form, failure));
    } finally {
      setRunning(false);
    }
  });
  return (
    <form onSubmit={submit} noValidate aria-label="Change the password">
      <Stack gap="md">
        <input type="text" name="username" autoComplete="username" value={me.email} readOnly hidden />
        <PasswordInput
          label="Current password"
          autoComplete="current-password"
          {...showToggle}
          {...form.getInputProps('current')}
        />
        <PasswordField
          label="New password"
          policy={policy}
          owner={me}
          refused={refused.codes}
          {...form.getInputProps('new')}
        />
        {error && (
          <Alert color="red" variant="light" role="alert" py="sm">
            {error}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button type="submit" variant="default" loading={running}>
            Change password
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
