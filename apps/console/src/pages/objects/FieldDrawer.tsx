import { Alert, Group, Select, Stack, Switch, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconCrown } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Versioned } from '../../api/client';
import { applyProblem, asProblem } from '../../api/problem';
import { objectsQuery } from '../../api/queries';
import type { CustomObject, Field, FieldType } from '../../api/schema';
import { FormDrawer } from '../../components/FormDrawer';
import { FIELD_TYPES } from '../../components/fields/fieldTypes';
import { ValueInput } from '../../components/fields/ValueInput';
import { draftProblem } from '../../components/fields/values';
import { MergeNotice } from '../../components/merging/MergeNotice';
import type { Conflict } from '../../components/merging/useVersionedForm';
import { done } from '../../components/notify';
import {
  type FieldForm,
  fieldPatch,
  formOf,
  mayBeUnique,
  mergeField,
  newField,
  optionsOf,
  ownershipWords,
  takesDefault,
  takesOptions,
} from './fieldForm';
import { keyFor, keyProblem } from './key';
import { useObjectCache } from './objectCache';

interface Props {
  stored: Versioned<CustomObject>;
  /** The field to change; without it, one is added. */
  field?: Field;
  onClose: () => void;
}

/** Adds a field to an object, or changes one. */
export function FieldDrawer({ stored, field, onClose }: Props) {
  const { value: object } = stored;
  const cache = useObjectCache();
  const { data: objects = [] } = useQuery(objectsQuery);
  // What the form began from; newer once somebody else was faster.
  const [base, setBase] = useState({ field, etag: stored.etag });
  const [keyTyped, setKeyTyped] = useState(false);
  const [running, setRunning] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const form = useForm<FieldForm>({
    initialValues: formOf(field),
    validate: {
      label: (value) => (value.trim() ? null : 'What do people see?'),
      key: (value) => (field ? null : keyProblem(value)),
      options: (value, { type }) =>
        takesOptions(type) && optionsOf(value).length === 0 ? 'At least one option is needed.' : null,
      object: (value, { type }) => (type === 'record' && !value ? 'Which records?' : null),
      default: (value, { type }) =>
        takesDefault(type) ? draftProblem({ type, required: false }, value) : null,
    },
  });
  const { values } = form;
  const asField: Field = {
    key: 'default',
    label: 'Default',
    type: values.type,
    help: null,
    required: false,
    unique: false,
    options: optionsOf(values.options),
  };
  const ownershipChanges =
    values.type === 'user' && values.represents_ownership !== (base.field?.represents_ownership ?? false);
  const submit = form.onSubmit(async (filled) => {
    setRunning(true);
    setError(null);
    setConflict(null);
    try {
      const changed = base.field
        ? await cache.changeField(object.key, base.field.key, base.etag, fieldPatch(base.field, filled))
        : await cache.addField(object.key, newField(filled));
      onClose();
      if (changed.value.ownership_change)
        done('Saved. The owners are being worked out; the old meaning holds until then.');
      else done(field ? `${filled.label} is changed.` : `${filled.label} is added.`);
    } catch (problem) {
      if (asProblem(problem).status === 412) {
        setConflict({ step: 'noticed' });
        await cache.touched(object.key);
      } else setError(applyProblem(form, problem));
    } finally {
      setRunning(false);
    }
  });
  /** Reads what is stored now, and keeps what was typed. */
  const reload = async () => {
    try {
      const { value, etag } = await cache.readAgain(object.key);
      const now = value.fields.find(({ key }) => key === base.field?.key);
      if (!base.field || !now) {
        setError('Somebody has deleted this field meanwhile.');
        return;
      }
      const { values: merged, theirs, both } = mergeField(base.field, form.getValues(), now);
      setBase({ field: now, etag });
      form.setValues(merged);
      setConflict({ step: 'merged', theirs, both });
    } catch (problem) {
      setError(applyProblem(form, problem));
    }
  };
  const type = FIELD_TYPES[values.type];
  const TypeIcon = type.icon;
  return (
    <FormDrawer
      opened
      onClose={onClose}
      title={field ? `Edit ${field.label}` : `Add a field to ${object.plural.toLowerCase()}`}
      submit={field ? 'Save' : 'Add field'}
      running={running}
      error={error}
      onSubmit={submit}
    >
      {field ? (
        <Group gap="xs">
          <TypeIcon size={18} aria-hidden />
          <Text fz="sm">
            {type.label}, as <code>{field.key}</code>. Type and key stay for good.
          </Text>
        </Group>
      ) : (
        <Select
          label="Type"
          description={`${type.description}. It stays for good.`}
          allowDeselect={false}
          searchable
          maxDropdownHeight={420}
          leftSection={<TypeIcon size={18} aria-hidden />}
          data={Object.entries(FIELD_TYPES).map(([value, { label }]) => ({ value, label }))}
          renderOption={({ option }) => {
            const { icon: Icon, label, description } = FIELD_TYPES[option.value as FieldType];
            return (
              <Group gap="sm" wrap="nowrap">
                <Icon size={18} aria-hidden />
                <Stack gap={0}>
                  <Text fz="sm">{label}</Text>
                  <Text fz="xs" c="dimmed">
                    {description}
                  </Text>
                </Stack>
              </Group>
            );
          }}
          {...form.getInputProps('type')}
          onChange={(next) => {
            form.setFieldValue('type', (next ?? 'text') as FieldType);
            form.setFieldValue('default', next === 'multi_choice' ? [] : '');
          }}
        />
      )}
      <TextInput
        label="Label"
        withAsterisk
        data-autofocus
        {...form.getInputProps('label')}
        onChange={(event) => {
          form.setFieldValue('label', event.currentTarget.value);
          if (!field && !keyTyped) form.setFieldValue('key', keyFor(event.currentTarget.value));
        }}
      />
      {!field && (
        <TextInput
          label="Key"
          description="For the API and for filters. It stays for good."
          withAsterisk
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          {...form.getInputProps('key')}
          onChange={(event) => {
            setKeyTyped(true);
            form.setFieldValue('key', event.currentTarget.value);
          }}
        />
      )}
      {values.type === 'record' && !field && (
        <Select
          label="Records of"
          withAsterisk
          placeholder="Pick an object"
          description="The link is an id and nothing more: whoever follows it sees the record only if they may."
          searchable
          data={objects.map(({ key, plural }) => ({ value: key, label: plural }))}
          {...form.getInputProps('object')}
        />
      )}
      {takesOptions(values.type) && (
        <Textarea
          label="Options"
          description="One a line. An option that records have can’t be taken away."
          withAsterisk
          autosize
          minRows={3}
          maxRows={12}
          {...form.getInputProps('options')}
        />
      )}
      <TextInput label="Help" description="What to fill in, for people." {...form.getInputProps('help')} />
      {takesDefault(values.type) && (
        <ValueInput
          field={asField}
          label="Default"
          description="What a new record has if nothing else is said."
          value={values.default}
          onChange={(next) => form.setFieldValue('default', next)}
          error={form.errors.default as string | undefined}
        />
      )}
      <Switch
        label="Required"
        description="New records need a value, and so do edits of it. Records from before stay as they are."
        {...form.getInputProps('required', { type: 'checkbox' })}
      />
      {mayBeUnique(values.type) && (
        <Switch
          label="Unique"
          description="No two records may have the same value, whatever the case."
          {...form.getInputProps('unique', { type: 'checkbox' })}
        />
      )}
      {values.type === 'user' && (
        <>
          <Switch
            label="Means ownership"
            description="Whoever is in this field owns the record."
            {...form.getInputProps('represents_ownership', { type: 'checkbox' })}
          />
          {ownershipChanges && (
            <Alert
              variant="light"
              color="yellow"
              icon={<IconCrown size={18} />}
              title="What this changes"
              styles={{ title: { color: 'var(--mantine-color-text)' } }}
              role="status"
            >
              <Stack gap={6}>
                {ownershipWords(object, field, values.represents_ownership).map((words) => (
                  <Text key={words} fz="sm">
                    {words}
                  </Text>
                ))}
              </Stack>
            </Alert>
          )}
        </>
      )}
      <MergeNotice
        conflict={conflict}
        onReload={() => void reload()}
        label={(path) => LABELS[path] ?? path}
      />
    </FormDrawer>
  );
}

const LABELS: Record<string, string> = {
  label: 'Label',
  options: 'Options',
  help: 'Help',
  default: 'Default',
  required: 'Required',
  unique: 'Unique',
  represents_ownership: 'Means ownership',
};
