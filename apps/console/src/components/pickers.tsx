import { Group, Select, type SelectProps, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { licensesQuery, profilesQuery, rolesQuery } from '../api/queries';
import type { Role } from '../api/schema';

interface Props extends Omit<SelectProps, 'data' | 'onChange' | 'value'> {
  value: string | null;
  onChange: (id: string | null) => void;
}

/** The names of the roles above a role, from the root: `Sales › EMEA`. */
export function rolePath(roles: ReadonlyMap<string, Role>, id: string): string {
  const names: string[] = [];
  let at = roles.get(id)?.parent_id;
  // Depth is bounded by the server (64); the bound here keeps a broken answer from looping.
  for (let depth = 0; at && depth < 64; depth += 1) {
    const role = roles.get(at);
    if (!role) break;
    names.unshift(role.name);
    at = role.parent_id;
  }
  return names.join(' › ');
}

/** Picks a user role; each is shown with the roles above it. */
export function RolePicker({ value, onChange, ...props }: Props) {
  const { data: roles = [] } = useQuery(rolesQuery);
  const byId = useMemo(() => new Map(roles.map((role) => [role.id, role])), [roles]);
  return (
    <Select
      placeholder="No role"
      searchable
      clearable
      limit={100}
      nothingFoundMessage="No such role"
      {...props}
      value={value}
      onChange={(id) => onChange(id)}
      data={roles.map((role) => ({ value: role.id, label: role.name }))}
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

/** Picks a profile. `forGuests` leaves out Admin, which guests never get. */
export function ProfilePicker({
  value,
  onChange,
  forGuests = false,
  ...props
}: Props & { forGuests?: boolean }) {
  const { data: profiles = [] } = useQuery(profilesQuery);
  const offered = profiles.filter((profile) => !forGuests || profile.built_in !== 'admin');
  return (
    <Select
      placeholder="Pick a profile"
      searchable
      allowDeselect={false}
      nothingFoundMessage="No such profile"
      {...props}
      value={value}
      onChange={(id) => onChange(id)}
      data={offered.map((profile) => ({ value: profile.id, label: profile.name }))}
    />
  );
}

/** Picks a license; each is shown with the seats it has left. */
export function LicensePicker({ value, onChange, ...props }: Props) {
  const { data: licenses = [] } = useQuery(licensesQuery);
  return (
    <Select
      placeholder="No license"
      searchable
      clearable
      nothingFoundMessage="No such license"
      {...props}
      value={value}
      onChange={(id) => onChange(id)}
      data={licenses.map((license) => ({ value: license.id, label: license.name }))}
      renderOption={({ option }) => {
        const license = licenses.find((candidate) => candidate.id === option.value);
        const left = license ? Math.max(0, license.seats - license.used) : 0;
        return (
          <Group justify="space-between" w="100%">
            <Text fz="sm">{option.label}</Text>
            <Text fz="xs" c="dimmed" className="tabular">
              {left === 1 ? '1 seat left' : `${left} seats left`}
            </Text>
          </Group>
        );
      }}
    />
  );
}
