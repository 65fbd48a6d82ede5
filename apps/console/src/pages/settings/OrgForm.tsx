import { NumberInput, SimpleGrid, Switch, Text, TextInput } from '@mantine/core';
import { isInRange } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import type { Versioned } from '../../api/client';
import type { Org } from '../../api/schema';
import { MergeNotice } from '../../components/merging/MergeNotice';
import { useVersionedForm } from '../../components/merging/useVersionedForm';
import { done } from '../../components/notify';
import { SaveBar } from '../../components/SaveBar';
import { Fact, Facts, SettingsSection } from '../../components/SettingsSection';
import { TimeZonePicker } from '../../components/TimeZonePicker';
import { GuestAccessSwitch } from './GuestAccessSwitch';
import { hoursWords } from './hours';
import { changeOrg, orgSettingsQuery, settingLabel, valuesOf } from './org';
import { PasswordPolicyFields } from './PasswordPolicyFields';

/** Every setting of the organization, and one bar that saves those that were changed. */
export function OrgForm({ org: read }: { org: Versioned<Org> }) {
  const queryClient = useQueryClient();
  const stored = (now: Versioned<Org>) => {
    queryClient.setQueryData(orgSettingsQuery.queryKey, now);
    for (const key of ['org', 'session', 'guests']) void queryClient.invalidateQueries({ queryKey: [key] });
  };
  const { form, ...state } = useVersionedForm({
    read,
    valuesOf,
    validate: {
      name: (name) => (name.trim() ? null : 'Enter a name.'),
      time_zone: (zone) => (zone ? null : 'Pick a time zone.'),
      claim_link_ttl_hours: isInRange({ min: 1, max: 168 }, 'From 1 to 168 hours.'),
      guest_max_days: isInRange({ min: 1, max: 90 }, 'From 1 to 90 days.'),
      session_hours: isInRange({ min: 1, max: 720 }, 'From 1 to 720 hours.'),
      password_policy: { min_length: isInRange({ min: 8, max: 64 }, 'From 8 to 64 characters.') },
    },
    send: changeOrg,
    readAgain: () => queryClient.fetchQuery({ ...orgSettingsQuery, staleTime: 0 }),
    onSaved: (saved) => {
      stored(saved);
      done('The settings are saved.');
    },
  });
  const { values } = form;
  const zoneMoved = values.time_zone !== read.value.time_zone;
  return (
    <>
      <form onSubmit={state.submit} noValidate aria-label="Organization settings">
        <MergeNotice conflict={state.conflict} onReload={state.reload} label={settingLabel} />
        <SettingsSection title="Organization" description="What people see, and whose days count.">
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <TextInput label="Name" {...form.getInputProps('name')} />
            <TimeZonePicker label="Time zone" allowDeselect={false} {...form.getInputProps('time_zone')} />
          </SimpleGrid>
          <Text fz="sm" c="dimmed">
            A guest’s last day ends at midnight here.{' '}
            {zoneMoved ? (
              <Text span inherit fw={570} c="var(--mantine-color-text)">
                No end date that is set already moves: those keep the moment that they had in{' '}
                {read.value.time_zone.replaceAll('_', ' ')}.
              </Text>
            ) : (
              'Another zone moves no end date that is set already.'
            )}
          </Text>
          <Facts>
            <Fact label="Short name" note="People type it to sign in. It never changes.">
              {read.value.slug}
            </Fact>
          </Facts>
        </SettingsSection>
        <SettingsSection
          title="Passwords"
          description="What a new password has to be like. Those that people have already stay good."
        >
          <PasswordPolicyFields form={form} />
        </SettingsSection>
        <SettingsSection title="Guests" description="How guests come in and how long they may stay.">
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <NumberInput
              label="Longest access"
              description="How many days ahead a last day may lie"
              suffix=" days"
              min={1}
              max={90}
              clampBehavior="none"
              allowDecimal={false}
              {...form.getInputProps('guest_max_days')}
            />
            <NumberInput
              label="Invitation links work for"
              description={hoursNote(values.claim_link_ttl_hours)}
              suffix=" hours"
              min={1}
              max={168}
              clampBehavior="none"
              allowDecimal={false}
              {...form.getInputProps('claim_link_ttl_hours')}
            />
          </SimpleGrid>
          <Switch
            label="Guests may sign in with passwords"
            description="Without it, guests can neither join nor sign in until there is single sign-on."
            {...form.getInputProps('guests_may_use_passwords', { type: 'checkbox' })}
          />
        </SettingsSection>
        <SettingsSection
          title="Sessions"
          description="How long somebody stays signed in. A guest’s session never outlasts their access."
        >
          <NumberInput
            label="Sessions last"
            description={`${hoursNote(values.session_hours)}, for new sessions`}
            suffix=" hours"
            min={1}
            max={720}
            maw={280}
            clampBehavior="none"
            allowDecimal={false}
            {...form.getInputProps('session_hours')}
          />
        </SettingsSection>
        <SaveBar
          changes={state.changes}
          what="the organization’s settings"
          running={state.running}
          error={state.error}
          onDiscard={state.discard}
        />
      </form>
      <SettingsSection title="Guest access" description="For the day when all guests have to be out at once.">
        <GuestAccessSwitch
          org={read.value}
          onChanged={(now) => {
            state.follow(now);
            stored(now);
          }}
        />
      </SettingsSection>
    </>
  );
}

function hoursNote(hours: number): string {
  return Number(hours) > 0 ? `That is ${hoursWords(Number(hours))}` : 'In hours';
}
