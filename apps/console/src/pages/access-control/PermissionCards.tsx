import { Box, Button, Group, Stack, Text, UnstyledButton } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { LevelCell } from './LevelCell';
import { ACTIONS } from './levels';
import { type MatrixProps, ObjectName } from './PermissionMatrix';
import classes from './PermissionMatrix.module.css';
import { hasNotes, RowNotes } from './RowNotes';

/** The matrix where there is no room for one: a card for each object. */
export function PermissionCards({ label, rows, pending, onOpen }: MatrixProps) {
  return (
    <Stack gap="sm" component="section" aria-label={label}>
      {onOpen && rows.length > 1 && (
        <Group gap={6} role="group" aria-label="Set an action for every object">
          <Text fz="sm" c="dimmed" w="100%">
            Set for every object:
          </Text>
          {ACTIONS.map(({ key, title, short }) => (
            <Button
              key={key}
              size="xs"
              px={10}
              variant="default"
              aria-haspopup="menu"
              aria-label={`${title}: set for every object`}
              rightSection={<IconChevronDown size={14} aria-hidden />}
              onClick={(event) => onOpen({ action: key }, event.currentTarget)}
            >
              {short}
            </Button>
          ))}
        </Group>
      )}
      {rows.map((row) => (
        <Box key={row.object} className={classes.card} role="group" aria-label={row.plural}>
          {onOpen ? (
            <UnstyledButton
              className={classes.head}
              aria-haspopup="menu"
              aria-label={`${row.plural}: set all four`}
              onClick={(event) => onOpen({ object: row.object }, event.currentTarget)}
            >
              <ObjectName row={row} />
              <IconChevronDown size={14} aria-hidden className={classes.chevron} />
            </UnstyledButton>
          ) : (
            <Box className={classes.head}>
              <ObjectName row={row} />
            </Box>
          )}
          {ACTIONS.map(({ key, title }) => (
            <Box key={key} className={classes.line}>
              <Text fz="sm" c="dimmed" aria-hidden={onOpen ? true : undefined}>
                {title}
              </Text>
              <LevelCell
                row={row}
                action={key}
                onOpen={onOpen && ((element) => onOpen({ object: row.object, action: key }, element))}
              />
            </Box>
          ))}
          {hasNotes(row) && (
            <RowNotes row={row} onFix={onOpen ? (levels) => pending.set(row.object, levels) : undefined} />
          )}
        </Box>
      ))}
    </Stack>
  );
}
