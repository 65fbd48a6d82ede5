import { Box, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type ReactNode, useId, useState } from 'react';
import classes from './SetMany.module.css';

/** With more than this one can search. */
const MANY = 8;

interface Props {
  /** What is picked: "Profiles". */
  label: string;
  options: { value: string; label: string; note?: string }[];
  picked: string[];
  onChange: (picked: string[]) => void;
  /** At most so many at once. */
  limit: number;
  children?: ReactNode;
}

/** Picks several of a list that is short enough to look at. */
export function CheckList({ label, options, picked, onChange, limit, children }: Props) {
  const heading = useId();
  const [q, setQ] = useState('');
  const shown = options.filter((option) => option.label.toLowerCase().includes(q.trim().toLowerCase()));
  const all = shown.length > 0 && shown.every((option) => picked.includes(option.value));
  const values = shown.map((option) => option.value);
  const toggleAll = () =>
    onChange(all ? picked.filter((value) => !values.includes(value)) : [...new Set([...picked, ...values])]);
  const over = picked.length > limit;
  return (
    <Stack gap={6} role="group" aria-labelledby={heading} miw={0}>
      <Group justify="space-between" wrap="nowrap">
        <Text id={heading} fz="sm" fw={570}>
          {label}
        </Text>
        <Text fz="xs" c={over ? 'var(--mantine-color-error)' : 'dimmed'} role="status">
          {over
            ? `At most ${limit} at once; ${picked.length} picked`
            : picked.length > 0 && `${picked.length} picked`}
        </Text>
      </Group>
      {options.length > MANY && (
        <TextInput
          type="search"
          size="xs"
          aria-label={`Find among ${label.toLowerCase()}`}
          placeholder="Find"
          leftSection={<IconSearch size={14} aria-hidden />}
          value={q}
          onChange={(event) => setQ(event.currentTarget.value)}
        />
      )}
      <Box className={classes.options}>
        {shown.length > 1 && (
          <Checkbox
            className={classes.all}
            label={q ? 'All found' : 'All'}
            checked={all}
            indeterminate={!all && picked.some((value) => values.includes(value))}
            onChange={toggleAll}
          />
        )}
        {shown.map(({ value, label: name, note }) => (
          <Checkbox
            key={value}
            label={name}
            description={note}
            checked={picked.includes(value)}
            onChange={(event) =>
              onChange(
                event.currentTarget.checked ? [...picked, value] : picked.filter((one) => one !== value),
              )
            }
          />
        ))}
        {shown.length === 0 && (
          <Text fz="sm" c="dimmed">
            Nothing found
          </Text>
        )}
      </Box>
      {children}
    </Stack>
  );
}
