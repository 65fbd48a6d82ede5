import { AddRoleDialog } from './AddRoleDialog';
import type { AskedRoleProps } from './AskedRoleDialog';
import { DeleteRoleDialog } from './DeleteRoleDialog';
import { MoveRoleDialog } from './MoveRoleDialog';
import { RenameRoleDialog } from './RenameRoleDialog';

/** The dialogs about roles; they arrive together, when the first is needed. */
export default function RoleDialogs({ asked, forest, onClose, onSelect }: AskedRoleProps) {
  if (asked.what === 'add') {
    return <AddRoleDialog parent={asked.parent} onClose={onClose} onAdded={(role) => onSelect(role.id)} />;
  }
  const role = forest.byId.get(asked.role);
  if (!role) return null;
  switch (asked.what) {
    case 'rename':
      return <RenameRoleDialog role={role} onClose={onClose} />;
    case 'move':
      return <MoveRoleDialog role={role} forest={forest} dropped={asked.parent} onClose={onClose} />;
    case 'delete':
      return (
        <DeleteRoleDialog
          role={role}
          forest={forest}
          onClose={onClose}
          onDeleted={(next) => onSelect(next ?? undefined)}
        />
      );
  }
}
