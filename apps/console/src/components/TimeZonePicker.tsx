import { Group, Select, type SelectProps, Text } from '@mantine/core';
import { useMemo } from 'react';

interface Props extends Omit<SelectProps, 'data' | 'onChange' | 'value'> {
  value?: string | null;
  onChange?: (zone: string | null) => void;
}

/** Picks an IANA time zone by typing a place; each is shown with its offset of today. */
export function TimeZonePicker({ value = null, onChange, ...props }: Props) {
  const zones = useMemo(() => {
    const known = Intl.supportedValuesOf('timeZone');
    return [...new Set(['UTC', ...(value ? [value] : []), ...known])].sort();
  }, [value]);
  return (
    <Select
      searchable
      limit={80}
      nothingFoundMessage="No such place"
      {...props}
      value={value}
      onChange={(zone) => onChange?.(zone)}
      data={zones.map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }))}
      renderOption={({ option }) => (
        <Group justify="space-between" w="100%" wrap="nowrap">
          <Text fz="sm">{option.label}</Text>
          <Text fz="xs" c="dimmed" className="tabular">
            {offsetOf(option.value)}
          </Text>
        </Group>
      )}
    />
  );
}

/** `GMT+1`, today; empty for a zone that this browser doesn't know. */
export function offsetOf(zone: string): string {
  try {
    const parts = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      timeZoneName: 'shortOffset',
    }).formatToParts();
    return parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
  } catch {
    return '';
  }
}
