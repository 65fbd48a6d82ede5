import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Versioned } from '../../api/client';
import type { PermissionBulkReport } from '../../api/schema';
import { PreviewFrame } from './PreviewFrame';
import { type Many, previewMany, saveMany, takeBackMany } from './permissions';
import { complete, SetManyChoice } from './SetManyChoice';
import { refusedIn, SetManyPreview, withoutRefused } from './SetManyPreview';
import { useSavePreviewed } from './useSavePreviewed';

const NONE: Many = { profiles: [], objects: [], permissions: {} };

/** Sets the same levels for several profiles and objects: choose, see one preview of all of it, save. */
export function SetManyDialog({ onClose }: { onClose: () => void }) {
  const [many, setMany] = useState<Many>(NONE);
  const [shown, setShown] = useState<Versioned<PermissionBulkReport> | null>(null);
  const preview = useMutation({
    mutationFn: previewMany,
    onSuccess: setShown,
  });
  const { save, saving, outdated, error, reset } = useSavePreviewed<Versioned<PermissionBulkReport>>({
    save: async ({ etag }) => {
      const report = await saveMany(many, etag);
      // Something in it is refused by now.
      if (!report.applied) return null;
      const changed = report.results.filter((result) => result.status === 'changed');
      const profiles = new Set(changed.map((result) => result.profile_id)).size;
      return {
        message: `Saved. Levels changed on ${profiles === 1 ? '1 profile' : `${profiles} profiles`}.`,
        takeBack: () => takeBackMany(report),
      };
    },
    again: async () => setShown(await previewMany(many)),
    onSaved: onClose,
  });
  const restart = () => {
    setShown(null);
    preview.reset();
    reset();
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
  return (
    <PreviewFrame
      title={shown ? 'What this changes' : 'Set many at once'}
      size={820}
      onClose={onClose}
      running={saving}
      counting={preview.isPending}
      outdated={outdated}
      error={preview.error ?? error}
      buttons={
        shown ? (
          <>
            <Button variant="default" onClick={restart} disabled={saving}>
              Back
            </Button>
            {refused > 0 && complete(withoutRefused(many, shown.value)) && (
              <Button onClick={leaveOut}>Leave out what is refused</Button>
            )}
            {refused === 0 && changed > 0 && (
              <Button loading={saving} onClick={() => save(shown)}>
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
        )
      }
    >
      {shown ? (
        <SetManyPreview report={shown.value} />
      ) : (
        <SetManyChoice many={many} onChange={setMany} disabled={preview.isPending} />
      )}
    </PreviewFrame>
  );
}
