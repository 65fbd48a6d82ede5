import { Menu } from '@mantine/core';
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
import { RowMenu } from '../../components/RowMenu';
import { actionsFor, type GuestAction } from './guestActions';

/** How an action looks in menus; those that end something are red and stand last. */
export const ACTIONS: Record<GuestAction, { label: string; icon: typeof IconCopy; danger?: boolean }> = {
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
  const items = <ActionItems actions={actionsFor(guest)} onPick={(action) => onAct(action, guest)} />;
  if (!children) {
    return (
      <RowMenu label={`Actions for ${fullName(guest)}`} onOpen={onOpen} width={220}>
        {items}
      </RowMenu>
    );
  }
  return (
    <Menu onOpen={onOpen} width={220}>
      <Menu.Target>{children}</Menu.Target>
      <Menu.Dropdown>{items}</Menu.Dropdown>
    </Menu>
  );
}

/** Actions as menu items, those that end something below a line. */
export function ActionItems({
  actions,
  onPick,
}: {
  actions: GuestAction[];
  onPick: (action: GuestAction) => void;
}) {
  const firstDanger = actions.find((action) => ACTIONS[action].danger);
  return actions.map((action) => {
    const { label, icon: Icon, danger } = ACTIONS[action];
    return (
      <ItemWithLine key={action} line={action === firstDanger && action !== actions[0]}>
        <Menu.Item
          color={danger ? 'var(--mantine-color-error)' : undefined}
          leftSection={<Icon size={16} aria-hidden />}
          onClick={() => onPick(action)}
        >
          {label}
        </Menu.Item>
      </ItemWithLine>
    );
  });
}

function ItemWithLine({ line, children }: { line: boolean; children: ReactNode }) {
  return (
    <>
      {line && <Menu.Divider />}
      {children}
    </>
  );
}
