import { Alert, Code, Text, TextInput } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import type { Versioned } from '../../api/client';
import type { CustomObject } from '../../api/schema';
import { FormDrawer } from '../../components/FormDrawer';
import { MergeNotice } from '../../components/merging/MergeNotice';
import { useVersionedForm } from '../../components/merging/useVersionedForm';
import { done } from '../../components/notify';
import { useObjectCache } from './objectCache';

interface Props {
  stored: Versioned<CustomObject>;
  onClose: () => void;
}

const valuesOf = ({ singular, plural }: CustomObject) => ({ singular, plural });

/** Changes what an object is called. */
export function RenameObjectDrawer({ stored, onClose }: Props) {
  const { value: object } = stored;
  const cache = useObjectCache();
  const { form, ...edit } = useVersionedForm({
    read: stored,
    valuesOf,
    validate: {
      singular: (value) => (value.trim() ? null : 'What is one record called?'),
      plural: (value) => (value.trim() ? null : 'What are several records called?'),
    },
    send: (patch, etag) => cache.change(object.key, etag, patch),
    readAgain: () => cache.readAgain(object.key),
    onSaved: ({ value, etag }, former) => {
      onClose();
      done(`Now called ${value.plural}.`, () => cache.change(object.key, etag, former));
    },
  });
  return (
    <FormDrawer
      opened
      onClose={onClose}
      title={`Rename ${object.plural}`}
      submit="Rename"
      running={edit.running}
      error={edit.error}
      onSubmit={edit.submit}
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
      <MergeNotice
        conflict={edit.conflict}
        onReload={() => void edit.reload()}
        label={(path) => (path === 'singular' ? 'One record' : 'Several records')}
      />
    </FormDrawer>
  );
}
