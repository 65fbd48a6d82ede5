import { Alert, Text } from '@mantine/core';
import { IconGitMerge } from '@tabler/icons-react';
import { ConflictAlert } from '../ConflictAlert';
import type { Conflict } from './useVersionedForm';

interface Props {
  conflict: Conflict | null;
  onReload: () => void;
  /** The words for a path: `password_policy.min_length` → "Shortest password". */
  label: (path: string) => string;
}

/** Somebody else changed the same thing: first that they did, then what, beside what was typed here. */
export function MergeNotice({ conflict, onReload, label }: Props) {
  if (!conflict) return null;
  if (conflict.step === 'noticed') return <ConflictAlert onReload={onReload} />;
  const list = (paths: string[]) => paths.map(label).join(', ');
  const followed = conflict.theirs.filter((path) => !conflict.both.includes(path));
  return (
    <Alert
      color="blue"
      variant="light"
      icon={<IconGitMerge size={18} />}
      title="This is the current version"
      role="status"
    >
      {followed.length > 0 && (
        <Text fz="sm">Changed by somebody else, and shown here now: {list(followed)}.</Text>
      )}
      {conflict.both.length > 0 && (
        <Text fz="sm">
          Changed by both of you: {list(conflict.both)}. Yours is shown; it replaces theirs if you save.
        </Text>
      )}
      {conflict.theirs.length === 0 && (
        <Text fz="sm">What they changed isn’t on this page. You can save now.</Text>
      )}
    </Alert>
  );
}
