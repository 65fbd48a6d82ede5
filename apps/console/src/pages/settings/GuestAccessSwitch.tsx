import { Button, Group, List, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDoor, IconDoorOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, data, type Versioned } from '../../api/client';
import type { Org } from '../../api/schema';
import { can, useSession } from '../../api/session';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { done } from '../../components/notify';
import { changeOrg } from './org';

/** The one switch that shuts out every guest. */
export function GuestAccessSwitch({
  org,
  onChanged,
}: {
  org: Org;
  onChanged: (now: Versioned<Org>) => void;
}) {
  const [asking, dialog] = useDisclosure(false);
  const [typed, setTyped] = useState('');
  const [missing, setMissing] = useState(false);
  const set = async (guest_access: boolean) => {
    onChanged(await changeOrg({ guest_access }));
  };
  const close = () => {
    dialog.close();
    setTyped('');
    setMissing(false);
  };
  const confirm = async () => {
    if (org.guest_access && typed.trim() !== org.slug) {
      setMissing(true);
      return false;
    }
    const open = !org.guest_access;
    await set(open);
    done(open ? 'Guests are let in again.' : 'Every guest is shut out.', open ? undefined : () => set(true));
    return true;
  };
  const Glyph = org.guest_access ? IconDoor : IconDoorOff;
  return (
    <Group justify="space-between" gap="md">
      <Group gap="sm" wrap="nowrap" flex={1} miw={220}>
        <Glyph size={26} aria-hidden style={{ flex: 'none' }} />
        <Stack gap={0}>
          <Text fz="sm" fw={570}>
            {org.guest_access ? 'Guests are let in' : 'Every guest is shut out'}
          </Text>
          <Text fz="sm" c="dimmed">
            {org.guest_access
              ? 'Those who are active, until their last day.'
              : 'Their accounts, dates and records are as they were.'}
          </Text>
        </Stack>
      </Group>
      <Button
        variant={org.guest_access ? 'default' : 'filled'}
        c={org.guest_access ? 'var(--mantine-color-error)' : undefined}
        onClick={dialog.open}
      >
        {org.guest_access ? 'Shut out all guests' : 'Let guests in again'}
      </Button>
      <ConfirmDialog
        opened={asking}
        onClose={close}
        title={org.guest_access ? 'Shut out every guest?' : 'Let guests in again?'}
        confirm={org.guest_access ? 'Shut out all guests' : 'Let guests in'}
        danger={org.guest_access}
        onConfirm={confirm}
      >
        {org.guest_access ? (
          <Stack gap="sm">
            <List size="sm" spacing={4}>
              <List.Item>
                <ActiveGuests /> signed out at once, in the middle of whatever they do.
              </List.Item>
              <List.Item>
                Nobody can sign in as a guest or accept an invitation until you let them in again.
              </List.Item>
              <List.Item>Nothing is lost: accounts, last days and records stay as they are.</List.Item>
            </List>
            <TextInput
              label={`Type ${org.slug} to confirm`}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              data-autofocus
              value={typed}
              error={missing && `Type ${org.slug} first, so that this doesn’t happen by accident.`}
              onChange={(event) => {
                setTyped(event.currentTarget.value);
                setMissing(false);
              }}
            />
          </Stack>
        ) : (
          'Guests whose last day hasn’t passed sign in as before, and invitations work again.'
        )}
      </ConfirmDialog>
    </Group>
  );
}

function ActiveGuests() {
  const session = useSession();
  const known = can(session, 'manage_guests');
  const { data: total } = useQuery({
    queryKey: ['guests', 'active', 'total'],
    queryFn: async () => {
      const query = { status: 'active', limit: 1, count: true } as const;
      return (await data(api.GET('/api/v1/guests', { params: { query } }))).total ?? null;
    },
    enabled: known,
  });
  if (total === undefined || total === null) return <>Every active guest is</>;
  return <b>{total === 1 ? '1 active guest is' : `${total} active guests are`}</b>;
}
