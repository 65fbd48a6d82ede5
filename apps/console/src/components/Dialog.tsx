import { Modal, type ModalProps, Text } from '@mantine/core';
import { useOnTop } from './useOnTop';

interface Props extends ModalProps {
  /** Something that was asked for is under way: the dialog stays, to say how it ended. */
  running?: boolean;
}

/** A window over the page, with a title and a cross to close it. */
export function Dialog({ title, closeButtonProps, closeOnEscape = true, running = false, ...props }: Props) {
  useOnTop(props.opened, closeOnEscape && !running ? props.onClose : undefined);
  return (
    <Modal
      closeOnClickOutside={!running}
      {...props}
      closeOnEscape={false}
      returnFocus={false}
      title={<Text fw={620}>{title}</Text>}
      closeButtonProps={{ 'aria-label': 'Close', disabled: running, ...closeButtonProps }}
    />
  );
}
