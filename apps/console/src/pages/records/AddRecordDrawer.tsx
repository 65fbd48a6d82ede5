import { Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { applyProblem, asProblem } from '../../api/problem';
import { addRecord } from '../../api/records';
import type { CustomObject } from '../../api/schema';
import { useSession } from '../../api/session';
import { FormDrawer } from '../../components/FormDrawer';
import { ownershipFields, recordTitle } from '../../components/fields/fieldTypes';
import { ValueInput } from '../../components/fields/ValueInput';
import { type Draft, draftOf, draftProblem, editorValue } from '../../components/fields/values';
import { done } from '../../components/notify';
import { useRecordCache } from './recordCache';

interface Props {
  object: CustomObject;
  onClose: () => void;
}

/** Makes a record. */
export function AddRecordDrawer({ object, onClose }: Props) {
  const session = useSession();
  const navigate = useNavigate();
  const cache = useRecordCache(object.key);
  const [running, setRunning] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const owning = ownershipFields(object);
  const form = useForm<{ fields: { [key: string]: Draft }; external_id: string }>({
    initialValues: {
      fields: Object.fromEntries(
        object.fields.map((field) => [
          field.key,
          // Whoever makes a record owns it, unless they say otherwise.
          field === owning[0] ? session.user.id : draftOf(field, field.default),
        ]),
      ),
      external_id: '',
    },
  });
  const singular = object.singular.toLowerCase();
  const submit = form.onSubmit(async (values) => {
    setError(null);
    const wrong = object.fields
      .map((field) => [field.key, draftProblem(field, values.fields[field.key] ?? '')] as const)
      .filter(([, problem]) => problem);
    if (wrong.length > 0) {
      form.setErrors(Object.fromEntries(wrong.map(([key, problem]) => [`fields.${key}`, problem])));
      return;
    }
    setRunning(true);
    try {
      const made = await addRecord(object.key, {
        fields: Object.fromEntries(
          object.fields.map((field) => [field.key, editorValue(field, values.fields[field.key] ?? '')]),
        ),
        external_id: values.external_id.trim() || null,
      });
      await cache.reload();
      onClose();
      done(`${recordTitle(object, made)} is added.`);
      await navigate({
        to: '/records/$objectKey/$recordId',
        params: { objectKey: object.key, recordId: made.id },
      });
    } catch (problem) {
      if (asProblem(problem).code === 'not_permitted') {
        const words = `Your profile doesn’t let you add a ${singular} for this owner. Try it with yourself.`;
        if (owning[0]) form.setFieldError(`fields.${owning[0].key}`, words);
        else setError(`Your profile doesn’t let you add a ${singular}.`);
      } else {
        setError(applyProblem(form, problem));
      }
    } finally {
      setRunning(false);
    }
  });
  return (
    <FormDrawer
      opened
      onClose={onClose}
      title={`Add: ${object.singular}`}
      submit={`Add ${singular}`}
      running={running}
      error={error}
      onSubmit={submit}
    >
      {object.fields.map((field, index) => (
        <ValueInput
          key={field.key}
          field={field}
          label={field.label}
          description={field.help ?? (field.represents_ownership ? 'Owns the record.' : undefined)}
          withAsterisk={field.required}
          autoFocus={index === 0}
          multiline
          value={form.values.fields[field.key] ?? ''}
          onChange={(value) => form.setFieldValue(`fields.${field.key}`, value)}
          error={form.errors[`fields.${field.key}`] as string | undefined}
        />
      ))}
      <TextInput
        label="External ID"
        description="Its id in another system, if there is one."
        {...form.getInputProps('external_id')}
      />
      {owning.length > 0 && (
        <Text fz="xs" c="dimmed">
          Who else sees this {singular} follows from who owns it:{' '}
          {owning.map(({ label }) => label).join(', ')}.
        </Text>
      )}
    </FormDrawer>
  );
}
