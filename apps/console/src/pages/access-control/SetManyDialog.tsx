import { Alert, Button, Group, Modal, Progress, Stack, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconAlertCircle, IconRefreshAlert } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Versioned } from '../../api/client';
import { asProblem, sentence } from '../../api/problem';
import type { PermissionBulkReport } from '../../api/schema';
import { done } from '../../components/notify';
import { type Many, previewMany, saveMany, takeBackMany } from './permissions';
import { complete, SetManyChoice } from './SetManyChoice';
import { refusedIn, SetManyPreview, withoutRefused } from './SetManyPreview';

const NONE: Many = { profiles: [], objects: [], permissions: {} };

/** Sets the same levels for several profiles and objects: choose, see one preview of all of it, save. */
export function SetManyDialog({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const phone = useMediaQuery('(max-width: 48em)');
  const [many, setMany] = useState<Many>(NONE);
  const [shown, setShown] = useState<Versioned<PermissionBulkReport> | null>(null);
  const [outdated, setOutdated] = useState(false);
  const preview = useMutation({
    mutationFn: previewMany,
    onSuccess: setShown,
  });
  const save = useMutation({
    mutationFn: async ({ etag }: Versioned<PermissionBulkReport>) => {
      try {
        const report = await saveMany(many, etag);
        if (report.applied) return report;
      } catch (error) {
        if (asProblem(error).status !== 412) throw error;
      }
      // Something is another way than the preview told, or a cell is refused by now: look again.
      setShown(await previewMany(many));
      setOutdated(true);
      return null;
    },
    onSuccess: async (report) => {
      if (!report) return;
      const settle = () =>
        Promise.all(
          [['permissions'], ['session'], ['objects'], ['records'], ['record'], ['audit']].map((queryKey) =>
            client.invalidateQueries({ queryKey }),
          ),
        );
      await settle();
      const cells = report.results.filter((result) => result.status === 'changed');
      const profiles = new Set(cells.map((result) => result.profile_id)).size;
      done(`Saved. Levels changed on ${profiles === 1 ? '1 profile' : `${profiles} profiles`}.`, async () => {
        await takeBackMany(report);
        await settle();
      });
      onClose();
    },
  });
  const restart = () => {
    setShown(null);
    setOutdated(false);
    preview.reset();
    save.reset();
  };
  const leaveOut = () => {
    if (!shown) return;
    const fewer = withoutRefused(many, shown.value);
    setMany(fewer);
    restart();
    if (complete(fewer)) preview.mutate(fewer);
  };
  const refused = shown ? refusedIn(shown.value) : 0;
  const changed = shown?.value.results.filter((result) => result.status === 'changed').length ?? 0;
  const error = preview.error ?? save.error;
  return (
    <Modal
      opened
      onClose={onClose}
      size={820}
      fullScreen={phone}
      title={<Text fw={620}>{shown ? 'What this changes' : 'Set many at once'}</Text>}
      closeButtonProps={{ 'aria-label': 'Close' }}
      styles={{ body: { paddingBottom: 0 } }}
    >
      <Stack gap="md">
        {outdated && (
          <Alert
            color="yellow"
            variant="light"
            role="alert"
            icon={<IconRefreshAlert size={18} />}
            title="Something changed since the preview"
          >
            <Text fz="sm">Nothing was saved. This is what it would do now.</Text>
          </Alert>
        )}
        {shown ? (
          <SetManyPreview report={shown.value} />
        ) : (
          <SetManyChoice many={many} onChange={setMany} disabled={preview.isPending} />
        )}
        {preview.isPending && (
          <Stack gap={6} role="status">
            <Text fz="sm">Counting who gains and loses what…</Text>
            <Progress value={100} animated aria-label="Counting" />
          </Stack>
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
        style={{ borderTop: '1px solid var(--vestibule-line)', zIndex: 2 }}
      >
        {shown ? (
          <>
            <Button variant="default" onClick={restart} disabled={save.isPending}>
              Back
            </Button>
            {refused > 0 && complete(withoutRefused(many, shown.value)) && (
              <Button onClick={leaveOut}>Leave out what is refused</Button>
            )}
            {refused === 0 && changed > 0 && (
              <Button loading={save.isPending} onClick={() => save.mutate(shown)}>
                Save {changed === 1 ? 'change' : `${changed} changes`}
              </Button>
            )}
          </>
        ) : (
          <>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button
              disabled={!complete(many)}
              loading={preview.isPending}
              onClick={() => preview.mutate(many)}
            >
              Preview
            </Button>
          </>
        )}
      </Group>
    </Modal>
  );
}
