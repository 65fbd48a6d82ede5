import { Popover } from '@mantine/core';
import { lazy, type ReactNode, Suspense } from 'react';
import type { NamedRecord } from '../../api/records';
import type { CustomObject, Field } from '../../api/schema';

const CellEditor = lazy(() => import('./CellEditor').then((module) => ({ default: module.CellEditor })));

interface Props {
  object: CustomObject;
  field: Field;
  record: NamedRecord;
  onClose: () => void;
  /** The value, over which the editor opens. */
  children: ReactNode;
}

/** A value while it is edited: its editor lies over it. */
export function InlineEdit({ object, field, record, onClose, children }: Props) {
  return (
    <Popover
      opened
      onChange={(opened) => !opened && onClose()}
      position="bottom-start"
      offset={{ mainAxis: -34, crossAxis: -10 }}
      width={320}
      shadow="lg"
      trapFocus
      closeOnClickOutside
      // The value isn't the editor's name; its field is.
      withRoles={false}
    >
      <Popover.Target>
        <div>{children}</div>
      </Popover.Target>
      <Popover.Dropdown
        p="xs"
        role="dialog"
        aria-label={`Edit ${field.label}`}
        maw="calc(100vw - 16px)"
        // What is typed is for the editor and not for the cell around it.
        onKeyDown={(event) => event.stopPropagation()}
        onDoubleClick={(event) => event.stopPropagation()}
        onClick={(event) => event.stopPropagation()}
      >
        <Suspense fallback={null}>
          <CellEditor object={object} field={field} record={record} onClose={onClose} />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}
