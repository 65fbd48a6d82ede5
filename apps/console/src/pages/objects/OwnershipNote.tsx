import { Group, Paper, Text } from '@mantine/core';
import { IconCrown, IconUserOff } from '@tabler/icons-react';
import type { CustomObject } from '../../api/schema';
import { ownershipFields } from '../../components/fields/fieldTypes';

/** Whose the records of this object are, in a sentence or two. */
export function OwnershipNote({ object }: { object: CustomObject }) {
  const owning = ownershipFields(object);
  const plural = object.plural.toLowerCase();
  const names = owning.map(({ label }) => `“${label}”`);
  const list = names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : names[0];
  return (
    <Paper p="sm" radius="md" bg="var(--vestibule-surface)" bd="1px solid var(--vestibule-line)">
      <Group gap="sm" wrap="nowrap" align="flex-start">
        {owning.length > 0 ? <IconCrown size={20} aria-hidden /> : <IconUserOff size={20} aria-hidden />}
        <Text fz="sm">
          {owning.length > 0 ? (
            <>
              <b>
                {object.plural} belong to the people in {list}.
              </b>{' '}
              Levels such as “Assigned to them and their reports” count from these people.{' '}
              {owning.length > 1 && 'Any one of them within reach is enough. '}A record with nobody there is
              unowned, and only “Owned by anyone” reaches it.
            </>
          ) : (
            <>
              <b>Nobody owns {plural}.</b> Only profiles with “Owned by anyone” reach them. To let people have
              their own, add a field for a person and let it mean ownership.
            </>
          )}
        </Text>
      </Group>
    </Paper>
  );
}
