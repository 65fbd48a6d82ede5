import { List, Stack, Text, Textarea } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { reinstateGuest, revokeGuest, useGuestCommand } from '../../api/guests';
import { fullName } from '../../api/people';
import { orgQuery } from '../../api/queries';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { done } from '../../components/notify';
import type { OneGuest } from './guestActions';
import { todayIn } from './orgDays';

/** Ends a guest's access at once. */
export function RevokeDialog({ guest, onClose, onDone }: OneGuest) {
  const { data: org } = useSuspenseQuery(orgQuery);
  const [reason, setReason] = useState('');
  const name = fullName(guest);
  const revoke = useGuestCommand(() => revokeGuest(guest.id, reason.trim() || null));
  const reinstate = useGuestCommand((etag: string) =>
    reinstateGuest(guest.id, { access_ends_on: guest.access_ends_on }, etag),
  );
  const confirm = async () => {
    const { etag } = await revoke(undefined);
    const undoable = guest.access_ends_on >= todayIn(org.time_zone) && !guest.sponsor_missing;
    done(`${name}’s access is revoked.`, undoable ? () => reinstate(etag) : undefined);
    onDone();
  };
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Revoke access: ${name}`}
      confirm="Revoke access"
      danger
      onConfirm={confirm}
    >
      <Stack gap="md">
        <RevokeConsequences one />
        <ReasonField value={reason} onChange={setReason} />
      </Stack>
    </ConfirmDialog>
  );
}

/** What revoking does, and what it doesn't. */
export function RevokeConsequences({ one = false }: { one?: boolean }) {
  const who = one ? 'The guest is' : 'They are';
  return (
    <>
      <List fz="sm" spacing={4}>
        <List.Item>{who} signed out everywhere at once, and told by mail.</List.Item>
        <List.Item>Their license’s seat becomes free, and open invitations stop working.</List.Item>
        <List.Item>Nothing is deleted: their records stay theirs.</List.Item>
      </List>
      <Text fz="sm" c="dimmed">
        You can reinstate {one ? 'them' : 'each of them'} later.
      </Text>
    </>
  );
}

/** Why access is revoked. */
export function ReasonField({ value, onChange }: { value: string; onChange: (reason: string) => void }) {
  return (
    <Textarea
      label="Reason"
      description="Kept with the guest and in the audit log."
      placeholder="The project ended early"
      autosize
      minRows={2}
      maxLength={2000}
      data-autofocus
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
