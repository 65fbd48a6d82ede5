import { Alert, Button, Group, Text } from '@mantine/core';
import { IconGitMerge } from '@tabler/icons-react';
import type { Versioned } from '../../api/client';
import type { NamedRecord } from '../../api/records';
import type { Field } from '../../api/schema';
import { type Draft, draftOf, sameDraft, valueWords } from '../../components/fields/values';
import { PersonName } from '../../components/PersonName';

interface Props {
  field: Field;
  /** What the edit started from. */
  base: Versioned<NamedRecord> | null;
  /** What is stored now. */
  theirs: Versioned<NamedRecord>;
  draft: Draft;
  running: boolean;
  onMine: () => void;
  onTheirs: () => void;
}

/** Somebody saved this record first: both values, and the choice between them. */
export function EditConflict({ field, base, theirs, draft, running, onMine, onTheirs }: Props) {
  const stored = theirs.value.fields[field.key];
  const same = base && sameDraft(draftOf(field, base.value.fields[field.key]), draftOf(field, stored));
  return (
    <Alert
      color="yellow"
      variant="light"
      icon={<IconGitMerge size={18} />}
      title="Somebody changed this meanwhile"
      styles={{ title: { color: 'var(--mantine-color-text)' } }}
      role="alert"
      py="xs"
    >
      {same ? (
        <Text fz="sm">They changed something else in this record; {field.label} is as it was.</Text>
      ) : (
        <dl style={{ display: 'grid', gridTemplateColumns: 'auto 1fr', gap: '2px 12px', margin: 0 }}>
          <Text component="dt" fz="sm">
            Theirs
          </Text>
          <Text component="dd" fz="sm" m={0} fw={550}>
            {valueWords(field, stored, theirs.value.names)}
          </Text>
          <Text component="dt" fz="sm">
            Yours
          </Text>
          <Text component="dd" fz="sm" m={0} fw={550}>
            {field.type === 'user' && draft ? (
              <PersonName id={String(draft)} />
            ) : (
              valueWords(field, draft, theirs.value.names)
            )}
          </Text>
        </dl>
      )}
      <Group gap="xs" mt="xs">
        <Button size="compact-sm" loading={running} onClick={onMine}>
          Save mine
        </Button>
        <Button size="compact-sm" variant="default" onClick={onTheirs}>
          Keep theirs
        </Button>
      </Group>
    </Alert>
  );
}
