import { Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import type { Levels } from '../../api/schema';
import { lower } from './impact';
import { exceeding, levelTitle, loweredToView, pointless, viewRaised } from './levels';
import classes from './PermissionMatrix.module.css';
import type { MatrixRow } from './usePendingLevels';

interface Props {
  row: MatrixRow;
  /** Changes levels of this object; without, the notes only explain. */
  onFix?: (levels: Levels) => void;
}

/** Whether there is anything to say about the levels of an object. */
export function hasNotes(row: MatrixRow): boolean {
  return exceeding(row.levels).length > 0 || pointless(row.levels, row.owned).length > 0;
}

/** What is odd about the levels of an object, and how to put it right with one click. */
export function RowNotes({ row, onFix }: Props) {
  const over = exceeding(row.levels);
  const idle = pointless(row.levels, row.owned);
  const verbs = over.join(' and ');
  return (
    <>
      {over.length > 0 && (
        <Group className={classes.note} gap="xs" data-kind="warning">
          <Text fz="sm" component="p" m={0} flex="1 1 320px">
            <IconAlertTriangle size={16} aria-hidden /> {capital(verbs)}{' '}
            {over.length > 1 ? 'reach' : 'reaches'} no further than view, which is set to “
            {levelTitle(row.levels.view)}”: nobody can {verbs.replace(' and ', ' or ')} what they can’t see.
          </Text>
          {onFix && (
            <Group gap={6}>
              <Button size="compact-sm" variant="default" onClick={() => onFix(viewRaised(row.levels))}>
                Raise view to match
              </Button>
              <Button size="compact-sm" variant="default" onClick={() => onFix(loweredToView(row.levels))}>
                Lower {verbs} to view
              </Button>
            </Group>
          )}
        </Group>
      )}
      {idle.length > 0 && (
        <Group className={classes.note} gap="xs" data-kind="info">
          <Text fz="sm" component="p" m={0}>
            <IconInfoCircle size={16} aria-hidden /> No field of {lower(row.plural)} represents ownership, so
            nobody owns one. Only “None” and “Owned by anyone” make a difference here.
          </Text>
        </Group>
      )}
    </>
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
