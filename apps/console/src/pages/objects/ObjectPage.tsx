import { ActionIcon, Button, Code, Group, Menu, Skeleton, Stack, Text } from '@mantine/core';
import { IconDots, IconPencil, IconPlus, IconShieldLock, IconTable } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import type { Versioned } from '../../api/client';
import { asProblem } from '../../api/problem';
import { objectQuery } from '../../api/records';
import type { CustomObject, Field } from '../../api/schema';
import { can, useSession } from '../../api/session';
import { DeleteItem } from '../../components/DeleteItem';
import { ErrorState } from '../../components/EmptyState';
import { PageHeader } from '../../components/PageHeader';
import { NotFoundPage } from '../../shell/NotFoundPage';
import { FieldList } from './FieldList';
import { OwnershipNote } from './OwnershipNote';
import { OwnershipProgress } from './OwnershipProgress';

const DeleteObjectDialog = lazy(() =>
  import('./DeleteObjectDialog').then((module) => ({ default: module.DeleteObjectDialog })),
);
const RenameObjectDrawer = lazy(() =>
  import('./RenameObjectDrawer').then((module) => ({ default: module.RenameObjectDrawer })),
);
const FieldDrawer = lazy(() => import('./FieldDrawer').then((module) => ({ default: module.FieldDrawer })));
const DeleteFieldDialog = lazy(() =>
  import('./DeleteFieldDialog').then((module) => ({ default: module.DeleteFieldDialog })),
);

/** One kind of record: its fields, their order, and which of them say who owns what. */
export function ObjectPage() {
  const { objectKey = '' } = useParams({ strict: false });
  const object = useQuery({
    ...objectQuery(objectKey),
    retry: false,
    // While owners are being worked out anew, the progress moves.
    refetchInterval: ({ state }) => (state.data?.value.ownership_change ? 1000 : false),
  });
  if (object.error && asProblem(object.error).status === 404) return <NotFoundPage />;
  if (object.error && !object.data) {
    return <ErrorState error={object.error} onRetry={() => void object.refetch()} />;
  }
  if (!object.data) {
    return (
      <Stack aria-busy="true" role="status" aria-label="Loading">
        <Skeleton h={28} w={200} />
        <Skeleton h={360} radius="md" />
      </Stack>
    );
  }
  return <Loaded stored={object.data} />;
}

type Open = 'rename' | 'delete' | 'add' | null;

function Loaded({ stored }: { stored: Versioned<CustomObject> }) {
  const { value: object } = stored;
  const session = useSession();
  const navigate = useNavigate();
  const changes = can(session, 'manage_objects');
  const [open, setOpen] = useState<Open>(null);
  const [editing, setEditing] = useState<Field | null>(null);
  const [removing, setRemoving] = useState<Field | null>(null);
  const close = () => setOpen(null);
  return (
    <Stack gap="md" maw={1100}>
      <PageHeader
        title={object.plural}
        crumbs={[{ label: 'Objects', to: '/objects' }]}
        badges={<Code>{object.key}</Code>}
        actions={
          <>
            <Button
              variant="default"
              leftSection={<IconTable size={18} aria-hidden />}
              renderRoot={(props) => (
                <Link to="/records/$objectKey" params={{ objectKey: object.key }} {...props} />
              )}
            >
              Records
            </Button>
            <Button
              variant="default"
              leftSection={<IconShieldLock size={18} aria-hidden />}
              renderRoot={(props) => <Link to="/access-control" {...props} />}
            >
              Who may do what
            </Button>
            {changes && (
              <>
                <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setOpen('add')}>
                  Add a field
                </Button>
                <Menu>
                  <Menu.Target>
                    <ActionIcon variant="default" aria-label={`Actions for ${object.plural}`}>
                      <IconDots size={18} />
                    </ActionIcon>
                  </Menu.Target>
                  <Menu.Dropdown>
                    <Menu.Item
                      leftSection={<IconPencil size={16} aria-hidden />}
                      onClick={() => setOpen('rename')}
                    >
                      Rename
                    </Menu.Item>
                    <DeleteItem onClick={() => setOpen('delete')} />
                  </Menu.Dropdown>
                </Menu>
              </>
            )}
          </>
        }
      />
      <OwnershipProgress object={object} />
      <OwnershipNote object={object} />
      <FieldList
        stored={stored}
        changes={changes}
        onEdit={setEditing}
        onDelete={setRemoving}
        onAdd={() => setOpen('add')}
      />
      {object.fields.length > 1 && changes && (
        <Group>
          <Text fz="xs" c="dimmed">
            Drag fields by their handles, or use the arrows. Forms and lists show them in this order.
          </Text>
        </Group>
      )}
      <Suspense fallback={null}>
        {open === 'rename' && <RenameObjectDrawer stored={stored} onClose={close} />}
        {open === 'delete' && (
          <DeleteObjectDialog
            object={object}
            onClose={close}
            onDeleted={() => navigate({ to: '/objects' })}
          />
        )}
        {open === 'add' && <FieldDrawer stored={stored} onClose={close} />}
        {editing && <FieldDrawer stored={stored} field={editing} onClose={() => setEditing(null)} />}
        {removing && <DeleteFieldDialog stored={stored} field={removing} onClose={() => setRemoving(null)} />}
      </Suspense>
    </Stack>
  );
}
