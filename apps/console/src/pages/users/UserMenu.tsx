import { Menu } from '@mantine/core';
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
import { Fragment, type ReactNode } from 'react';
import { fullName } from '../../api/people';
import type { User } from '../../api/schema';
import { RowMenu } from '../../components/RowMenu';
import { actionsFor, type UserAction } from './userActions';

/** How an action looks in menus; those that end something are red and stand last. */
const LOOKS: Record<UserAction, { label: string; icon: typeof IconCopy; danger?: boolean }> = {
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
  const actions = actionsFor(user);
  const firstDanger = actions.find((action) => LOOKS[action].danger);
  const items = actions.map((action) => {
    const { label, icon: Icon, danger } = LOOKS[action];
    return (
      <Fragment key={action}>
        {action === firstDanger && <Menu.Divider />}
        <Menu.Item
          color={danger ? 'var(--mantine-color-error)' : undefined}
          leftSection={<Icon size={16} aria-hidden />}
          onClick={() => onAct(action, user)}
        >
          {label}
        </Menu.Item>
      </Fragment>
    );
  });
  if (!children) {
    return (
      <RowMenu label={`Actions for ${fullName(user)}`} onOpen={onOpen} width={220}>
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
