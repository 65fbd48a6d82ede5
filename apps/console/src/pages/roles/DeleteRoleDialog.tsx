import { Stack, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { asProblem, sentence } from '../../api/problem';
import { deleteRole, useRoleCommand } from '../../api/roles';
import type { Role } from '../../api/schema';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { done } from '../../components/notify';
import { branchOf, type Forest } from '../../components/role-tree/forest';
import { peopleWords } from '../../components/role-tree/lit';
import { OtherRolePicker } from './OtherRolePicker';

interface Props {
  role: Role;
  forest: Forest;
  onClose: () => void;
  /** Where its people and roles went. */
  onDeleted: (heir: string | null) => void;
}

/** Deletes a role; its people and the roles below it go where somebody says. */
export function DeleteRoleDialog({ role, forest, onClose, onDeleted }: Props) {
  const [heir, setHeir] = useState<string | null>(role.parent_id);
  const [error, setError] = useState<string | null>(null);
  const children = forest.children(role.id).length;
  const branch = useMemo(() => branchOf(forest, role.id), [forest, role]);
  const needed = role.user_count > 0 || children > 0;
  const remove = useRoleCommand(() => deleteRole(role.id, needed ? heir : undefined));
  const confirm = async () => {
    setError(null);
    try {
      await remove(undefined);
    } catch (problem) {
      if (asProblem(problem).fields.length === 0) throw problem;
      setError(sentence(problem));
      return false;
    }
    done(`The role ${role.name} is deleted.`);
    onDeleted(heir);
    return true;
  };
  const place = heir ? `to ${forest.byId.get(heir)?.name ?? 'the picked role'}` : null;
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Delete ${role.name}`}
      confirm="Delete role"
      danger
      onConfirm={confirm}
    >
      <Stack gap="md">
        {!needed && (
          <Text fz="sm">Nobody is in this role, and nothing is below it. This can’t be undone.</Text>
        )}
        {needed && (
          <>
            <OtherRolePicker
              label="Where its people and roles go"
              placeholder="Nowhere: no role, and at the top"
              roles={[...forest.byId.values()].filter(({ id }) => !branch.has(id))}
              value={heir}
              onChange={setHeir}
              error={error}
              openOnFocus={false}
              data-autofocus
            />
            <Text fz="sm">
              {role.user_count > 0 &&
                `${peopleWords(role.user_count)} ${role.user_count === 1 ? 'moves' : 'move'} ${place ?? 'out and have no role'}. `}
              {children > 0 &&
                `${children === 1 ? '1 role' : `${children} roles`} directly below ${children === 1 ? 'goes' : 'go'} ${
                  place ?? 'to the top'
                } with everything under ${children === 1 ? 'it' : 'them'}. `}
              Who reaches which records follows the new places at once. This can’t be undone.
            </Text>
          </>
        )}
      </Stack>
    </ConfirmDialog>
  );
}
