import { Button, Group, Text } from '@mantine/core';
import { type NotificationData, notifications, notificationsStore } from '@mantine/notifications';
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
  say({
    id,
    autoClose: undo ? 10_000 : 5_000,
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
  say({
    color: 'red',
    icon: <IconX size={18} aria-hidden />,
    autoClose: 10_000,
    message: sentence(error),
  });
}

/** Says something at the edge of the page, for a while; good news unless it is coloured otherwise. */
export function say(what: NotificationData): void {
  // The newest is always to be seen: the oldest goes for it.
  const { notifications: shown, limit } = notificationsStore.getState();
  for (const { id } of shown.slice(0, Math.max(0, shown.length + 1 - limit))) if (id) notifications.hide(id);
  notifications.show({
    color: 'moss',
    icon: <IconCheck size={18} aria-hidden />,
    withBorder: true,
    closeButtonProps: { 'aria-label': 'Dismiss' },
    ...what,
  });
}
