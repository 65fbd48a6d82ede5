import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconPlus, IconUsers } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useState } from 'react';
import { fullName } from '../../api/people';
import { profilesQuery } from '../../api/queries';
import { can, useSession } from '../../api/session';
import { usersPage } from '../../api/users';
import { DataTable } from '../../components/DataTable';
import { EmptyState } from '../../components/EmptyState';
import { ListPage } from '../../components/ListPage';
import { ListToolbar } from '../../components/ListToolbar';
import { PageHeader } from '../../components/PageHeader';
import { PeopleTabs } from '../../components/PeopleTabs';
import { useList } from '../../components/useList';
import { useListState } from '../../components/useListState';
import { useOrgNames } from './orgNames';
import { UserMenu } from './UserMenu';
import { mayAdminister } from './userActions';
import { HIDDEN, HIDDEN_ON_PHONE, userColumns } from './userColumns';
import { BY_NAME, filterOf, filtersOf, sensible, sortOf } from './userFilters';
import { useUserActions } from './useUserActions';

const AddUserDrawer = lazy(() => import('./AddUserDrawer'));

/** All standard users: who they are, what they have, and what can be done about it. */
export function UsersPage() {
  const session = useSession();
  const manages = can(session, 'manage_users');
  const asked = useListState({ sort: BY_NAME, hidden: HIDDEN });
  const state = { ...asked, search: sensible(asked.search), sort: sortOf(asked.sort) };
  const phone = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false });
  const navigate = useNavigate();
  const names = useOrgNames();
  const { data: profiles = [] } = useQuery(profilesQuery);
  const columns = useMemo(() => userColumns(names), [names]);
  const filters = useMemo(() => filtersOf(names), [names]);
  const filter = filterOf(state.search, state.q);
  const list = useList(['users', 'list', filter, state.sort], (cursor, count) =>
    usersPage(filter, { sort: state.sort, cursor, count, limit: 50 }),
  );
  const actions = useUserActions();
  const [adding, setAdding] = useState<'never' | 'open' | 'closed'>('never');
  const hidden = phone && state.search.hide === undefined ? new Set(HIDDEN_ON_PHONE) : state.hidden;
  const unfiltered = Object.keys(filter).length === 0;

  return (
    <ListPage>
      <PageHeader
        title="Users"
        description="The people of your organization, with standing accounts."
        actions={
          manages && (
            <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding('open')}>
              Add user
            </Button>
          )
        }
      />
      <PeopleTabs current="users" />
      <ListToolbar
        state={state}
        placeholder="Search names and emails"
        filters={filters}
        columns={columns.slice(1)}
        total={list.total}
        noun={['user', 'users']}
      />
      <DataTable
        label="Users"
        list={list}
        columns={columns}
        hidden={hidden}
        idOf={(user) => user.id}
        nameOf={fullName}
        sort={state.sort.split(',')[0]}
        onSort={state.setSort}
        onOpen={(user) => void navigate({ to: '/users/$userId', params: { userId: user.id } })}
        actions={
          manages
            ? (user) =>
                mayAdminister(session, profiles, user) && (
                  <UserMenu user={user} onAct={actions.ask} onOpen={actions.prepare} />
                )
            : undefined
        }
        empty={
          <EmptyState
            icon={IconUsers}
            title={unfiltered ? 'There are no users yet' : 'Nobody matches'}
            action={
              !unfiltered && (
                <Button variant="default" onClick={() => void navigate({ to: '/users', search: {} })}>
                  Show all users
                </Button>
              )
            }
          >
            {unfiltered
              ? 'Add the first one; a link to claim the account is mailed to them.'
              : 'Try other words, or fewer filters.'}
          </EmptyState>
        }
      />
      {adding !== 'never' && (
        <Suspense fallback={null}>
          <AddUserDrawer
            opened={adding === 'open'}
            onClose={() => setAdding('closed')}
            onAdded={(user) => void navigate({ to: '/users/$userId', params: { userId: user.id } })}
          />
        </Suspense>
      )}
      {actions.dialogs}
    </ListPage>
  );
}
