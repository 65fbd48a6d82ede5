import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { deleteGuest, useGuestCommand } from '../../api/guests';
import { fullName } from '../../api/people';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { done } from '../../components/notify';
import type { OneGuest } from './guestActions';
import { HandOverField } from './HandOverField';
import { type Owned, ownedQuery, useOwnable } from './ownedRecords';

/** Deletes a guest for good, and says to whom their records go. */
export function DeleteGuestDialog({ guest, onClose, onDone }: OneGuest) {
  const [heir, setHeir] = useState<string | null>(null);
  const ownable = useOwnable();
  const { data: owned } = useQuery(ownedQuery(guest.id, ownable));
  const name = fullName(guest);
  const run = useGuestCommand(() => deleteGuest(guest.id, heir), { deletes: true });
  const confirm = async () => {
    await run(undefined);
    done(`${name} is deleted.`);
    onDone();
  };
  const counted = owned?.filter(({ count }) => count > 0) ?? [];
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Delete ${name}`}
      confirm="Delete for good"
      danger
      onConfirm={confirm}
    >
      <Stack gap="md">
        <Text fz="sm">
          The account, its sessions and invitations are gone for good. What happened stays in the audit log.
          This can’t be undone; to end access only, revoke it.
        </Text>
        {owned && counted.length === 0 && <Text fz="sm">They own no records that you can see.</Text>}
        {counted.length > 0 && (
          <Text fz="sm">
            They own{' '}
            <Text span inherit fw={550}>
              {listed(counted)}
            </Text>
            .
          </Text>
        )}
        <HandOverField value={heir} onChange={setHeir} without={[guest.id]} />
      </Stack>
    </ConfirmDialog>
  );
}

/** `17 deals and 12 tickets` */
function listed(owned: Owned[]): string {
  const words = owned.map(
    ({ object, count }) =>
      `${count.toLocaleString()} ${(count === 1 ? object.singular : object.plural).toLowerCase()}`,
  );
  return new Intl.ListFormat('en-GB').format(words);
}
