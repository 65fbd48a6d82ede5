import { Select, type SelectProps, Stack, Text } from '@mantine/core';
import { useMemo } from 'react';
import type { Role } from '../../api/schema';
import { rolePath } from '../../components/pickers';

interface Props extends Omit<SelectProps, 'data' | 'value' | 'onChange'> {
  /** Those that can be picked. */
  roles: Role[];
  value: string | null;
  onChange: (id: string | null) => void;
  /** A choice in front of the roles. */
  first?: { value: string; label: string };
}

/** Picks one of some roles; each is shown with the roles above it. */
export function OtherRolePicker({ roles, value, onChange, first, ...props }: Props) {
  const byId = useMemo(() => new Map(roles.map((role) => [role.id, role])), [roles]);
  const choices = roles.map((role) => ({ value: role.id, label: role.name }));
  return (
    <Select
      searchable
      clearable
      limit={100}
      nothingFoundMessage="No such role"
      {...props}
      value={value}
      onChange={(id) => onChange(id)}
      data={first ? [first, ...choices] : choices}
      renderOption={({ option }) => (
        <Stack gap={0}>
          <Text fz="sm">{option.label}</Text>
          <Text fz="xs" c="dimmed">
            {rolePath(byId, option.value)}
          </Text>
        </Stack>
      )}
    />
  );
}
