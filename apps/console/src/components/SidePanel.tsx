import { Drawer, type DrawerProps, Text } from '@mantine/core';
import { useOnTop } from './useOnTop';

interface Props extends DrawerProps {
  /** Something that was asked for is under way: the panel stays, to say how it ended. */
  running?: boolean;
}

/** A panel that slides in from the side, with a title and a cross to close it. */
export function SidePanel({ title, closeOnEscape = true, running = false, ...props }: Props) {
  useOnTop(props.opened, closeOnEscape && !running ? props.onClose : undefined);
  return (
    <Drawer
      closeOnClickOutside={!running}
      {...props}
      closeOnEscape={false}
      returnFocus={false}
      title={
        <Text fw={620} fz="lg">
          {title}
        </Text>
      }
      closeButtonProps={{ 'aria-label': 'Close', disabled: running }}
    />
  );
}
