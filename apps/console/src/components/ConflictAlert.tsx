import { Alert, Button, Group, Text } from '@mantine/core';
import { IconGitMerge } from '@tabler/icons-react';
import type { ReactNode } from 'react';

interface Props {
  /** Loads what is stored now; what was typed stays. */
  onReload: () => void;
  /** What the other person changed, where it is known. */
  children?: ReactNode;
}

/** Somebody else changed the same thing meanwhile (412): nothing is lost, and one may look and save again. */
export function ConflictAlert({ onReload, children }: Props) {
  return (
    <Alert
      color="yellow"
      variant="light"
      icon={<IconGitMerge size={18} />}
      title="Somebody changed this meanwhile"
      role="alert"
    >
      <Text fz="sm">Your changes are still here, and nothing was saved over theirs.</Text>
      {children}
      <Group mt="xs">
        <Button size="compact-sm" variant="default" onClick={onReload}>
          Look at the current version
        </Button>
      </Group>
    </Alert>
  );
}
