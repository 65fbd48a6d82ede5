import { List, Stack, Text, Title } from '@mantine/core';
import type { Forest } from '../../components/role-tree/forest';
import { peopleWords } from '../../components/role-tree/lit';

/** Beside the drawing while no role is chosen: what there is, and what one can do. */
export function NothingChosen({ forest, mayChange }: { forest: Forest; mayChange: boolean }) {
  const people = [...forest.byId.values()].reduce((sum, role) => sum + role.user_count, 0);
  const roles = forest.byId.size;
  return (
    <Stack gap="sm">
      <Title order={2} fz="lg">
        {roles === 1 ? '1 role' : `${roles.toLocaleString()} roles`}, {peopleWords(people)}
      </Title>
      <List fz="sm" c="dimmed" spacing={6}>
        <List.Item>Pick a role to see who is in it.</List.Item>
        <List.Item>Find a person to see their reports and peers in the drawing.</List.Item>
        {mayChange && (
          <List.Item>
            Drag a role onto another one to move it. Before anything changes, you see whose reach would.
          </List.Item>
        )}
      </List>
      <Text fz="xs" c="dimmed">
        Keyboard: arrow keys walk through the roles, Enter opens one, plus and minus zoom, 0 shows all.
      </Text>
    </Stack>
  );
}
