import { ActionIcon, Alert, Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconInfoCircle, IconPlus, IconTrash } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, data } from '../../api/client';
import { applyProblem } from '../../api/problem';
import type { FieldType } from '../../api/schema';
import { isAdmin, useSession } from '../../api/session';
import { FormDrawer } from '../../components/FormDrawer';
import { FIELD_TYPES } from '../../components/fields/fieldTypes';
import { done } from '../../components/notify';
import { keyFor, keyProblem, pluralFor } from './key';
import { useObjectCache } from './objectCache';

interface Draft {
  singular: string;
  plural: string;
  key: string;
  fields: { id: number; label: string; type: FieldType }[];
}

/** Types that need nothing else to be said about them. */
const SIMPLE = (Object.keys(FIELD_TYPES) as FieldType[]).filter(
  (type) => !['choice', 'multi_choice', 'record'].includes(type),
);

let drafts = 0;
const blank = (label = '', type: FieldType = 'text') => {
  drafts += 1;
  return { id: drafts, label, type };
};

/** Makes an object, with a few fields to begin with. */
export function AddObjectDrawer({ onClose }: { onClose: () => void }) {
  const session = useSession();
  const navigate = useNavigate();
  const cache = useObjectCache();
  const [running, setRunning] = useState(false);
  const [error, setError] = useState<string | null>(null);
  // What has been typed by hand isn't proposed any more.
  const [typed, setTyped] = useState({ plural: false, key: false });
  const form = useForm<Draft>({
    initialValues: { singular: '', plural: '', key: '', fields: [blank('Name'), blank('Owner', 'user')] },
    validate: {
      singular: (value) => (value.trim() ? null : 'What is one record called?'),
      plural: (value) => (value.trim() ? null : 'What are several records called?'),
      key: keyProblem,
    },
  });
  const rename = (singular: string) => {
    form.setFieldValue('singular', singular);
    if (!typed.plural) form.setFieldValue('plural', pluralFor(singular));
    if (!typed.key) form.setFieldValue('key', keyFor(singular));
  };
  const submit = form.onSubmit(async (values) => {
    setError(null);
    setRunning(true);
    const fields = values.fields.filter(({ label }) => label.trim());
    const owning = fields.find(({ type }) => type === 'user');
    try {
      const object = await data(
        api.POST('/api/v1/objects', {
          body: {
            key: values.key,
            singular: values.singular,
            plural: values.plural,
            fields: fields.map((field, index) => ({
              key: keyFor(field.label) || `field_${index + 1}`,
              label: field.label,
              type: field.type,
              required: index === 0 && field.type === 'text',
              unique: false,
              ...(field === owning && { represents_ownership: true }),
            })),
          },
        }),
      );
      await cache.touched(object.key);
      onClose();
      done(`${object.plural} are there.`);
      await navigate({ to: '/objects/$objectKey', params: { objectKey: object.key } });
    } catch (problem) {
      setError(applyProblem(form, problem));
    } finally {
      setRunning(false);
    }
  });
  const owner = form.values.fields.find(({ type, label }) => type === 'user' && label.trim());
  return (
    <FormDrawer
      opened
      onClose={onClose}
      title="Add an object"
      submit="Add object"
      running={running}
      error={error}
      onSubmit={submit}
    >
      <TextInput
        label="One record is called"
        placeholder="Contract"
        withAsterisk
        data-autofocus
        {...form.getInputProps('singular')}
        onChange={(event) => rename(event.currentTarget.value)}
      />
      <TextInput
        label="Several are called"
        placeholder="Contracts"
        withAsterisk
        {...form.getInputProps('plural')}
        onChange={(event) => {
          setTyped({ ...typed, plural: true });
          form.setFieldValue('plural', event.currentTarget.value);
        }}
      />
      <TextInput
        label="Key"
        description="For the API. It stays, whatever the object is called later."
        placeholder="contract"
        withAsterisk
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        {...form.getInputProps('key')}
        onChange={(event) => {
          setTyped({ ...typed, key: true });
          form.setFieldValue('key', event.currentTarget.value);
        }}
      />
      <Stack gap={6} component="fieldset" bd={0} p={0} m={0}>
        <Text component="legend" fz="sm" fw={500} p={0}>
          First fields
        </Text>
        {form.values.fields.map((field, index) => (
          <Group key={field.id} gap={6} wrap="nowrap" align="flex-start">
            <TextInput
              flex={1}
              aria-label={`Label of field ${index + 1}`}
              placeholder="Label"
              {...form.getInputProps(`fields.${index}.label`)}
            />
            <Select
              w={170}
              aria-label={`Type of field ${index + 1}`}
              allowDeselect={false}
              data={SIMPLE.map((type) => ({ value: type, label: FIELD_TYPES[type].label }))}
              {...form.getInputProps(`fields.${index}.type`)}
            />
            <ActionIcon
              aria-label={`Remove field ${index + 1}`}
              onClick={() => form.removeListItem('fields', index)}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
        ))}
        <Group>
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => form.insertListItem('fields', blank())}
          >
            Add a field
          </Button>
        </Group>
        <Text fz="xs" c="dimmed">
          Choices and links to other records are added on the next page, where everything else about fields is
          set, too.
        </Text>
      </Stack>
      <Alert variant="light" color="gray" icon={<IconInfoCircle size={18} />} py="xs">
        <Text fz="sm">
          {owner
            ? `Records belong to whoever is in “${owner.label}”. `
            : 'Without a person among the fields, nobody owns these records. '}
          At first only {isAdmin(session) ? 'Admins like you reach' : 'Admins reach'} them; access control
          opens them to other profiles.
        </Text>
      </Alert>
    </FormDrawer>
  );
}
