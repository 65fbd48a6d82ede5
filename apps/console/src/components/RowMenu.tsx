import { Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { type ReactNode, useId, useRef, useState } from 'react';
import { RowButton } from './RowButton';
import classes from './RowMenu.module.css';

interface Props {
  /** What the button is, for screen readers: "Actions for Ines Novak". */
  label: string;
  /** The menu is about to be used. */
  onOpen?: () => void;
  width?: number;
  /** The items. */
  children: ReactNode;
}

/**
 * Three dots that open a menu. The menu is made when it is opened, and until then there is only a plain button: a menu
 * waiting in each row of a list costs more than all the rest of the row, at every row that scrolls into sight.
 */
export function RowMenu({ label, onOpen, width = 200, children }: Props) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const [opened, setOpened] = useState(false);
  const toggle = (open: boolean) => {
    if (open) onOpen?.();
    else button.current?.focus({ preventScroll: true });
    setOpened(open);
  };
  return (
    <span className={classes.place}>
      <RowButton
        ref={button}
        id={id}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={opened}
        onClick={() => toggle(!opened)}
      >
        <IconDots size={18} aria-hidden />
      </RowButton>
      {opened && (
        <Menu opened onChange={toggle} width={width} returnFocus={false} transitionProps={{ duration: 0 }}>
          <Menu.Target>
            {/* Over the button, so that another click on it closes the menu. */}
            <span aria-hidden className={classes.anchor} />
          </Menu.Target>
          <Menu.Dropdown aria-labelledby={id}>{children}</Menu.Dropdown>
        </Menu>
      )}
    </span>
  );
}
