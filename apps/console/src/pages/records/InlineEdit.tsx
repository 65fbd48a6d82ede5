import { Popover } from '@mantine/core';
import type { ReactNode } from 'react';
import { CellEditor } from './CellEditor';
import type { ValueEdit } from './useValueEdit';

interface Props extends ValueEdit {
  /** The value, over which the editor opens. */
  children: ReactNode;
}

/** A value while it is edited: its editor lies over it. */
export function InlineEdit({ children, ...edit }: Props) {
  return (
    <Popover
      opened
      onChange={(opened) => !opened && edit.onClose()}
      position="bottom-start"
      offset={{ mainAxis: -34, crossAxis: -10 }}
      width={320}
      shadow="lg"
      trapFocus
      closeOnClickOutside
      // The editor sees to it, for it knows what else Escape may close.
      closeOnEscape={false}
      // The value isn't the editor's name; its field is.
      withRoles={false}
    >
      <Popover.Target>
        <div>{children}</div>
      </Popover.Target>
      <Popover.Dropdown
        p="xs"
        role="dialog"
        aria-label={`Edit ${edit.field.label}`}
        maw="calc(100vw - 16px)"
        // What is typed is for the editor and not for the cell around it.
        onKeyDown={(event) => event.stopPropagation()}
        onDoubleClick={(event) => event.stopPropagation()}
        onClick={(event) => event.stopPropagation()}
      >
        <CellEditor {...edit} />
      </Popover.Dropdown>
    </Popover>
  );
}
