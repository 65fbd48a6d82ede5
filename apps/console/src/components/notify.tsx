import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconCheck, IconX } from '@tabler/icons-react';
import { sentence } from '../api/problem';

/** Says that something was done; with `undo` it can be taken back while the message stands. */
export function done(message: string, undo?: () => Promise<unknown>): void {
  const id = crypto.randomUUID();
  const takeBack = async () => {
    notifications.hide(id);
    try {
      await undo?.();
      done('Taken back.');
    } catch (error) {
      failed(error);
    }
  };
  notifications.show({
    id,
    color: 'moss',
    icon: <IconCheck size={18} aria-hidden />,
    autoClose: undo ? 10_000 : 5_000,
    withBorder: true,
    closeButtonProps: { 'aria-label': 'Dismiss' },
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text fz="sm">{message}</Text>
        {undo && (
          <Button variant="subtle" size="compact-sm" onClick={takeBack}>
            Undo
          </Button>
        )}
      </Group>
    ),
  });
}

/** Says that something failed, for what has no form to say it in. */
export function failed(error: unknown): void {
  notifications.show({
    color: 'red',
    icon: <IconX size={18} aria-hidden />,
    autoClose: 10_000,
    withBorder: true,
    closeButtonProps: { 'aria-label': 'Dismiss' },
    message: sentence(error),
  });
}
