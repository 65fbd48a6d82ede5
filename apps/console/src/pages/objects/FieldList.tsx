import { ActionIcon, Badge, Button, Code, Group, Menu, Text, Tooltip } from '@mantine/core';
import {
  IconArrowDown,
  IconArrowUp,
  IconAsterisk,
  IconCrown,
  IconFingerprint,
  IconForms,
  IconGripVertical,
  IconPencil,
  IconPlus,
} from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type { Versioned } from '../../api/client';
import type { CustomObject, Field } from '../../api/schema';
import { DeleteItem } from '../../components/DeleteItem';
import { EmptyState } from '../../components/EmptyState';
import { FIELD_TYPES } from '../../components/fields/fieldTypes';
import { RowMenu } from '../../components/RowMenu';
import classes from './FieldList.module.css';
import { moved, useDragOrder } from './useDragOrder';
import { useFieldOrder } from './useFieldOrder';

interface Props {
  stored: Versioned<CustomObject>;
  /** Whether this person may change anything. */
  changes: boolean;
  onEdit: (field: Field) => void;
  onDelete: (field: Field) => void;
  onAdd: () => void;
}

/** The fields of an object in their order, which is changed by dragging, or with the arrows. */
export function FieldList({ stored, changes, onEdit, onDelete, onAdd }: Props) {
  const object = stored.value;
  const { order: keys, save } = useFieldOrder(stored);
  const [said, setSaid] = useState('');
  const drag = useDragOrder(keys, (order) => void save(order));
  const step = (index: number, by: number) => {
    const to = index + by;
    if (to < 0 || to >= keys.length) return;
    const label = object.fields.find(({ key }) => key === keys[index])?.label;
    setSaid(`${label} is now in place ${to + 1} of ${keys.length}.`);
    void save(moved(keys, index, to));
  };
  if (object.fields.length === 0) {
    return (
      <EmptyState
        icon={IconForms}
        title="No fields yet"
        action={
          changes && (
            <Button mt="sm" leftSection={<IconPlus size={18} aria-hidden />} onClick={onAdd}>
              Add a field
            </Button>
          )
        }
      >
        Fields are what a record holds. Begin with a text that names it.
      </EmptyState>
    );
  }
  return (
    <>
      <ol className={classes.list} aria-label="Fields">
        {drag.order.map((key, index) => {
          const field = object.fields.find((candidate) => candidate.key === key);
          if (!field) return null;
          return (
            <li
              key={key}
              ref={drag.register(key)}
              className={classes.item}
              data-dragging={drag.dragging === key || undefined}
            >
              {changes && (
                <Tooltip label="Drag, or use the arrow keys">
                  <ActionIcon
                    className={classes.handle}
                    size={28}
                    aria-label={`Move ${field.label}`}
                    aria-description="Arrow up and arrow down move it"
                    {...drag.handleProps(key)}
                    onKeyDown={(event) => {
                      if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
                      event.preventDefault();
                      step(index, event.key === 'ArrowUp' ? -1 : 1);
                    }}
                  >
                    <IconGripVertical size={18} />
                  </ActionIcon>
                </Tooltip>
              )}
              <FieldWords object={object} field={field} />
              <Marks field={field} />
              {changes && (
                <Group gap={2} wrap="nowrap">
                  <ActionIcon
                    aria-label={`Move ${field.label} up`}
                    onClick={() => step(index, -1)}
                    // Kept for its width: what can't move up has no button, and the others stay in line.
                    style={index === 0 ? { visibility: 'hidden' } : undefined}
                    visibleFrom="xs"
                  >
                    <IconArrowUp size={16} />
                  </ActionIcon>
                  <ActionIcon
                    aria-label={`Move ${field.label} down`}
                    onClick={() => step(index, 1)}
                    style={index === keys.length - 1 ? { visibility: 'hidden' } : undefined}
                    visibleFrom="xs"
                  >
                    <IconArrowDown size={16} />
                  </ActionIcon>
                  <ActionIcon
                    aria-label={`Edit ${field.label}`}
                    onClick={() => onEdit(field)}
                    visibleFrom="xs"
                  >
                    <IconPencil size={16} />
                  </ActionIcon>
                  <RowMenu label={`Actions for ${field.label}`}>
                    <Menu.Item
                      leftSection={<IconPencil size={16} aria-hidden />}
                      onClick={() => onEdit(field)}
                    >
                      Edit
                    </Menu.Item>
                    {index > 0 && (
                      <Menu.Item
                        leftSection={<IconArrowUp size={16} aria-hidden />}
                        onClick={() => step(index, -1)}
                      >
                        Move up
                      </Menu.Item>
                    )}
                    {index < keys.length - 1 && (
                      <Menu.Item
                        leftSection={<IconArrowDown size={16} aria-hidden />}
                        onClick={() => step(index, 1)}
                      >
                        Move down
                      </Menu.Item>
                    )}
                    <Menu.Divider />
                    <DeleteItem onClick={() => onDelete(field)} />
                  </RowMenu>
                </Group>
              )}
            </li>
          );
        })}
      </ol>
      <span className="visually-hidden" role="status">
        {said}
      </span>
    </>
  );
}

function FieldWords({ object, field }: { object: CustomObject; field: Field }) {
  const type = FIELD_TYPES[field.type];
  const Icon = type.icon;
  const of = field.object === object.key ? object.singular : field.object;
  return (
    <Group gap="sm" wrap="nowrap" flex={1} miw={140}>
      <span className={classes.type}>
        <Icon size={18} aria-hidden />
      </span>
      <div style={{ minWidth: 0 }}>
        <Text fz="sm" fw={550} truncate>
          {field.label}
        </Text>
        <Text fz="xs" c="dimmed" truncate component="div">
          {type.label}
          {of && ` · ${of}`}
          {field.options && ` · ${field.options.length} options`} · <Code fz={11}>{field.key}</Code>
        </Text>
      </div>
    </Group>
  );
}

function Marks({ field }: { field: Field }) {
  return (
    <Group gap={6} className={classes.marks}>
      {field.represents_ownership && (
        <Mark
          icon={<IconCrown size={13} aria-hidden />}
          words="Ownership"
          why="Whoever is here owns the record"
        />
      )}
      {field.required && (
        <Mark
          icon={<IconAsterisk size={12} aria-hidden />}
          words="Required"
          why="Every new record needs a value"
        />
      )}
      {field.unique && (
        <Mark
          icon={<IconFingerprint size={13} aria-hidden />}
          words="Unique"
          why="No two records have the same value"
        />
      )}
    </Group>
  );
}

function Mark({ icon, words, why }: { icon: ReactNode; words: string; why: string }) {
  return (
    <Tooltip label={why}>
      <Badge variant="default" tt="none" fw={500} leftSection={icon}>
        {words}
      </Badge>
    </Tooltip>
  );
}
