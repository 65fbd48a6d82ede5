import { Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { applyProblem } from '../../api/problem';
import { addRole, useRoleCommand } from '../../api/roles';
import type { Role } from '../../api/schema';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { done } from '../../components/notify';
import { RolePicker } from '../../components/pickers';

interface Props {
  parent: string | null;
  onClose: () => void;
  onAdded: (role: Role) => void;
}

/** Adds a role below another one, or at the top. */
export function AddRoleDialog({ parent, onClose, onAdded }: Props) {
  const form = useForm({
    initialValues: { name: '', parent_id: parent },
    validate: { name: (name) => (name.trim() ? null : 'Give the role a name.') },
  });
  const add = useRoleCommand(addRole);
  const confirm = async () => {
    if (form.validate().hasErrors) return false;
    const { name, parent_id } = form.getValues();
    try {
      const role = await add({ name: name.trim(), parent_id });
      done(`${role.name} is added. Nobody is in it yet.`);
      onAdded(role);
      return true;
    } catch (error) {
      const left = applyProblem(form, error);
      if (left) throw error;
      return false;
    }
  };
  return (
    <ConfirmDialog opened onClose={onClose} title="Add role" confirm="Add role" onConfirm={confirm}>
      <Stack gap="sm">
        <TextInput label="Name" required data-autofocus maxLength={100} {...form.getInputProps('name')} />
        <RolePicker
          label="Below"
          description="Left empty, the role stands at the top."
          placeholder="At the top"
          value={form.values.parent_id}
          onChange={(id) => form.setFieldValue('parent_id', id)}
          error={form.errors.parent_id}
        />
      </Stack>
    </ConfirmDialog>
  );
}
