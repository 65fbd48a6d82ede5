import { Box, Popover, Text, UnstyledButton } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { type KeyboardEvent, useLayoutEffect, useRef } from 'react';
import type { Level } from '../../api/schema';
import classes from './Level.module.css';
import { LevelMeter } from './LevelMeter';
import { LEVELS } from './levels';

/** Where a menu of levels opens, relative to the box that holds it. */
export interface Spot {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The place of an element within the positioned box around it. */
export function spotOf(element: HTMLElement, within: HTMLElement): Spot {
  const inner = element.getBoundingClientRect();
  const outer = within.getBoundingClientRect();
  return {
    left: inner.left - outer.left,
    top: inner.top - outer.top,
    width: inner.width,
    height: inner.height,
  };
}

interface Props {
  spot: Spot | null;
  /** What is being set: "Deals, Edit records". */
  label: string;
  /** A line above the levels, where it isn't plain from the place of the menu. */
  title?: string;
  level?: Level;
  /** Whether the records have owners; without, the levels in between reach nothing. */
  owned?: boolean;
  onPick: (level: Level) => void;
  onClose: () => void;
}

/**
 * The levels to choose from. One menu serves all cells of a matrix: with hundreds of objects a menu of its own for each
 * cell would make the page slow.
 */
export function LevelMenu({ spot, onClose, ...list }: Props) {
  return (
    <Popover
      opened={spot !== null}
      onChange={(opened) => !opened && onClose()}
      position="bottom-start"
      shadow="md"
      withRoles={false}
      withinPortal={false}
      closeOnEscape={false}
      // At once: with a transition the next key would still go to the cell.
      transitionProps={{ duration: 0 }}
    >
      <Popover.Target>
        <span
          aria-hidden
          className={classes.anchor}
          style={{ ...spot, display: spot ? 'block' : 'none' }}
          onClick={onClose}
        />
      </Popover.Target>
      <Popover.Dropdown p={4} maw="calc(100vw - 24px)">
        <LevelList {...list} onClose={onClose} />
      </Popover.Dropdown>
    </Popover>
  );
}

function LevelList({ label, title, level, owned = true, onPick, onClose }: Omit<Props, 'spot'>) {
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const box = list.current;
    const first =
      box?.querySelector<HTMLElement>('[aria-checked="true"]') ?? box?.querySelector<HTMLElement>('button');
    // The box isn't in its place yet: scrolling to it would lead away from the cell.
    first?.focus({ preventScroll: true });
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    const items = [...(list.current?.querySelectorAll('button') ?? [])];
    const at = items.indexOf(document.activeElement as HTMLButtonElement);
    const to = nextItem(event.key, at, items.length);
    if (event.key === 'Escape' || event.key === 'Tab') onClose();
    else if (to !== undefined) items[to]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <Box ref={list} role="menu" aria-label={label} tabIndex={-1} onKeyDown={onKeyDown}>
      {title && (
        <Text fz="xs" c="dimmed" px={10} pt={6} pb={4} fw={550} role="presentation">
          {title}
        </Text>
      )}
      {LEVELS.map((offered) => {
        const between = offered.level !== 'none' && offered.level !== 'anyone';
        return (
          <UnstyledButton
            key={offered.level}
            role="menuitemradio"
            aria-checked={offered.level === level}
            tabIndex={-1}
            className={classes.item}
            onClick={() => onPick(offered.level)}
          >
            <LevelMeter level={offered.level} />
            <span>
              <Text span fz="sm" display="block" lh={1.35}>
                {offered.title}
              </Text>
              <Text span fz="xs" c="dimmed" display="block" lh={1.35}>
                {!owned && between ? 'Reaches nothing: these records have no owners' : offered.hint}
              </Text>
            </span>
            {offered.level === level && <IconCheck size={16} aria-hidden />}
          </UnstyledButton>
        );
      })}
    </Box>
  );
}

/** Where a key leads among so many items; the digits 1 to 5 lead to the item directly. */
function nextItem(key: string, at: number, count: number): number | undefined {
  if (key === 'ArrowDown') return (at + 1) % count;
  if (key === 'ArrowUp') return (at - 1 + count) % count;
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  const digit = Number(key);
  return digit >= 1 && digit <= count ? digit - 1 : undefined;
}
