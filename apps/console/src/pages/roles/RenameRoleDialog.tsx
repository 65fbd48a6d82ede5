import { Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { applyProblem, asProblem } from '../../api/problem';
import { patchRole, roleQuery, useRoleCommand } from '../../api/roles';
import type { Role } from '../../api/schema';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { ConflictAlert } from '../../components/ConflictAlert';
import { done } from '../../components/notify';
import { useEdited } from '../../components/useEdited';

/** Renames a role, unless somebody else has changed it since the dialog opened. */
export function RenameRoleDialog({ role, onClose }: { role: Role; onClose: () => void }) {
  // The role may get another name while this is open; what was asked for stays the same.
  const [title] = useState(`Rename ${role.name}`);
  const { base, reload } = useEdited<Role>(roleQuery(role.id));
  const [state, setState] = useState<'typing' | 'conflict' | 'reloaded'>('typing');
  const form = useForm({
    initialValues: { name: role.name },
    validate: { name: (name) => (name.trim() ? null : 'Give the role a name.') },
  });
  const rename = useRoleCommand(({ name, etag }: { name: string; etag?: string }) =>
    patchRole(role.id, { name }, etag),
  );
  const confirm = async () => {
    if (form.validate().hasErrors || !base) return false;
    try {
      const after = await rename({ name: form.getValues().name.trim(), etag: base.etag });
      done(`The role is now called ${after.value.name}.`, () =>
        rename({ name: base.value.name, etag: after.etag }),
      );
      return true;
    } catch (error) {
      if (asProblem(error).status === 412) {
        setState('conflict');
        return false;
      }
      if (applyProblem(form, error)) throw error;
      return false;
    }
  };
  const look = async () => {
    await reload();
    setState('reloaded');
  };
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={title}
      confirm="Rename"
      blocked={!base || state === 'conflict'}
      onConfirm={confirm}
    >
      <Stack gap="sm">
        <TextInput label="Name" required data-autofocus maxLength={100} {...form.getInputProps('name')} />
        {state === 'conflict' && <ConflictAlert onReload={look} />}
        {state === 'reloaded' && base && (
          <Text fz="sm" role="status">
            The role is called “{base.value.name}” now. Renaming replaces that.
          </Text>
        )}
      </Stack>
    </ConfirmDialog>
  );
}
