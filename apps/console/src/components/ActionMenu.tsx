import { Menu } from '@mantine/core';
import type { IconCopy } from '@tabler/icons-react';
import { Fragment, type ReactNode } from 'react';
import { RowMenu } from './RowMenu';

/** How an action looks in menus; those that end something are red and stand last. */
export interface ActionLook {
  label: string;
  icon: typeof IconCopy;
  danger?: boolean;
}

interface ItemsProps<Action extends string> {
  actions: Action[];
  looks: Record<Action, ActionLook>;
  onPick: (action: Action) => void;
}

interface Props<Action extends string> extends ItemsProps<Action> {
  /** What the menu is, for screen readers: "Actions for Ines Novak". */
  label: string;
  /** The menu is about to be used. */
  onOpen?: () => void;
  /** What opens it, where that isn't the usual three dots. */
  children?: ReactNode;
}

/** Everything that can be done with something. */
export function ActionMenu<Action extends string>({ label, onOpen, children, ...items }: Props<Action>) {
  if (!children) {
    return (
      <RowMenu label={label} onOpen={onOpen} width={220}>
        <ActionItems {...items} />
      </RowMenu>
    );
  }
  return (
    <Menu onOpen={onOpen} width={220}>
      <Menu.Target>{children}</Menu.Target>
      <Menu.Dropdown>
        <ActionItems {...items} />
      </Menu.Dropdown>
    </Menu>
  );
}

/** Actions as menu items, those that end something below a line. */
export function ActionItems<Action extends string>({ actions, looks, onPick }: ItemsProps<Action>) {
  const firstDanger = actions.find((action) => looks[action].danger);
  return actions.map((action) => {
    const { label, icon: Icon, danger } = looks[action];
    return (
      <Fragment key={action}>
        {action === firstDanger && action !== actions[0] && <Menu.Divider />}
        <Menu.Item
          color={danger ? 'var(--mantine-color-error)' : undefined}
          leftSection={<Icon size={16} aria-hidden />}
          onClick={() => onPick(action)}
        >
          {label}
        </Menu.Item>
      </Fragment>
    );
  });
}
