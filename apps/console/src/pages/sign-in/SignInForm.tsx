import { Alert, Anchor, Button, Group, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useRef, useState } from 'react';
import { api, data } from '../../api/client';
import { asProblem, sentence } from '../../api/problem';
import { showToggle } from '../../components/password/showToggle';
import { rememberedOrg, rememberOrg, useArrival, useTypedEmail } from './arrival';
import { OrSeparator } from './OrSeparator';
import { useWait, waitWords } from './useWait';

interface Props {
  org: string | undefined;
  to: unknown;
  /** Another way in, once the organization has one: single sign-on. */
  otherWay?: ReactNode;
}

/** Organization, email, password. */
export function SignInForm({ org, to, otherWay }: Props) {
  const navigate = useNavigate();
  const arrive = useArrival();
  const [running, setRunning] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const [wait, startWait] = useWait();
  const password = useRef<HTMLInputElement>(null);
  const form = useForm({
    initialValues: { org: org ?? rememberedOrg(), email: useTypedEmail(), password: '' },
    validate: {
      org: (value) => (value.trim() ? null : 'Enter the short name of your organization.'),
      email: (value) => (/\S@\S/.test(value) ? null : 'Enter your email.'),
      password: (value) => (value ? null : 'Enter your password.'),
    },
  });
  const [firstEmpty] = useState(
    () => (['org', 'email'] as const).find((name) => form.values[name] === '') ?? 'password',
  );
  const focused = (name: keyof typeof form.values) => firstEmpty === name && !onTouch();
  const submit = form.onSubmit(async (values) => {
    setRunning(true);
    setRefused(null);
    const slug = values.org.trim().toLowerCase();
    try {
      const body = { org: slug, email: values.email.trim(), password: values.password };
      await data(api.POST('/api/v1/sessions', { body }));
      rememberOrg(slug);
      await arrive(to);
    } catch (failure) {
      const problem = asProblem(failure);
      if (problem.code === 'access_ended') {
        rememberOrg(slug);
        const accessEnded = problem.body.access_ended;
        await navigate({ to: '/access-ended', search: { org: slug }, state: { accessEnded } });
        return;
      }
      if (problem.code === 'too_many_requests') startWait(problem.retryAfter ?? 60);
      else setRefused(words(problem.code) ?? sentence(problem));
      password.current?.focus();
      password.current?.select();
    } finally {
      setRunning(false);
    }
  });
  const error = wait > 0 ? `That were many tries. Please try again in ${waitWords(wait)}.` : refused;
  return (
    <>
      <form onSubmit={submit} noValidate>
        <Stack gap="md" mt="xl">
          <TextInput
            size="md"
            label="Organization"
            placeholder="acme"
            description="The short name, as in your invitation"
            name="organization"
            autoComplete="organization"
            autoCapitalize="none"
            autoCorrect="off"
            spellCheck={false}
            enterKeyHint="next"
            autoFocus={focused('org')}
            {...form.getInputProps('org')}
          />
          <TextInput
            size="md"
            label="Email"
            type="email"
            inputMode="email"
            name="email"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            enterKeyHint="next"
            autoFocus={focused('email')}
            {...form.getInputProps('email')}
          />
          <PasswordInput
            ref={password}
            size="md"
            label="Password"
            name="password"
            autoComplete="current-password"
            enterKeyHint="go"
            autoFocus={focused('password')}
            {...showToggle}
            {...form.getInputProps('password')}
          />
          {error && (
            <Alert color="red" variant="light" role="alert" py="sm">
              {error}
            </Alert>
          )}
          <Button type="submit" size="md" fullWidth loading={running}>
            Sign in
          </Button>
        </Stack>
      </form>
      {otherWay && (
        <>
          <OrSeparator />
          {otherWay}
        </>
      )}
      <Group justify="center" mt="lg">
        <Anchor
          fz="sm"
          renderRoot={(props) => (
            <Link
              to="/reset"
              search={{ org: form.values.org.trim() || undefined }}
              state={{ email: form.values.email.trim() }}
              {...props}
            />
          )}
        >
          Forgot your password?
        </Anchor>
      </Group>
    </>
  );
}

function words(code: string): string | undefined {
  if (code !== 'sign_in_refused') return undefined;
  return 'Organization, email or password aren’t right; after many wrong tries, signing in pauses for a while.';
}

/** On a phone, a keyboard that jumps up by itself would hide half of the page. */
export function onTouch(): boolean {
  return window.matchMedia('(pointer: coarse)').matches;
}
