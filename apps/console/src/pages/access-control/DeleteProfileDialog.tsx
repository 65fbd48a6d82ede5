import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { api, data, ifMatch } from '../../api/client';
import type { Profile } from '../../api/schema';
import { can, useSession } from '../../api/session';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { Dialog } from '../../components/Dialog';
import { done } from '../../components/notify';

interface Props {
  profile: Profile;
  etag?: string;
  onClose: () => void;
}

/** Deletes a profile that nobody is on, or tells who has to move first. */
export function DeleteProfileDialog({ profile, etag, onClose }: Props) {
  const client = useQueryClient();
  const navigate = useNavigate();
  if (profile.user_count > 0) return <InUse profile={profile} onClose={onClose} />;
  const remove = async () => {
    await data(
      api.DELETE('/api/v1/profiles/{id}', { params: { path: { id: profile.id } }, headers: ifMatch(etag) }),
    );
    await navigate({ to: '/access-control' });
    client.removeQueries({ queryKey: ['profile', profile.id] });
    client.removeQueries({ queryKey: ['permissions', profile.id] });
    await client.invalidateQueries({ queryKey: ['profiles'] });
    done(`Deleted ${profile.name}.`);
  };
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Delete ${profile.name}?`}
      confirm="Delete the profile"
      danger
      onConfirm={remove}
    >
      Its capabilities and levels are gone for good. Nobody is on it, so nobody’s access changes.
    </ConfirmDialog>
  );
}

function InUse({ profile, onClose }: { profile: Profile; onClose: () => void }) {
  const session = useSession();
  const people =
    profile.user_count === 1 ? 'One person is' : `${profile.user_count.toLocaleString('en-GB')} people are`;
  return (
    <Dialog opened onClose={onClose} title={`${profile.name} is in use`}>
      <Stack gap="md">
        <Text fz="sm">
          {people} on this profile, those without access included. Give them another profile first; then it
          can be deleted.
        </Text>
        <Group gap="md">
          <Anchor
            fz="sm"
            renderRoot={(props) => <Link {...props} to="/users" search={{ profile_id: profile.id }} />}
          >
            Users on {profile.name}
          </Anchor>
          {can(session, 'manage_guests') && (
            <Anchor
              fz="sm"
              renderRoot={(props) => <Link {...props} to="/guests" search={{ profile_id: profile.id }} />}
            >
              Guests on {profile.name}
            </Anchor>
          )}
        </Group>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
