import { Button, Group, type MantineSize, Stack, Text } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { sentence } from '../api/problem';
import { Dialog } from './Dialog';
import { ErrorAlert } from './ErrorAlert';

interface Props {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** What will happen, in sentences, and anything to fill in. */
  children: ReactNode;
  /** The button's words: what it does, never "OK". */
  confirm: string;
  danger?: boolean;
  /** There is nothing to confirm yet: something is still to be filled in, or looked up. */
  blocked?: boolean;
  size?: MantineSize;
  /**
   * Does it. The dialog closes when it succeeds and says why when it fails; after `false` it stays open, for what is
   * wrong has been said at a field.
   */
  onConfirm: () => Promise<unknown>;
}

/** Asks before something that matters, says what will happen, and shows why it didn't. */
export function ConfirmDialog(props: Props) {
  const {
    opened,
    onClose,
    title,
    children,
    confirm,
    danger = false,
    blocked = false,
    size,
    onConfirm,
  } = props;
  const [running, setRunning] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const close = () => {
    setError(null);
    onClose();
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setRunning(true);
    setError(null);
    try {
      if ((await onConfirm()) !== false) close();
    } catch (problem) {
      setError(sentence(problem));
    } finally {
      setRunning(false);
    }
  };
  return (
    <Dialog opened={opened} onClose={close} running={running} size={size} title={title}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <Text component="div" fz="sm">
            {children}
          </Text>
          {error && <ErrorAlert>{error}</ErrorAlert>}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close} disabled={running}>
              Cancel
            </Button>
            <Button type="submit" color={danger ? 'red.8' : undefined} loading={running} disabled={blocked}>
              {confirm}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
