import { Alert, Button, Group, Stack, Switch, Text } from '@mantine/core';
import { IconCheck, IconInfoCircle, IconMinus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { api, ifMatch, type Versioned, versioned } from '../../api/client';
import { asProblem, sentence } from '../../api/problem';
import type { Capability, Profile } from '../../api/schema';
import { can, useSession } from '../../api/session';
import { ConflictAlert } from '../../components/ConflictAlert';
import { ErrorAlert } from '../../components/ErrorAlert';
import { LeaveDialog } from '../../components/LeaveDialog';
import { done } from '../../components/notify';
import classes from './Capabilities.module.css';
import { CAPABILITIES, capabilityTitle } from './capabilities';
import { guestCountQuery, profileQuery } from './permissions';
import { WARNING } from './warning';

/** What people on a profile may administer. */
export function CapabilitiesTab({ profile }: { profile: Versioned<Profile> }) {
  const session = useSession();
  const client = useQueryClient();
  const { id, name, built_in, capabilities: saved } = profile.value;
  const editable = can(session, 'manage_access') && built_in !== 'admin';
  const { data: guests } = useQuery({ ...guestCountQuery(id), enabled: can(session, 'manage_guests') });
  // Only what was switched is kept, so that what somebody else saves meanwhile shows through.
  const [switched, setSwitched] = useState<ReadonlyMap<Capability, boolean>>(new Map());
  const has = (key: Capability) => switched.get(key) ?? saved.includes(key);
  const wanted = CAPABILITIES.map(({ key }) => key).filter(has);
  const gained = wanted.filter((key) => !saved.includes(key));
  const lost = saved.filter((key) => !has(key));
  const count = gained.length + lost.length;

  const patch = (capabilities: Capability[], etag: string) =>
    versioned(
      api.PATCH('/api/v1/profiles/{id}', {
        params: { path: { id } },
        headers: ifMatch(etag),
        body: { capabilities },
      }),
    );
  const stored = (fresh: Versioned<Profile>) => {
    client.setQueryData(profileQuery(id).queryKey, fresh);
    for (const key of ['profiles', 'session', 'audit']) void client.invalidateQueries({ queryKey: [key] });
  };
  const save = useMutation({
    mutationFn: async () => ({ former: saved, fresh: await patch(wanted, profile.etag) }),
    onSuccess: ({ former, fresh }) => {
      stored(fresh);
      // What was switched while this was being saved waits for the next time.
      const { capabilities } = fresh.value;
      setSwitched((now) => new Map([...now].filter(([key, on]) => on !== capabilities.includes(key))));
      done(`Saved what people on ${name} may administer.`, async () =>
        stored(await patch(former, fresh.etag)),
      );
    },
  });
  const conflict = save.error && asProblem(save.error).status === 412;
  return (
    <Stack gap="md" maw={760}>
      <Text fz="sm" c="dimmed">
        What people on this profile may administer, beside the records they reach.
      </Text>
      {built_in === 'admin' && (
        <Alert color="gray" variant="light" icon={<IconInfoCircle size={18} />}>
          Admin holds every capability, and that can’t be changed.
        </Alert>
      )}
      <Stack gap={0} className={classes.list}>
        {CAPABILITIES.map(({ key, title, explanation, forGuests }) => (
          <Line
            key={key}
            title={title}
            explanation={explanation}
            notes={
              <>
                {has(key) && !forGuests && guests !== 0 && (
                  <Note>Guests on this profile don’t get this.</Note>
                )}
                {editable && !saved.includes(key) && !can(session, key) && (
                  <Note>You can’t give this away: you don’t hold it yourself.</Note>
                )}
                {editable && saved.includes(key) && !can(session, key) && (
                  <Note>You don’t hold this yourself: once taken away, you can’t give it back.</Note>
                )}
              </>
            }
          >
            {editable && (saved.includes(key) || can(session, key)) ? (
              <Switch
                size="md"
                aria-label={title}
                checked={has(key)}
                onChange={(event) => {
                  const next = new Map(switched);
                  const on = event.currentTarget.checked;
                  // What is being saved isn’t what was saved so far: a switch back counts then.
                  if (on === saved.includes(key) && !save.isPending) next.delete(key);
                  else next.set(key, on);
                  setSwitched(next);
                }}
              />
            ) : (
              <Held held={has(key)} />
            )}
          </Line>
        ))}
      </Stack>
      <Text fz="sm" c="dimmed">
        <IconInfoCircle size={15} style={{ verticalAlign: -2 }} aria-hidden /> Of these, guests keep at most
        “Manage objects” and “View the audit log”, whatever their profile says.
        {guests !== undefined &&
          guests > 0 &&
          ` ${guests === 1 ? 'One guest is' : `${guests} guests are`} on this profile.`}
      </Text>
      {conflict && (
        <ConflictAlert
          onReload={() => {
            save.reset();
            void client.invalidateQueries({ queryKey: ['profile', id] });
          }}
        />
      )}
      {save.error && !conflict && <ErrorAlert>{sentence(save.error)}</ErrorAlert>}
      {count > 0 && (
        <Group justify="space-between" className={classes.bar} role="region" aria-label="Unsaved changes">
          <Text fz="sm" flex="1 1 240px" role="status">
            {summary(profile.value.user_count, gained, lost)}
          </Text>
          <Group gap="xs">
            <Button variant="subtle" color="gray" onClick={() => setSwitched(new Map())}>
              Discard
            </Button>
            <Button loading={save.isPending} onClick={() => save.mutate()}>
              Save
            </Button>
          </Group>
        </Group>
      )}
      <LeaveDialog count={count} what={name} />
    </Stack>
  );
}

/** `244 people gain “Manage guests” and lose “View the audit log”.` */
function summary(people: number, gained: Capability[], lost: Capability[]): string {
  const names = (keys: Capability[]) => keys.map((key) => `“${capabilityTitle(key)}”`).join(', ');
  const one = people === 1;
  const who =
    people === 0 ? 'People on this profile' : one ? '1 person' : `${people.toLocaleString('en-GB')} people`;
  const parts = [
    gained.length > 0 && `${one ? 'gains' : 'gain'} ${names(gained)}`,
    lost.length > 0 && `${one ? 'loses' : 'lose'} ${names(lost)}`,
  ];
  return `${who} ${parts.filter(Boolean).join(' and ')}.`;
}

function Line(props: { title: string; explanation: string; notes: ReactNode; children: ReactNode }) {
  return (
    <Group className={classes.line} wrap="nowrap" align="flex-start" justify="space-between" gap="md">
      <Stack gap={2}>
        <Text fz="sm" fw={570}>
          {props.title}
        </Text>
        <Text fz="sm" c="dimmed">
          {props.explanation}
        </Text>
        {props.notes}
      </Stack>
      {props.children}
    </Group>
  );
}

function Note({ children }: { children: ReactNode }) {
  return (
    <Text fz="xs" c={WARNING}>
      {children}
    </Text>
  );
}

function Held({ held }: { held: boolean }) {
  return (
    <Text fz="sm" c={held ? undefined : 'dimmed'} style={{ whiteSpace: 'nowrap' }}>
      {held ? (
        <IconCheck size={15} aria-hidden style={{ verticalAlign: -2 }} />
      ) : (
        <IconMinus size={15} aria-hidden style={{ verticalAlign: -2 }} />
      )}{' '}
      {held ? 'Yes' : 'No'}
    </Text>
  );
}
