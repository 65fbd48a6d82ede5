import { Button, Divider, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Fragment, useState } from 'react';
import type { PermissionMatrixPreview, Profile, ProfileUsers } from '../../api/schema';
import { changedLevels } from './levels';
import { PreviewFrame } from './PreviewFrame';
import { PreviewOfObject } from './PreviewOfObject';
import { type Preview, previewChanges, saveChanges } from './permissions';
import type { PendingLevels } from './usePendingLevels';
import { useSavePreviewed } from './useSavePreviewed';

interface Props {
  profile: Profile;
  pending: PendingLevels;
  onClose: () => void;
  onSaved: () => void;
}

/** Who gains and loses what by the pending changes, and the button that saves them. */
export function PreviewDialog({ profile, pending, onClose, onSaved }: Props) {
  const client = useQueryClient();
  // What is being looked at stays what it was when the dialog opened, whatever arrives underneath.
  const [changes] = useState(pending.changes);
  const key = ['permission-preview', profile.id, [...changes]];
  const ask = () => previewChanges(client, profile.id, changes);
  const preview = useQuery({
    queryKey: key,
    queryFn: ask,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnReconnect: false,
  });
  const shown = preview.data?.preview.value;
  const count = shown ? countOf(shown) : 0;
  const { save, saving, outdated, error } = useSavePreviewed<Preview>({
    save: async (looked) => ({
      takeBack: await saveChanges(profile.id, looked),
      message: `Saved ${count === 1 ? '1 change' : `${count} changes`} to ${profile.name}.`,
    }),
    again: async () => client.setQueryData(key, await ask()),
    onSaved: () => {
      onSaved();
      onClose();
    },
  });
  return (
    <PreviewFrame
      title={`What this changes for ${profile.name}`}
      size={640}
      onClose={onClose}
      running={saving}
      counting={preview.isPending}
      outdated={outdated}
      error={preview.error ?? error}
      buttons={
        <>
          <Button variant="default" onClick={onClose} disabled={saving}>
            Back to editing
          </Button>
          {preview.error && (
            <Button onClick={() => void preview.refetch()} loading={preview.isFetching}>
              Try again
            </Button>
          )}
          {preview.data && count > 0 && (
            <Button onClick={() => save(preview.data)} loading={saving}>
              Save {count === 1 ? 'change' : `${count} changes`}
            </Button>
          )}
        </>
      }
    >
      {shown?.objects.map((one, at) => (
        <Fragment key={one.object}>
          {at > 0 && <Divider />}
          <PreviewOfObject preview={one} noun={pending.rows.find((row) => row.object === one.object)} />
        </Fragment>
      ))}
      {shown &&
        (count > 0 ? (
          <Text fz="xs" c="dimmed">
            {counted(profile, shown.users)}
          </Text>
        ) : (
          <Text fz="sm">Nothing is left to change: {profile.name} permits exactly this already.</Text>
        ))}
    </PreviewFrame>
  );
}

/** How many levels would be others. */
function countOf({ objects }: PermissionMatrixPreview): number {
  return objects.reduce((sum, { current, proposed }) => sum + changedLevels(current, proposed).length, 0);
}

function counted({ name }: Profile, users: ProfileUsers): string {
  const people =
    users.on_profile === 0
      ? `Nobody is on ${name} yet.`
      : `Counted for the ${users.in_good_standing.toLocaleString('en-GB')} of ${users.on_profile.toLocaleString('en-GB')} people on ${name} who have access at present.`;
  return `${people} Saved changes hold from everybody’s next request on.`;
}
