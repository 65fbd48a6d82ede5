import { ActionIcon, Box, Group, Stack, Text, Title, Tooltip } from '@mantine/core';
import { IconCheck, IconCrown, IconInfoCircle, IconPencil, IconX } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import type { NamedRecord } from '../../api/records';
import type { CustomObject, Field } from '../../api/schema';
import { RelativeTime } from '../../components/DateText';
import { FieldValue } from '../../components/fields/FieldValue';
import { ownershipFields } from '../../components/fields/fieldTypes';
import { PersonAvatar, PersonName } from '../../components/PersonName';
import { InlineEdit } from './InlineEdit';
import classes from './RecordDetails.module.css';

interface Props {
  object: CustomObject;
  record: NamedRecord;
}

/** What a record holds, each value to be edited where it stands, and whose it is. */
export function RecordDetails({ object, record }: Props) {
  return (
    <div className={classes.layout}>
      <section className={classes.card} aria-label="Fields">
        <dl className={classes.fields}>
          {object.fields.map((field) => (
            <Value key={field.key} object={object} field={field} record={record} />
          ))}
        </dl>
      </section>
      <Stack gap="md">
        <Ownership object={object} record={record} />
        <About object={object} record={record} />
      </Stack>
    </div>
  );
}

function Value({ object, field, record }: Props & { field: Field }) {
  const [editing, setEditing] = useState(false);
  const pencil = useRef<HTMLButtonElement>(null);
  const shown = <FieldValue field={field} value={record.fields[field.key]} names={record.names ?? {}} />;
  const close = () => {
    setEditing(false);
    requestAnimationFrame(() => pencil.current?.focus());
  };
  return (
    <div className={classes.field}>
      <Group component="dt" gap={4} wrap="nowrap">
        <Text span fz="sm" c="dimmed">
          {field.label}
        </Text>
        {field.represents_ownership && (
          <Tooltip label="Whoever is here owns the record">
            <IconCrown size={14} role="img" aria-label="Owner" color="var(--mantine-color-dimmed)" />
          </Tooltip>
        )}
        {field.help && (
          <Tooltip label={field.help} multiline maw={280}>
            <IconInfoCircle
              size={14}
              role="img"
              aria-label={field.help}
              color="var(--mantine-color-dimmed)"
            />
          </Tooltip>
        )}
      </Group>
      <dd>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: a click edits, too; the keyboard has the pencil. */}
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: the same. */}
        <div
          className={classes.value}
          data-editable={record.can.edit || undefined}
          onClick={(event) => {
            if (record.can.edit && !editing && !(event.target as HTMLElement).closest('a, button'))
              setEditing(true);
          }}
        >
          {editing ? (
            <InlineEdit object={object} field={field} record={record} onClose={close}>
              {shown}
            </InlineEdit>
          ) : (
            <Box fz="sm">{shown}</Box>
          )}
          {record.can.edit && (
            <ActionIcon
              ref={pencil}
              className={classes.pencil}
              size={28}
              aria-label={`Edit ${field.label}`}
              onClick={() => setEditing(true)}
            >
              <IconPencil size={16} />
            </ActionIcon>
          )}
        </div>
      </dd>
    </div>
  );
}

function Ownership({ object, record }: Props) {
  const owning = ownershipFields(object);
  return (
    <Box component="section" className={classes.card} p="md">
      <Title order={2} fz="sm" fw={600} mb="xs">
        {record.owners.length > 1 ? 'Owners' : 'Owner'}
      </Title>
      {record.owners.length === 0 ? (
        <Text fz="sm" c="dimmed">
          {owning.length > 0
            ? 'Nobody. Only people who reach records owned by anyone see this one.'
            : `${object.plural} have no owners. Only people who reach records owned by anyone see them.`}
        </Text>
      ) : (
        <Stack gap="xs">
          {record.owners.map((id) => (
            <Group key={id} gap="sm" wrap="nowrap">
              <PersonAvatar name={record.names?.[id] ?? '?'} />
              <Text fz="sm" fw={550} component="div">
                <PersonName id={id} link />
              </Text>
            </Group>
          ))}
        </Stack>
      )}
    </Box>
  );
}

function About({ object, record }: Props) {
  const singular = object.singular.toLowerCase();
  return (
    <Box component="section" className={classes.card} p="md">
      <Title order={2} fz="sm" fw={600} mb="xs">
        What you may do
      </Title>
      <Stack gap={4}>
        <May yes={true}>See this {singular}</May>
        <May yes={record.can.edit}>Edit it</May>
        <May yes={record.can.delete}>Delete it</May>
      </Stack>
      <Text fz="xs" c="dimmed" mt="md">
        Added <RelativeTime value={record.created_at} />, last changed{' '}
        <RelativeTime value={record.updated_at} />
        {record.external_id && (
          <>
            <br />
            External ID {record.external_id}
          </>
        )}
      </Text>
    </Box>
  );
}

function May({ yes, children }: { yes: boolean; children: React.ReactNode }) {
  return (
    <Group gap={6} wrap="nowrap">
      {yes ? (
        <IconCheck size={16} aria-hidden />
      ) : (
        <IconX size={16} aria-hidden color="var(--mantine-color-dimmed)" />
      )}
      <Text fz="sm" c={yes ? undefined : 'dimmed'}>
        {children}
        {!yes && <span className="visually-hidden">: no</span>}
      </Text>
    </Group>
  );
}
