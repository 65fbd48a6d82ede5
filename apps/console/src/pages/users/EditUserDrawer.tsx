import { Loader, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { Versioned } from '../../api/client';
import { fullName } from '../../api/people';
import type { User, UserPatch } from '../../api/schema';
import { patchUser, userQuery, useUserCommand } from '../../api/users';
import { FormDrawer } from '../../components/FormDrawer';
import { MergeNotice } from '../../components/merging/MergeNotice';
import { useVersionedForm } from '../../components/merging/useVersionedForm';
import { done } from '../../components/notify';
import { useEdited } from '../../components/useEdited';
import { UserFields } from './UserFields';
import type { OneUser } from './userActions';
import { LABELS, type UserValues, VALIDATE, valuesOf } from './userForm';

/** Edits a user, unless somebody else has changed them since the drawer opened. */
export function EditUserDrawer({ user, onClose }: OneUser) {
  const { base } = useEdited<User>(userQuery(user.id));
  if (!base) return <Loader size="xs" pos="fixed" bottom={16} right={16} aria-label="Loading" />;
  return <Loaded read={base} onClose={onClose} />;
}

function Loaded({ read, onClose }: { read: Versioned<User>; onClose: () => void }) {
  const queryClient = useQueryClient();
  const { id } = read.value;
  const save = useUserCommand(({ patch, etag }: { patch: UserPatch; etag?: string }) =>
    patchUser(id, patch, etag),
  );
  const edit = useVersionedForm<User, UserValues>({
    read,
    valuesOf,
    validate: VALIDATE,
    send: (patch, etag) => save({ patch: patch as UserPatch, etag }),
    readAgain: () => queryClient.fetchQuery({ ...userQuery(id), staleTime: 0 }),
    onSaved: ({ value, etag }, former) => {
      onClose();
      done(`${fullName(value)} is saved.`, () => save({ patch: former as UserPatch, etag }));
    },
  });
  const claims = read.value.status === 'invited' && 'If you change it, a new claim link goes there.';
  return (
    <FormDrawer
      opened
      onClose={onClose}
      title={`Edit ${fullName(read.value)}`}
      submit="Save"
      running={edit.running}
      error={edit.error}
      onSubmit={edit.submit}
    >
      <UserFields form={edit.form} linkNote={claims || undefined} />
      <TextInput
        label="External ID"
        description="The id that another system knows this user by."
        {...edit.form.getInputProps('external_id')}
        value={edit.form.values.external_id ?? ''}
        onChange={(event) => edit.form.setFieldValue('external_id', event.currentTarget.value || null)}
      />
      <MergeNotice
        conflict={edit.conflict}
        onReload={edit.reload}
        label={(path) => LABELS[path as keyof typeof LABELS] ?? path}
      />
    </FormDrawer>
  );
}
