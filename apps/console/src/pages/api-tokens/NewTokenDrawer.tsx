import '@mantine/dates/styles.layer.css';
import { Checkbox, Radio, Select, Stack, Text, TextInput } from '@mantine/core';
import { DatePickerInput } from '@mantine/dates';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import dayjs from 'dayjs';
import { useState } from 'react';
import { api, data } from '../../api/client';
import { applyProblem } from '../../api/problem';
import type { ApiTokenKind, NewApiToken } from '../../api/schema';
import { can, useSession } from '../../api/session';
import { clock, momentOf } from '../../components/clock';
import { FormDrawer } from '../../components/FormDrawer';
import { useCalendarName } from '../../components/fields/useCalendarName';
import { scopesOf } from './scopes';

const ENDS = [
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
  { value: 'day', label: 'On a certain day' },
  { value: 'never', label: 'Never' },
];

interface Props {
  onClose: () => void;
  onMade: (token: NewApiToken) => void;
}

/** Makes a token. */
export function NewTokenDrawer({ onClose, onMade }: Props) {
  const session = useSession();
  const queryClient = useQueryClient();
  const calendarName = useCalendarName();
  const [running, setRunning] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const form = useForm({
    initialValues: {
      name: '',
      kind: 'user' as ApiTokenKind,
      scopes: ['read'],
      ends: '90',
      expires_at: null as string | null,
    },
    validate: {
      name: (name) => (name.trim() ? null : 'Enter a name.'),
      scopes: (scopes) => (scopes.length > 0 ? null : 'Pick at least one.'),
      expires_at: (day, { ends }) => (ends === 'day' && !day ? 'Pick a day.' : null),
    },
  });
  const { kind, ends } = form.values;
  const submit = form.onSubmit(async (values) => {
    setRunning(true);
    setError(null);
    try {
      const body = {
        name: values.name.trim(),
        kind,
        scopes: values.scopes,
        expires_at: endOf(values.ends, values.expires_at),
      };
      const token = await data(api.POST('/api/v1/api-tokens', { body }));
      await queryClient.invalidateQueries({ queryKey: ['api-tokens'] });
      onMade(token);
    } catch (failure) {
      setError(applyProblem(form, failure));
    } finally {
      setRunning(false);
    }
  });
  return (
    <FormDrawer
      opened
      onClose={onClose}
      title="New API token"
      submit="Make token"
      running={running}
      error={error}
      onSubmit={submit}
    >
      <TextInput
        label="Name"
        description="What uses it, so that somebody knows later whether it may go"
        placeholder="Nightly export"
        maxLength={100}
        data-autofocus
        {...form.getInputProps('name')}
      />
      {can(session, 'manage_org') && (
        <Radio.Group
          label="Whose is it?"
          value={kind}
          onChange={(value) =>
            form.setValues({ kind: value as ApiTokenKind, scopes: value === 'user' ? ['read'] : [] })
          }
        >
          <Stack gap="xs" mt={6}>
            <Radio value="user" label="Mine" description="It does what I may do, and ends with my access." />
            <Radio
              value="service"
              label="A service’s"
              description="It belongs to the organization and does what its scopes open."
            />
          </Stack>
        </Radio.Group>
      )}
      <Checkbox.Group label="What it opens" {...form.getInputProps('scopes')}>
        <Stack gap="xs" mt={6}>
          {scopesOf(kind, session).map(({ name, label, opens }) => (
            <Checkbox key={name} value={name} label={label} description={opens} />
          ))}
        </Stack>
      </Checkbox.Group>
      <Select label="It ends" allowDeselect={false} data={ENDS} {...form.getInputProps('ends')} />
      {ends === 'day' && (
        <DatePickerInput
          {...calendarName}
          label="Last day"
          previousLabel="Previous month"
          nextLabel="Next month"
          valueFormat="D MMM YYYY"
          minDate={clock().format('YYYY-MM-DD')}
          {...form.getInputProps('expires_at')}
        />
      )}
      {ends === 'never' && (
        <Text fz="sm" c="dimmed">
          A token without an end works until somebody deletes it. Prefer a year, and a new one then.
        </Text>
      )}
    </FormDrawer>
  );
}

/** The first moment at which the token no longer counts. */
function endOf(ends: string, day: string | null): string | null {
  if (ends === 'never') return null;
  if (ends === 'day' && day) return momentOf(`${day} 00:00`).add(1, 'day').toISOString();
  return dayjs().add(Number(ends), 'day').toISOString();
}
