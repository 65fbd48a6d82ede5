import { Alert, Group, Progress, Stack, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconRefreshAlert } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { sentence } from '../../api/problem';
import { Dialog } from '../../components/Dialog';
import { ErrorAlert } from '../../components/ErrorAlert';

interface Props {
  title: string;
  size: number;
  onClose: () => void;
  /** Whether it is being saved. */
  running: boolean;
  /** Whether the server is being asked. */
  counting: boolean;
  /** Whether saving found that something had changed since the preview. */
  outdated: boolean;
  error: unknown;
  buttons: ReactNode;
  children: ReactNode;
}

/** The window of a preview: what would happen, what has come in between, and the buttons, which stay in sight. */
export function PreviewFrame({ counting, outdated, error, buttons, children, ...dialog }: Props) {
  const phone = useMediaQuery('(max-width: 48em)');
  return (
    <Dialog opened {...dialog} fullScreen={phone} styles={{ body: { paddingBottom: 0 } }}>
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
        {children}
        {counting && (
          <Stack gap="xs" role="status">
            <Text fz="sm">Counting who gains and loses what…</Text>
            <Progress value={100} animated aria-label="Counting" />
          </Stack>
        )}
        {error != null && <ErrorAlert>{sentence(error)}</ErrorAlert>}
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
        {buttons}
      </Group>
    </Dialog>
  );
}
