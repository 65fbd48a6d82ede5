import { ActionIcon, Badge, Button, Group, Text, Tooltip } from '@mantine/core';
import { IconKey, IconPlus, IconRobot, IconTrash, IconUser } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { api, data } from '../../api/client';
import type { ApiToken, NewApiToken } from '../../api/schema';
import { can, useSession } from '../../api/session';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { type Column, DataTable } from '../../components/DataTable';
import { DateText, RelativeTime } from '../../components/DateText';
import { EmptyState } from '../../components/EmptyState';
import { ListPage } from '../../components/ListPage';
import { done } from '../../components/notify';
import { PageHeader } from '../../components/PageHeader';
import { PersonName } from '../../components/PersonName';
import { useList } from '../../components/useList';
import { useListState } from '../../components/useListState';
import { SecretDialog } from './SecretDialog';
import { scopeLabel } from './scopes';

const NewTokenDrawer = lazy(() => import('./NewTokenDrawer').then((it) => ({ default: it.NewTokenDrawer })));

/** My tokens, and those of services for whoever manages the organization. */
export function ApiTokensPage() {
  const session = useSession();
  const queryClient = useQueryClient();
  const state = useListState({ sort: '-created_at' });
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<NewApiToken | null>(null);
  const [leaving, setLeaving] = useState<ApiToken | null>(null);
  const services = can(session, 'manage_org');
  const list = useList(['api-tokens', state.sort], (cursor, count) =>
    data(
      api.GET('/api/v1/api-tokens', { params: { query: { sort: state.sort, cursor, count, limit: 100 } } }),
    ),
  );
  const remove = async (token: ApiToken) => {
    await data(api.DELETE('/api/v1/api-tokens/{id}', { params: { path: { id: token.id } } }));
    await queryClient.invalidateQueries({ queryKey: ['api-tokens'] });
    done(`The token “${token.name}” no longer works.`);
  };
  const add = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
      New token
    </Button>
  );
  return (
    <ListPage>
      <PageHeader
        title="API tokens"
        description={
          services
            ? 'For programs: your own tokens do what you may do; a service’s token does what its scopes open.'
            : 'For programs that work in your name: a token never does more than you may.'
        }
        actions={add}
      />
      <DataTable
        label="API tokens"
        list={list}
        columns={services ? COLUMNS : COLUMNS.filter(({ key }) => key !== 'kind' && key !== 'created_by')}
        idOf={(token) => token.id}
        nameOf={(token) => token.name}
        sort={state.sort}
        onSort={state.setSort}
        actions={(token) => (
          <Tooltip label="Delete">
            <ActionIcon aria-label={`Delete ${token.name}`} onClick={() => setLeaving(token)}>
              <IconTrash size={18} />
            </ActionIcon>
          </Tooltip>
        )}
        empty={
          <EmptyState icon={IconKey} title="No tokens yet" action={add}>
            Make one when a script or another system needs to use the API.
          </EmptyState>
        }
      />
      <Suspense>
        {adding && (
          <NewTokenDrawer
            onClose={() => setAdding(false)}
            onMade={(token) => {
              setAdding(false);
              setSecret(token);
            }}
          />
        )}
      </Suspense>
      <SecretDialog token={secret} onClose={() => setSecret(null)} />
      <ConfirmDialog
        opened={leaving !== null}
        onClose={() => setLeaving(null)}
        title={`Delete “${leaving?.name}”?`}
        confirm="Delete token"
        danger
        onConfirm={async () => leaving && remove(leaving)}
      >
        Whatever uses it is refused from its next request on. A deleted token can’t be brought back; a new one
        has another secret.
      </ConfirmDialog>
    </ListPage>
  );
}

const COLUMNS: Column<ApiToken>[] = [
  {
    key: 'name',
    title: 'Name',
    sort: 'name',
    width: 260,
    cell: (token) => (
      <Group gap="xs" wrap="nowrap" miw={0}>
        <Text fz="sm" fw={550} truncate>
          {token.name}
        </Text>
        {!token.active && (
          <Badge variant="light" color="gray" tt="none" fw={550} style={{ flex: 'none' }}>
            No longer works
          </Badge>
        )}
      </Group>
    ),
  },
  { key: 'kind', title: 'Whose', width: 130, cell: ({ kind }) => <Whose kind={kind} /> },
  {
    key: 'scopes',
    title: 'Opens',
    cell: ({ scopes }) => (
      <Group gap={4} wrap="nowrap">
        {scopes.map((scope) => (
          <Badge key={scope} variant="default" tt="none" fw={500}>
            {scopeLabel(scope)}
          </Badge>
        ))}
      </Group>
    ),
  },
  {
    key: 'created_by',
    title: 'Made by',
    width: 170,
    cell: ({ created_by }) => <PersonName id={created_by} link />,
  },
  {
    key: 'created_at',
    title: 'Made',
    sort: 'created_at',
    width: 140,
    cell: ({ created_at }) => <RelativeTime value={created_at} />,
  },
  {
    key: 'expires_at',
    title: 'Ends',
    width: 130,
    cell: ({ expires_at }) => <DateText value={expires_at} none="Never" />,
  },
];

function Whose({ kind }: { kind: ApiToken['kind'] }) {
  const Glyph = kind === 'service' ? IconRobot : IconUser;
  return (
    <Group gap={6} wrap="nowrap" display="inline-flex">
      <Glyph size={16} aria-hidden />
      {kind === 'service' ? 'A service' : 'A person'}
    </Group>
  );
}
