import { Box, Button, Group, Text, Transition } from '@mantine/core';
import classes from './SaveBar.module.css';

interface Props {
  /** Whether there is something to save. */
  shown: boolean;
  running: boolean;
  onDiscard: () => void;
  /** What stands in the way, if anything. */
  error?: string | null;
}

/** Comes up at the foot of a form as soon as something in it has changed. The form's submit does the saving. */
export function SaveBar({ shown, running, onDiscard, error }: Props) {
  return (
    <Transition mounted={shown} transition="slide-up" duration={120}>
      {(style) => (
        <Box className={classes.bar} style={style}>
          <Text fz="sm" role="status" c={error ? 'var(--mantine-color-error)' : undefined} flex={1} miw={0}>
            {error ?? 'You have changes that aren’t saved.'}
          </Text>
          <Group gap="xs" wrap="nowrap">
            <Button variant="default" onClick={onDiscard} disabled={running}>
              Discard
            </Button>
            <Button type="submit" loading={running}>
              Save
            </Button>
          </Group>
        </Box>
      )}
    </Transition>
  );
}
