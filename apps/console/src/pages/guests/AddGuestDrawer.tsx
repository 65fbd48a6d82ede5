import { Button, Group, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { inviteGuest, useGuestCommand } from '../../api/guests';
import { fullName } from '../../api/people';
import { applyProblem } from '../../api/problem';
import { orgQuery } from '../../api/queries';
import type { Guest } from '../../api/schema';
import { useSession } from '../../api/session';
import { FormDrawer } from '../../components/FormDrawer';
import { say } from '../../components/notify';
import { EndDateField } from './EndDateField';
import {
  GUEST_RULES,
  type GuestForm,
  type GuestValues,
  PersonFields,
  PlaceFields,
  StayFields,
} from './GuestFields';
import { addDays, todayIn } from './orgDays';

interface Props {
  opened: boolean;
  onClose: () => void;
  onCopyLink: (guest: Guest) => void;
}

interface Values extends GuestValues {
  access_ends_on: string | null;
}

/** Lets somebody from outside in: who, until when, as what, and who answers for them. */
export default function AddGuestDrawer({ opened, onClose, onCopyLink }: Props) {
  const session = useSession();
  const { data: org } = useSuspenseQuery(orgQuery);
  const [running, setRunning] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const run = useGuestCommand(inviteGuest);
  const announce = useAnnouncement(onCopyLink);
  const form = useForm<Values>({
    initialValues: {
      first_name: '',
      last_name: '',
      email: '',
      profile_id: null,
      role_id: null,
      license_id: null,
      access_ends_on: addDays(todayIn(org.time_zone), Math.min(30, org.guest_max_days)),
      sponsor_id: session.user.kind === 'standard' ? session.user.id : null,
      reason: '',
    },
    validate: {
      ...GUEST_RULES,
      access_ends_on: (day) => (day ? null : 'Pick the last day of access.'),
      sponsor_id: (id) => (id ? null : 'Somebody has to answer for the guest.'),
    },
  });

  const submit = form.onSubmit(async ({ profile_id, access_ends_on, reason, ...values }) => {
    if (!profile_id || !access_ends_on) return;
    setRunning(true);
    setError(null);
    try {
      const guest = await run({ ...values, profile_id, access_ends_on, reason: reason.trim() || null });
      form.reset();
      onClose();
      announce(guest);
    } catch (problem) {
      setError(applyProblem(form, problem));
    } finally {
      setRunning(false);
    }
  });

  const fields = form as unknown as GuestForm;
  return (
    <FormDrawer
      opened={opened}
      onClose={onClose}
      title="Add a guest"
      submit="Send the invitation"
      running={running}
      error={error}
      onSubmit={submit}
    >
      <PersonFields form={fields} />
      <EndDateField
        label="Last day"
        value={form.values.access_ends_on}
        onChange={(day) => form.setFieldValue('access_ends_on', day)}
        error={form.errors.access_ends_on}
      />
      <PlaceFields form={fields} />
      <StayFields form={fields} />
    </FormDrawer>
  );
}

/** Says that a guest was added, and offers what one might want next as long as this page is open. */
function useAnnouncement(onCopyLink: (guest: Guest) => void) {
  const navigate = useNavigate();
  const last = useRef('');
  useEffect(
    () => () => {
      notifications.hide(last.current);
    },
    [],
  );
  return (guest: Guest) => {
    const id = crypto.randomUUID();
    last.current = id;
    const then = (next: () => void) => () => {
      notifications.hide(id);
      next();
    };
    say({
      id,
      autoClose: 15_000,
      title: `${fullName(guest)} is invited`,
      message: (
        <>
          <Text fz="sm">The invitation is on its way to {guest.email}.</Text>
          <Group gap={6} mt={6}>
            <Button
              size="compact-sm"
              variant="light"
              onClick={then(() => void navigate({ to: '/guests/$guestId', params: { guestId: guest.id } }))}
            >
              Open guest
            </Button>
            <Button size="compact-sm" variant="subtle" onClick={then(() => onCopyLink(guest))}>
              Copy claim link
            </Button>
          </Group>
        </>
      ),
    });
  };
}
