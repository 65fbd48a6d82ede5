import { Box, Button, Group, Stack } from '@mantine/core';
import type { FormEventHandler, ReactNode } from 'react';
import { ErrorAlert } from './ErrorAlert';
import { SidePanel } from './SidePanel';

interface Props {
  opened: boolean;
  onClose: () => void;
  title: string;
  submit: string;
  running: boolean;
  /** What is said above the buttons when the server refused and no field is to blame. */
  error?: ReactNode;
  onSubmit: FormEventHandler<HTMLFormElement>;
  children: ReactNode;
}

/** A form that slides in: fields, one sentence on what went wrong, and the button that does it. */
export function FormDrawer({ opened, onClose, title, submit, running, error, onSubmit, children }: Props) {
  return (
    <SidePanel
      opened={opened}
      onClose={onClose}
      running={running}
      title={title}
      styles={{ body: { paddingBottom: 0 } }}
    >
      <form onSubmit={onSubmit} noValidate>
        <Stack gap="md">
          {children}
          {error && <ErrorAlert>{error}</ErrorAlert>}
        </Stack>
        <Box
          pos="sticky"
          bottom={0}
          py="md"
          mt="md"
          bg="var(--mantine-color-body)"
          style={{ borderTop: '1px solid var(--vestibule-line)' }}
        >
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose} disabled={running}>
              Cancel
            </Button>
            <Button type="submit" loading={running}>
              {submit}
            </Button>
          </Group>
        </Box>
      </form>
    </SidePanel>
  );
}
