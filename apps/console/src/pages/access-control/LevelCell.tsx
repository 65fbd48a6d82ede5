import { Text, UnstyledButton } from '@mantine/core';
import { IconAlertTriangle, IconChevronDown } from '@tabler/icons-react';
import type { ComponentProps } from 'react';
import { LevelText } from './LevelMeter';
import { actionTitle, effective, levelShort, levelTitle, type Verb } from './levels';
import classes from './PermissionMatrix.module.css';
import type { MatrixRow } from './usePendingLevels';

interface Props extends Omit<ComponentProps<'button'>, 'onClick'> {
  row: MatrixRow;
  action: Verb;
  /** Opens the levels to choose from; without, the cell only shows. */
  onOpen?: (element: HTMLElement) => void;
}

/** One cell of the matrix: the level, what counts of it, and whether it is saved. */
export function LevelCell({ row, action, onOpen, ...button }: Props) {
  const level = row.levels[action];
  const counts = effective(row.levels, action);
  const saved = row.saved[action];
  const notes = (
    <>
      {counts !== level && (
        <Text span fz={11.5} className={classes.counts}>
          <IconAlertTriangle size={13} aria-hidden /> in effect: {levelShort(counts)}
        </Text>
      )}
      {saved !== level && (
        <Text span fz={11.5} className={classes.was}>
          was {levelShort(saved)}
        </Text>
      )}
    </>
  );
  if (!onOpen) {
    return (
      <span className={classes.value} data-none={level === 'none' || undefined}>
        <LevelText level={level} />
        {notes}
      </span>
    );
  }
  const words = [
    `${row.plural}, ${actionTitle(action)}: ${levelTitle(level)}.`,
    counts !== level && `In effect: ${levelTitle(counts)}.`,
    saved !== level && `Not saved yet; was ${levelTitle(saved)}.`,
  ];
  return (
    <UnstyledButton
      {...button}
      className={classes.cell}
      data-none={level === 'none' || undefined}
      data-pending={saved !== level || undefined}
      aria-haspopup="menu"
      aria-label={words.filter(Boolean).join(' ')}
      onClick={(event) => onOpen(event.currentTarget)}
    >
      <LevelText level={level} />
      <IconChevronDown size={14} aria-hidden className={classes.chevron} />
      {notes}
    </UnstyledButton>
  );
}
