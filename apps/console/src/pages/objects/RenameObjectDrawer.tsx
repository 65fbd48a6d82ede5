import { Alert, Code, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconInfoCircle } from '@tabler/icons-react';
import { useState } from 'react';
import type { Versioned } from '../../api/client';
import { applyProblem, asProblem } from '../../api/problem';
import type { CustomObject } from '../../api/schema';
import { ConflictAlert } from '../../components/ConflictAlert';
import { FormDrawer } from '../../components/FormDrawer';
import { done } from '../../components/notify';
import { useObjectCache } from './objectCache';

interface Props {
  stored: Versioned<CustomObject>;
  onClose: () => void;
}

/** Changes what an object is called. */
export function RenameObjectDrawer({ stored, onClose }: Props) {
  const { value: object } = stored;
  const cache = useObjectCache();
  const [etag, setEtag] = useState(stored.etag);
  const [running, setRunning] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [conflict, setConflict] = useState(false);
  const form = useForm({
    initialValues: { singular: object.singular, plural: object.plural },
    validate: {
      singular: (value) => (value.trim() ? null : 'What is one record called?'),
      plural: (value) => (value.trim() ? null : 'What are several records called?'),
    },
  });
  const submit = form.onSubmit(async (values) => {
    setRunning(true);
    setError(null);
    setConflict(false);
    try {
      const before = { singular: object.singular, plural: object.plural };
      const changed = await cache.change(object.key, etag, values);
      onClose();
      done(`Now called ${changed.value.plural}.`, () => cache.change(object.key, changed.etag, before));
    } catch (problem) {
      if (asProblem(problem).status === 412) {
        setConflict(true);
        await cache.touched(object.key);
      } else setError(applyProblem(form, problem));
    } finally {
      setRunning(false);
    }
  });
  return (
    <FormDrawer
      opened
      onClose={onClose}
      title={`Rename ${object.plural}`}
      submit="Rename"
      running={running}
      error={error}
      onSubmit={submit}
    >
      <TextInput
        label="One record is called"
        withAsterisk
        data-autofocus
        {...form.getInputProps('singular')}
      />
      <TextInput label="Several are called" withAsterisk {...form.getInputProps('plural')} />
      <Alert variant="light" color="gray" icon={<IconInfoCircle size={18} />} py="xs">
        <Text fz="sm">
          The key stays <Code>{object.key}</Code>, so nothing that uses the API breaks.
        </Text>
      </Alert>
      {conflict && (
        <ConflictAlert
          onReload={() => {
            setEtag(stored.etag);
            setConflict(false);
          }}
        >
          <Text fz="sm">
            It is called {object.singular} and {object.plural} now.
          </Text>
        </ConflictAlert>
      )}
    </FormDrawer>
  );
}
