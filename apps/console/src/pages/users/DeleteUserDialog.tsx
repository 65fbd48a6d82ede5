import { List, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { fullName } from '../../api/people';
import { can, useSession } from '../../api/session';
import { deleteUser, useUserCommand } from '../../api/users';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { done } from '../../components/notify';
import { counted } from '../access-control/impact';
import { HandOverField } from '../guests/HandOverField';
import { ownedQuery, useOwnable } from '../guests/ownedRecords';
import { orphanedWords, sponsoredCountQuery } from './sponsored';
import type { OneUser } from './userActions';

/** Deletes a user for good, and says to whom their records go. */
export function DeleteUserDialog({ user, onClose, onDeleted }: OneUser & { onDeleted?: () => void }) {
  const session = useSession();
  const [heir, setHeir] = useState<string | null>(null);
  const { data: guests = 0 } = useQuery({
    ...sponsoredCountQuery(user.id),
    enabled: can(session, 'manage_guests'),
  });
  const { data: owned = [] } = useQuery(ownedQuery(user.id, useOwnable()));
  const some = owned.filter(({ count }) => count > 0);
  const name = fullName(user);
  const remove = useUserCommand(() => deleteUser(user.id, heir));
  const confirm = async () => {
    await remove(undefined);
    done(`${name} is deleted.`);
    onDeleted?.();
  };
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
        <List fz="sm" spacing={6}>
          <List.Item>
            The account, its sessions and API tokens are gone for good. The audit log keeps what happened.
          </List.Item>
          {guests > 0 && <List.Item>{orphanedWords(guests)}</List.Item>}
          {some.length > 0 && (
            <List.Item>
              They own {some.map(({ object, count }) => counted(count, object)).join(', ')}
              {heir ? ', which go to the person below.' : ', which will have no owner.'}
            </List.Item>
          )}
        </List>
        <HandOverField value={heir} onChange={setHeir} without={[user.id]} />
        <Text fz="sm">This can’t be undone. To end access only, deactivate them.</Text>
      </Stack>
    </ConfirmDialog>
  );
}
