import {
  IconCalendarMinus,
  IconCalendarPlus,
  IconCopy,
  IconLicense,
  IconLogout,
  IconRestore,
  IconSend,
  IconShieldLock,
  IconTrash,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { fullName } from '../../api/people';
import type { Guest } from '../../api/schema';
import { type ActionLook, ActionMenu } from '../../components/ActionMenu';
import { actionsFor, type GuestAction } from './guestActions';

/** How actions look in menus. */
export const ACTIONS: Record<GuestAction, ActionLook> = {
  resend: { label: 'Resend the invitation', icon: IconSend },
  'copy-link': { label: 'Copy a claim link', icon: IconCopy },
  extend: { label: 'Extend access', icon: IconCalendarPlus },
  shorten: { label: 'Shorten access', icon: IconCalendarMinus },
  'set-profile': { label: 'Change profile', icon: IconShieldLock },
  'set-license': { label: 'Change license', icon: IconLicense },
  reinstate: { label: 'Reinstate', icon: IconRestore },
  revoke: { label: 'Revoke access', icon: IconLogout, danger: true },
  delete: { label: 'Delete', icon: IconTrash, danger: true },
};

interface Props {
  guest: Guest;
  onAct: (action: GuestAction, guest: Guest) => void;
  /** The menu is about to be used. */
  onOpen?: () => void;
  /** What opens it, where that isn't the usual three dots. */
  children?: ReactNode;
}

/** Everything that can be done with one guest. */
export function GuestMenu({ guest, onAct, onOpen, children }: Props) {
  return (
    <ActionMenu
      label={`Actions for ${fullName(guest)}`}
      actions={actionsFor(guest)}
      looks={ACTIONS}
      onPick={(action) => onAct(action, guest)}
      onOpen={onOpen}
    >
      {children}
    </ActionMenu>
  );
}
