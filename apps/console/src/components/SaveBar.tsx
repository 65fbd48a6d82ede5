import { Box, Button, Group, Text, Transition } from '@mantine/core';
import { LeaveDialog } from './LeaveDialog';
import classes from './SaveBar.module.css';

interface Props {
  /** How many changes wait to be saved. */
  changes: number;
  /** What they change: "your settings". */
  what: string;
  running: boolean;
  onDiscard: () => void;
  /** What stands in the way, if anything. */
  error?: string | null;
}

/**
 * Comes up at the foot of a form as soon as something in it has changed, and asks before one leaves without saving. The
 * form's submit does the saving.
 */
export function SaveBar({ changes, what, running, onDiscard, error }: Props) {
  return (
    <>
      <Transition mounted={changes > 0} transition="slide-up" duration={120}>
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
      <LeaveDialog count={changes} what={what} />
    </>
  );
}
