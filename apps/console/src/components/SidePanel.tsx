import { Drawer, type DrawerProps, Text } from '@mantine/core';
import { useOnTop } from './useOnTop';

/** A panel that slides in from the side, with a title and a cross to close it. */
export function SidePanel({ title, closeOnEscape = true, ...props }: DrawerProps) {
  useOnTop(props.opened, closeOnEscape ? props.onClose : undefined);
  return (
    <Drawer
      {...props}
      closeOnEscape={false}
      returnFocus={false}
      title={
        <Text fw={620} fz="lg">
          {title}
        </Text>
      }
      closeButtonProps={{ 'aria-label': 'Close' }}
    />
  );
}
