import { Button, Group, Text } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { Dialog } from './Dialog';

/** Where one ends up when nobody is signed in any more, and nothing can be saved. */
const OUTSIDE = ['/sign-in', '/access-ended'];

/** Asks before changes that aren't saved are left behind. */
export function LeaveDialog({ count, what }: { count: number; what: string }) {
  const { status, proceed, reset } = useBlocker({
    disabled: count === 0,
    enableBeforeUnload: count > 0,
    withResolver: true,
    // Another tab of the same page keeps the changes.
    shouldBlockFn: ({ current, next }) =>
      current.pathname !== next.pathname && !OUTSIDE.includes(next.pathname),
  });
  return (
    <Dialog opened={status === 'blocked'} onClose={() => reset?.()} title="Leave without saving?">
      <Text fz="sm">
        {count === 1 ? 'One change' : `${count} changes`} to {what} {count === 1 ? 'is' : 'are'} not saved yet
        and would be lost.
      </Text>
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" onClick={() => proceed?.()}>
          Leave
        </Button>
        <Button onClick={() => reset?.()}>Stay here</Button>
      </Group>
    </Dialog>
  );
}
