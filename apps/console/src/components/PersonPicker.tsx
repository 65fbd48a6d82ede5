import { Group, Select, type SelectProps, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { fullName, peopleSearchQuery, personQuery } from '../api/people';
import type { PersonName } from '../api/schema';
import { useHeldName } from './fields/useHeldName';

interface Props extends Omit<SelectProps, 'data' | 'onChange' | 'value'> {
  value: string | null;
  onChange: (id: string | null) => void;
  kind?: 'standard' | 'guest';
  /** People who can't be picked. */
  without?: string[];
}

/** Picks a person by typing a part of their name. */
export function PersonPicker({ value, onChange, kind, without = [], ...props }: Props) {
  const [typed, setTyped] = useState('');
  const [q] = useDebouncedValue(typed, 150);
  const { data: chosen } = useQuery({ ...personQuery(value ?? ''), enabled: Boolean(value) });
  // The picked name stands in the box: it is no search.
  const search = chosen && q === fullName(chosen) ? '' : q;
  const { data: found, isFetching } = useQuery(peopleSearchQuery(search, kind));
  const people = new Map<string, PersonName>();
  for (const person of found?.items ?? []) if (!without.includes(person.id)) people.set(person.id, person);
  if (chosen) people.set(chosen.id, chosen);
  const name = useHeldName(!value || people.has(value), { ...props, onChange });
  if (value && name.held) people.delete(value);
  return (
    <Select
      placeholder="Type a name"
      searchable
      clearable
      nothingFoundMessage={isFetching ? 'Looking…' : 'Nobody found'}
      {...props}
      value={value}
      {...name.handlers}
      onSearchChange={setTyped}
      filter={({ options }) => options}
      data={[...people.values()].map((person) => ({ value: person.id, label: fullName(person) }))}
      renderOption={({ option }) => {
        const person = people.get(option.value);
        return (
          <Stack gap={0}>
            <Group gap={6}>
              <Text fz="sm">{option.label}</Text>
              {person?.kind === 'guest' && (
                <Text fz="xs" c="dimmed">
                  guest
                </Text>
              )}
            </Group>
            {person?.email && (
              <Text fz="xs" c="dimmed">
                {person.email}
              </Text>
            )}
          </Stack>
        );
      }}
    />
  );
}
