import { Anchor, Badge, Button, Code, Group, Menu, Stack, Text } from '@mantine/core';
import { IconCrown, IconPlus, IconSchema, IconTable } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { api, data } from '../../api/client';
import type { CustomObject } from '../../api/schema';
import { can, useSession } from '../../api/session';
import { type Column, DataTable } from '../../components/DataTable';
import { RelativeTime } from '../../components/DateText';
import { DeleteItem } from '../../components/DeleteItem';
import { EmptyState } from '../../components/EmptyState';
import { ownershipFields } from '../../components/fields/fieldTypes';
import { ListPage } from '../../components/ListPage';
import { PageHeader } from '../../components/PageHeader';
import { RowMenu } from '../../components/RowMenu';
import { useList } from '../../components/useList';

const AddObjectDrawer = lazy(() =>
  import('./AddObjectDrawer').then((module) => ({ default: module.AddObjectDrawer })),
);
const DeleteObjectDialog = lazy(() =>
  import('./DeleteObjectDialog').then((module) => ({ default: module.DeleteObjectDialog })),
);

const COLUMNS: Column<CustomObject>[] = [
  {
    key: 'plural',
    title: 'Object',
    width: 240,
    cell: (object) => (
      <Stack gap={0} miw={0}>
        <Anchor
          fz="sm"
          fw={550}
          c="var(--mantine-color-text)"
          truncate
          renderRoot={(props) => (
            <Link to="/objects/$objectKey" params={{ objectKey: object.key }} {...props} />
          )}
        >
          {object.plural}
        </Anchor>
        <Text fz="xs" c="dimmed" truncate>
          {object.singular}
        </Text>
      </Stack>
    ),
  },
  { key: 'key', title: 'Key', width: 160, cell: ({ key }) => <Code>{key}</Code> },
  {
    key: 'fields',
    title: 'Fields',
    width: 100,
    align: 'end',
    cell: ({ fields }) => <span className="tabular">{fields.length}</span>,
  },
  {
    key: 'owners',
    title: 'Ownership',
    width: 280,
    cell: (object) => {
      const owning = ownershipFields(object);
      if (object.ownership_change) {
        return (
          <Badge variant="light" color="yellow" tt="none" fw={500} c="var(--mantine-color-text)">
            Changing
          </Badge>
        );
      }
      if (owning.length === 0)
        return (
          <Text span inherit c="dimmed">
            Nobody owns these
          </Text>
        );
      return (
        <Group gap={6} component="span" display="inline-flex" wrap="nowrap">
          <IconCrown size={15} aria-hidden />
          {owning.map(({ label }) => label).join(', ')}
        </Group>
      );
    },
  },
  {
    key: 'updated_at',
    title: 'Last changed',
    width: 150,
    cell: (object) => <RelativeTime value={object.updated_at} />,
  },
];

/** The kinds of records that an organization has. */
export function ObjectsPage() {
  const session = useSession();
  const navigate = useNavigate();
  const changes = can(session, 'manage_objects');
  const [adding, setAdding] = useState(false);
  const [deleting, setDeleting] = useState<CustomObject | null>(null);
  const list = useList<CustomObject>(['objects', 'list'], (cursor, count) =>
    data(api.GET('/api/v1/objects', { params: { query: { cursor, count, limit: 100 } } })),
  );
  const add = changes && (
    <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setAdding(true)}>
      Add an object
    </Button>
  );
  return (
    <ListPage>
      <PageHeader
        title="Objects"
        description="The kinds of records you keep, their fields, and which of these say who a record belongs to."
        actions={add}
      />
      <DataTable
        label="Objects"
        list={list}
        columns={COLUMNS}
        idOf={({ id }) => id}
        nameOf={({ plural }) => plural}
        onOpen={({ key }) => void navigate({ to: '/objects/$objectKey', params: { objectKey: key } })}
        actions={(object) => (
          <RowActions object={object} onDelete={changes ? () => setDeleting(object) : undefined} />
        )}
        empty={
          <EmptyState icon={IconSchema} title="No objects yet" action={add}>
            An object is a kind of record, such as deals or tickets. Make the first one, and say who its
            records belong to.
          </EmptyState>
        }
      />
      <Suspense fallback={null}>
        {adding && <AddObjectDrawer onClose={() => setAdding(false)} />}
        {deleting && <DeleteObjectDialog object={deleting} onClose={() => setDeleting(null)} />}
      </Suspense>
    </ListPage>
  );
}

function RowActions({ object, onDelete }: { object: CustomObject; onDelete?: () => void }) {
  return (
    <RowMenu label={`Actions for ${object.plural}`}>
      <Menu.Item
        leftSection={<IconSchema size={16} aria-hidden />}
        renderRoot={(props) => (
          <Link to="/objects/$objectKey" params={{ objectKey: object.key }} {...props} />
        )}
      >
        Fields
      </Menu.Item>
      <Menu.Item
        leftSection={<IconTable size={16} aria-hidden />}
        renderRoot={(props) => (
          <Link to="/records/$objectKey" params={{ objectKey: object.key }} {...props} />
        )}
      >
        Records
      </Menu.Item>
      {onDelete && (
        <>
          <Menu.Divider />
          <DeleteItem onClick={onDelete} />
        </>
      )}
    </RowMenu>
  );
}
