import { Alert, Button, Divider, Group, Modal, Progress, Stack, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconAlertCircle, IconRefreshAlert } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Fragment, useState } from 'react';
import { asProblem, sentence } from '../../api/problem';
import type { Profile } from '../../api/schema';
import { done } from '../../components/notify';
import { PreviewOfObject } from './PreviewOfObject';
import { Outdated, type Preview, previewChanges, saveChanges } from './permissions';
import type { PendingLevels } from './usePendingLevels';

interface Props {
  profile: Profile;
  pending: PendingLevels;
  opened: boolean;
  onClose: () => void;
  onSaved: () => void;
}

/** Who gains and loses what by the pending changes, and the button that saves them. */
export function PreviewDialog(props: Props) {
  const phone = useMediaQuery('(max-width: 48em)');
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      size={640}
      fullScreen={phone}
      title={<Text fw={620}>What this changes for {props.profile.name}</Text>}
      closeButtonProps={{ 'aria-label': 'Close' }}
      styles={{ body: { paddingBottom: 0 } }}
    >
      <Body {...props} />
    </Modal>
  );
}

function Body({ profile, pending, onClose, onSaved }: Props) {
  const client = useQueryClient();
  // What is being looked at stays what it was when the dialog opened, whatever arrives underneath.
  const [changes] = useState(pending.changes);
  const [count] = useState(pending.count);
  const [counted, setCounted] = useState(0);
  const [outdated, setOutdated] = useState(false);
  const key = ['permission-preview', profile.id, [...changes]];
  const preview = useQuery({
    queryKey: key,
    queryFn: () => previewChanges(profile.id, changes, setCounted),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnReconnect: false,
  });
  const refresh = async () => {
    setCounted(0);
    client.setQueryData(key, await previewChanges(profile.id, changes, setCounted));
    setOutdated(true);
  };
  const save = useMutation({
    mutationFn: async (shown: Preview) => {
      try {
        return await saveChanges(profile.id, shown);
      } catch (error) {
        if (error instanceof Outdated) {
          client.setQueryData(key, error.fresh);
          setOutdated(true);
          return null;
        }
        if (asProblem(error).status !== 412) throw error;
        await refresh();
        return null;
      }
    },
    onSuccess: async (takeBack) => {
      if (!takeBack) return;
      const settle = () =>
        Promise.all(
          [['permissions'], ['session'], ['objects'], ['records'], ['record'], ['audit']].map((queryKey) =>
            client.invalidateQueries({ queryKey }),
          ),
        );
      await settle();
      done(`Saved ${count === 1 ? '1 change' : `${count} changes`} to ${profile.name}.`, async () => {
        await takeBack();
        await settle();
      });
      onSaved();
      onClose();
    },
  });
  const shown = preview.data;
  const error = preview.error ?? save.error;
  const people = shown?.objects[0]?.value.users;
  return (
    <>
      <Stack gap="md">
        {outdated && (
          <Alert
            color="yellow"
            variant="light"
            role="alert"
            icon={<IconRefreshAlert size={18} />}
            title="Something changed since the preview"
          >
            <Text fz="sm">Nothing was saved. This is what your changes would do now.</Text>
          </Alert>
        )}
        {preview.isPending && <Counting done={counted} of={changes.size} />}
        {shown?.objects.map(({ value }, at) => (
          <Fragment key={value.object}>
            {at > 0 && <Divider />}
            <PreviewOfObject preview={value} noun={pending.rows.find((row) => row.object === value.object)} />
          </Fragment>
        ))}
        {people && (
          <Text fz="xs" c="dimmed">
            {people.on_profile === 0
              ? `Nobody is on ${profile.name} yet.`
              : `Counted for the ${people.in_good_standing.toLocaleString('en-GB')} of ${people.on_profile.toLocaleString('en-GB')} people on ${profile.name} who have access at present.`}{' '}
            Saved changes hold from everybody’s next request on.
          </Text>
        )}
        {error && (
          <Alert color="red" icon={<IconAlertCircle size={18} />} role="alert" variant="light">
            {sentence(error)}
          </Alert>
        )}
      </Stack>
      <Group
        justify="flex-end"
        gap="xs"
        py="md"
        mt="md"
        pos="sticky"
        bottom={0}
        bg="var(--mantine-color-body)"
        style={{ borderTop: '1px solid var(--vestibule-line)' }}
      >
        <Button variant="default" onClick={onClose} disabled={save.isPending}>
          Back to editing
        </Button>
        {preview.error ? (
          <Button onClick={() => void preview.refetch()} loading={preview.isFetching}>
            Try again
          </Button>
        ) : (
          <Button onClick={() => shown && save.mutate(shown)} loading={save.isPending || preview.isFetching}>
            Save {count === 1 ? 'change' : `${count} changes`}
          </Button>
        )}
      </Group>
    </>
  );
}

function Counting({ done: counted, of }: { done: number; of: number }) {
  return (
    <Stack gap="xs" role="status" py="lg">
      <Text fz="sm">
        Counting who gains and loses what{of > 1 ? `: object ${Math.min(counted + 1, of)} of ${of}` : ''}…
      </Text>
      <Progress value={of > 1 ? (100 * counted) / of : 100} animated aria-label="Counting" />
    </Stack>
  );
}
