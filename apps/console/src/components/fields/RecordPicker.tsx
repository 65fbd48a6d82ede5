import { Select, type SelectProps, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { objectsQuery } from '../../api/queries';
import { recordQuery, recordSearchQuery } from '../../api/records';
import { recordTitle } from './fieldTypes';
import { useHeldName } from './useHeldName';

interface Props extends Omit<SelectProps, 'data' | 'onChange' | 'value'> {
  /** The key of the object whose records are offered. */
  object: string;
  value: string | null;
  onChange: (id: string | null) => void;
}

const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;

/** What tells records of the same name apart: whose they are, as far as the answer says, and their external id. */
function hintOf(
  record: { owners: string[]; external_id: string | null },
  names: { [id: string]: string },
): string {
  return [...record.owners.map((id) => names[id]), record.external_id].filter(Boolean).join(' · ');
}

/** Picks a record by a part of its name; a pasted link or id is taken, too. */
export function RecordPicker({ object: key, value, onChange, ...props }: Props) {
  const [typed, setTyped] = useState('');
  const [q] = useDebouncedValue(typed, 200);
  const { data: objects = [] } = useQuery(objectsQuery);
  const object = objects.find((candidate) => candidate.key === key);
  const chosen = useQuery({ ...recordQuery(key, value ?? ''), enabled: Boolean(value && object) });
  const title = object && chosen.data ? recordTitle(object, chosen.data.value) : undefined;
  const name = useHeldName(!value || title !== undefined, { ...props, onChange });
  const pasted = ID.exec(typed)?.[0];
  const search = q === title || ID.test(q) ? '' : q;
  const found = useQuery({ ...recordSearchQuery(object, search), enabled: Boolean(object) });
  const options = new Map<string, { label: string; hint: string }>();
  if (object) {
    for (const record of found.data?.items ?? []) {
      options.set(record.id, {
        label: recordTitle(object, record),
        hint: hintOf(record, found.data?.names ?? {}),
      });
    }
  }
  if (value) {
    const record = chosen.data?.value;
    options.set(value, {
      label: (name.held ? undefined : title) ?? `Record ${value}`,
      hint: record ? hintOf(record, record.names ?? {}) : '',
    });
  }
  return (
    <Select
      placeholder="Type a name"
      searchable
      clearable
      nothingFoundMessage={found.isFetching ? 'Looking…' : 'Nothing found that you may see'}
      {...props}
      value={value}
      {...name.handlers}
      onSearchChange={(text) => {
        setTyped(text);
        const id = ID.exec(text)?.[0];
        // Several links in one text name nothing in particular: the last id of a link is the record's.
        if (id && text !== `Record ${id}`) {
          onChange((text.match(new RegExp(ID, 'gi'))?.at(-1) ?? id).toLowerCase());
          // What was pasted is the answer: there is nothing to pick any more. The list opens right after this.
          const field = document.activeElement;
          if (field instanceof HTMLElement) setTimeout(() => field.blur());
        }
      }}
      filter={({ options: all }) => (pasted ? [] : all)}
      data={[...options].map(([id, { label }]) => ({ value: id, label }))}
      renderOption={({ option }) => (
        <Stack gap={0}>
          <Text fz="sm">{option.label}</Text>
          {options.get(option.value)?.hint && (
            <Text fz="xs" c="dimmed">
              {options.get(option.value)?.hint}
            </Text>
          )}
        </Stack>
      )}
    />
  );
}
