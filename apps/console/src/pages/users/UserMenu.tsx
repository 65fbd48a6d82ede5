import {
  IconCopy,
  IconHierarchy3,
  IconLicense,
  IconLockOpen,
  IconPencil,
  IconSend,
  IconShieldLock,
  IconTrash,
  IconUserCheck,
  IconUserOff,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { fullName } from '../../api/people';
import type { User } from '../../api/schema';
import { type ActionLook, ActionMenu } from '../../components/ActionMenu';
import { actionsFor, type UserAction } from './userActions';

/** How actions look in menus. */
const LOOKS: Record<UserAction, ActionLook> = {
  resend: { label: 'Resend the claim link', icon: IconSend },
  'copy-link': { label: 'Copy a claim link', icon: IconCopy },
  edit: { label: 'Edit', icon: IconPencil },
  'set-profile': { label: 'Change profile', icon: IconShieldLock },
  'set-role': { label: 'Change role', icon: IconHierarchy3 },
  'set-license': { label: 'Change license', icon: IconLicense },
  unlock: { label: 'Unlock', icon: IconLockOpen },
  activate: { label: 'Activate', icon: IconUserCheck },
  deactivate: { label: 'Deactivate', icon: IconUserOff, danger: true },
  delete: { label: 'Delete', icon: IconTrash, danger: true },
};

interface Props {
  user: User;
  onAct: (action: UserAction, user: User) => void;
  /** The menu is about to be used. */
  onOpen?: () => void;
  /** What opens it, where that isn't the usual three dots. */
  children?: ReactNode;
}

/** Everything that can be done with one user. */
export function UserMenu({ user, onAct, onOpen, children }: Props) {
  return (
    <ActionMenu
      label={`Actions for ${fullName(user)}`}
      actions={actionsFor(user)}
      looks={LOOKS}
      onPick={(action) => onAct(action, user)}
      onOpen={onOpen}
    >
      {children}
    </ActionMenu>
  );
}
