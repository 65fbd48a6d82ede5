import { Button, CloseButton, Menu, Paper, Text } from '@mantine/core';
import { IconCalendarPlus, IconChevronDown, IconLogout } from '@tabler/icons-react';
import { ActionItems } from '../../components/ActionMenu';
import { ACTIONS } from './GuestMenu';
import classes from './Guests.module.css';
import { type GuestAction, guestsWords } from './guestActions';

/** What isn't done so often. */
const MORE: GuestAction[] = ['resend', 'set-profile', 'set-license', 'delete'];

interface Props {
  /** How many are picked. */
  count: number;
  /** How many match the filter, when more can be picked than are. */
  matching: number | undefined;
  onSelectMatching: () => void;
  onAct: (action: GuestAction) => void;
  onClear: () => void;
}

/** What to do with the guests that are picked. */
export function BulkBar({ count, matching, onSelectMatching, onAct, onClear }: Props) {
  return (
    <Paper className={classes.bulk} component="section" aria-label="Selected guests">
      <Text fz="sm" fw={550} className="tabular" role="status">
        {guestsWords(count)} selected
      </Text>
      {matching !== undefined && (
        <Button variant="subtle" size="compact-sm" h={30} onClick={onSelectMatching}>
          Select all {matching.toLocaleString()} that match
        </Button>
      )}
      <Button
        size="xs"
        variant="default"
        leftSection={<IconCalendarPlus size={16} aria-hidden />}
        onClick={() => onAct('extend')}
      >
        Extend
      </Button>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconLogout size={16} aria-hidden />}
        onClick={() => onAct('revoke')}
      >
        Revoke
      </Button>
      <Menu position="top-end" width={220}>
        <Menu.Target>
          <Button size="xs" variant="default" rightSection={<IconChevronDown size={14} aria-hidden />}>
            More
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <ActionItems actions={MORE} looks={ACTIONS} onPick={onAct} />
        </Menu.Dropdown>
      </Menu>
      <CloseButton aria-label="Clear the selection" onClick={onClear} />
    </Paper>
  );
}
