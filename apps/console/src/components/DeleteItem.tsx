import { Menu } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';

/** The entry of a menu that deletes what the menu is of, after a question. */
export function DeleteItem({ onClick }: { onClick: () => void }) {
  return (
    <Menu.Item
      color="var(--mantine-color-error)"
      leftSection={<IconTrash size={16} aria-hidden />}
      onClick={onClick}
    >
      Delete
    </Menu.Item>
  );
}
