import { Alert, Anchor, Button, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { Link, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { api, data } from '../../api/client';
import { asProblem, sentence } from '../../api/problem';
import type { Search } from '../../routes';
import { rememberedOrg, useTypedEmail } from './arrival';
import { Aside, Doorway } from './Doorway';
import { useWait, waitWords } from './useWait';

/** Asks for a link. The answer is the same whether or not there is such an account. */
export function RequestResetForm() {
  const { org } = useSearch({ strict: false }) as Search;
  const [sentTo, setSentTo] = useState<string | null>(null);
  const [running, setRunning] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const [wait, startWait] = useWait();
  const form = useForm({
    initialValues: { org: org === undefined ? rememberedOrg() : String(org), email: useTypedEmail() },
    validate: {
      org: (value) => (value.trim() ? null : 'Enter the short name of your organization.'),
      email: (value) => (/\S@\S/.test(value) ? null : 'Enter your email.'),
    },
  });
  const submit = form.onSubmit(async (values) => {
    setRunning(true);
    setRefused(null);
    const body = { org: values.org.trim().toLowerCase(), email: values.email.trim() };
    try {
      await data(api.POST('/api/v1/password-resets', { body }));
      setSentTo(body.email);
    } catch (failure) {
      const problem = asProblem(failure);
      if (problem.code === 'too_many_requests') startWait(problem.retryAfter ?? 60);
      else setRefused(sentence(problem));
    } finally {
      setRunning(false);
    }
  });
  if (sentTo) return <LinkSent email={sentTo} onAgain={() => setSentTo(null)} />;
  const error = wait > 0 ? `That were many tries. Please try again in ${waitWords(wait)}.` : refused;
  return (
    <Doorway title="Reset your password" lead="We send you a link with which you choose a new one.">
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
            spellCheck={false}
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
            enterKeyHint="send"
            {...form.getInputProps('email')}
          />
          {error && (
            <Alert color="red" variant="light" role="alert" py="sm">
              {error}
            </Alert>
          )}
          <Button type="submit" size="md" fullWidth loading={running}>
            Send me a link
          </Button>
        </Stack>
      </form>
      <Aside>
        Remembered it?{' '}
        <Anchor
          inherit
          underline="always"
          renderRoot={(props) => (
            <Link
              to="/sign-in"
              search={{ org: form.values.org.trim() || undefined }}
              state={{ email: form.values.email.trim() }}
              {...props}
            />
          )}
        >
          Sign in
        </Anchor>
      </Aside>
    </Doorway>
  );
}

function LinkSent({ email, onAgain }: { email: string; onAgain: () => void }) {
  return (
    <Doorway
      title="Look into your mail"
      lead={
        <>
          If <b>{email}</b> has an account there, a link is on its way and arrives within a minute or two.
        </>
      }
    >
      <Stack gap="md" mt="lg">
        <Text fz="sm" role="status">
          Nothing came? Look among the unwanted mail, check the spelling of both, or ask whoever looks after
          your account. Guests who haven’t joined yet need their invitation instead.
        </Text>
        <Button size="md" variant="default" fullWidth onClick={onAgain}>
          Try another address
        </Button>
      </Stack>
    </Doorway>
  );
}
