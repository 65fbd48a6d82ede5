import { List, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { fullName } from '../../api/people';
import { can, useSession } from '../../api/session';
import { activateUser, deactivateUser, useUserCommand } from '../../api/users';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { done } from '../../components/notify';
import { orphanedWords, sponsoredCountQuery } from './sponsored';
import type { OneUser } from './userActions';

/** Switches an account off, after saying what that means. */
export function DeactivateDialog({ user, onClose }: OneUser) {
  const session = useSession();
  const { data: guests = 0 } = useQuery({
    ...sponsoredCountQuery(user.id),
    enabled: can(session, 'manage_guests'),
  });
  const name = fullName(user);
  const deactivate = useUserCommand(deactivateUser);
  const activate = useUserCommand(activateUser);
  const confirm = async () => {
    await deactivate(user.id);
    done(`${name} is deactivated.`, () => activate(user.id));
  };
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Deactivate ${name}`}
      confirm="Deactivate"
      danger
      onConfirm={confirm}
    >
      <Stack gap="sm">
        <List fz="sm" spacing={6}>
          <List.Item>
            {user.status === 'invited'
              ? 'The claim link stops working.'
              : 'They are signed out everywhere at once, and their API tokens stop working.'}
          </List.Item>
          {user.license_id && <List.Item>Their license seat becomes free.</List.Item>}
          {guests > 0 && <List.Item>{orphanedWords(guests)}</List.Item>}
          <List.Item>They keep their records, role and profile.</List.Item>
        </List>
        <Text fz="sm">You can activate them again at any time.</Text>
      </Stack>
    </ConfirmDialog>
  );
}
