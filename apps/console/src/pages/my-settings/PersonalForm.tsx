import { Group, SimpleGrid, Switch, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ifMatch, type Versioned, versioned } from '../../api/client';
import { orgQuery } from '../../api/queries';
import type { Me } from '../../api/schema';
import { MergeNotice } from '../../components/merging/MergeNotice';
import { useVersionedForm } from '../../components/merging/useVersionedForm';
import { done } from '../../components/notify';
import { SaveBar } from '../../components/SaveBar';
import { SettingsSection } from '../../components/SettingsSection';
import { TimeZonePicker } from '../../components/TimeZonePicker';
import { myAccountQuery } from './account';
import { LanguagePicker } from './LanguagePicker';

const valuesOf = ({ first_name, last_name, locale, time_zone, notifications }: Me) => ({
  first_name,
  last_name,
  locale,
  time_zone,
  notifications: { ...notifications },
});

const LABELS: Record<string, string> = {
  first_name: 'First name',
  last_name: 'Last name',
  locale: 'Language',
  time_zone: 'Time zone',
  'notifications.access_reminders': 'Mail before your access ends',
  'notifications.sponsored_guests': 'Mail about your guests',
};

/** Names, language, time zone, mails. */
export function PersonalForm({ account }: { account: Versioned<Me> }) {
  const queryClient = useQueryClient();
  const { data: org } = useQuery(orgQuery);
  const { form, ...state } = useVersionedForm({
    read: account,
    valuesOf,
    validate: {
      first_name: (name) => (name.trim() ? null : 'Enter your first name.'),
      last_name: (name) => (name.trim() ? null : 'Enter your last name.'),
    },
    send: (body, etag) => versioned(api.PATCH('/api/v1/me', { body, headers: ifMatch(etag) })),
    readAgain: () => queryClient.fetchQuery({ ...myAccountQuery, staleTime: 0 }),
    onSaved: (saved) => {
      queryClient.setQueryData(myAccountQuery.queryKey, saved);
      for (const key of ['me', 'session', 'person', 'people', 'users']) {
        void queryClient.invalidateQueries({ queryKey: [key] });
      }
      done('Your settings are saved.');
    },
  });
  const guest = account.value.kind === 'guest';
  return (
    <form onSubmit={state.submit} noValidate aria-label="Personal settings">
      <MergeNotice conflict={state.conflict} onReload={state.reload} label={(path) => LABELS[path] ?? path} />
      <SettingsSection title="About you" description="How others see you, and how we write to you.">
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput label="First name" autoComplete="given-name" {...form.getInputProps('first_name')} />
          <TextInput label="Last name" autoComplete="family-name" {...form.getInputProps('last_name')} />
        </SimpleGrid>
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <LanguagePicker {...form.getInputProps('locale')} />
          <TimeZonePicker
            label="Time zone"
            clearable
            clearButtonProps={{ 'aria-label': 'Use the organization’s time zone' }}
            placeholder={org ? `As the organization: ${org.time_zone}` : 'As the organization'}
            {...form.getInputProps('time_zone')}
          />
        </SimpleGrid>
      </SettingsSection>
      <SettingsSection
        title="Mails"
        description="Beside those that must be sent, such as a link you asked for."
      >
        <Group>
          {guest ? (
            <Switch
              label="Remind me before my access ends"
              {...form.getInputProps('notifications.access_reminders', { type: 'checkbox' })}
            />
          ) : (
            <Switch
              label="Write to me about the guests I am the sponsor of"
              description="When their access is about to end, or has ended"
              {...form.getInputProps('notifications.sponsored_guests', { type: 'checkbox' })}
            />
          )}
        </Group>
      </SettingsSection>
      <SaveBar
        changes={state.changes}
        what="your settings"
        running={state.running}
        error={state.error}
        onDiscard={state.discard}
      />
    </form>
  );
}
