import { Box, NumberInput, SimpleGrid, Switch, Text } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useState } from 'react';
import { PasswordField } from '../../components/password/PasswordField';
import { mayBeSent, rulesFor } from '../../components/password/rules';
import type { OrgValues } from './org';

/** The password policy, and a place to feel what it asks of people. */
export function PasswordPolicyFields({ form }: { form: UseFormReturnType<OrgValues> }) {
  const policy = (name: keyof OrgValues['password_policy']) =>
    form.getInputProps(`password_policy.${name}`, { type: 'checkbox' });
  return (
    <>
      <NumberInput
        label="Shortest password"
        description="Length protects better than odd characters; 72 bytes is the most in any case."
        suffix=" characters"
        min={8}
        max={64}
        maw={280}
        clampBehavior="none"
        allowDecimal={false}
        {...form.getInputProps('password_policy.min_length')}
      />
      <Switch
        label="Refuse common passwords"
        description="Those that many people use, or that are easily guessed"
        {...policy('forbid_common')}
      />
      <Text fz="sm" fw={570} id="must-contain" mb={-6}>
        It must contain
      </Text>
      <SimpleGrid cols={{ base: 1, xs: 2 }} role="group" aria-labelledby="must-contain">
        <Switch label="An upper-case letter" {...policy('require_upper')} />
        <Switch label="A lower-case letter" {...policy('require_lower')} />
        <Switch label="A digit" {...policy('require_digit')} />
        <Switch label="A symbol or space" {...policy('require_symbol')} />
      </SimpleGrid>
      <Sample
        policy={{
          ...form.values.password_policy,
          min_length: Number(form.values.password_policy.min_length) || 0,
        }}
      />
    </>
  );
}

function Sample({ policy }: { policy: OrgValues['password_policy'] }) {
  const [typed, setTyped] = useState('');
  const good = typed !== '' && mayBeSent(rulesFor(policy, typed));
  return (
    <Box p="sm" bg="var(--vestibule-canvas)" style={{ borderRadius: 'var(--mantine-radius-md)' }}>
      <PasswordField
        label="Try it"
        description="What people will see when they choose one. Nothing you type here is sent or kept."
        autoComplete="off"
        defaultVisible
        policy={policy}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <Text fz="sm" fw={570} mt="xs" mih={22} role="status">
        {good && 'This one would do.'}
      </Text>
    </Box>
  );
}
