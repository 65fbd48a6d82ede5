import { Modal, type ModalProps, Text } from '@mantine/core';
import { useOnTop } from './useOnTop';

/** A window over the page, with a title and a cross to close it. */
export function Dialog({ title, closeButtonProps, closeOnEscape = true, ...props }: ModalProps) {
  useOnTop(props.opened, closeOnEscape ? props.onClose : undefined);
  return (
    <Modal
      {...props}
      closeOnEscape={false}
      returnFocus={false}
      title={<Text fw={620}>{title}</Text>}
      closeButtonProps={{ 'aria-label': 'Close', ...closeButtonProps }}
    />
  );
}
