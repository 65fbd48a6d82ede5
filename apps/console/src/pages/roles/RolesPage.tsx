import { Box, Button, Skeleton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconHierarchy3, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { rolesQuery } from '../../api/queries';
import { can, useSession } from '../../api/session';
import { EmptyState, ErrorState } from '../../components/EmptyState';
import { ListPage } from '../../components/ListPage';
import { PageHeader } from '../../components/PageHeader';
import { PersonPicker } from '../../components/PersonPicker';
import { forestOf } from '../../components/role-tree/forest';
import RoleTree from '../../components/role-tree/RoleTree';
import { SidePanel } from '../../components/SidePanel';
import { useListState } from '../../components/useListState';
import { PersonPanel } from '../users/PersonPanel';
import { usePersonReach } from '../users/reach';
import { type AskedRole, AskedRoleDialog } from './AskedRoleDialog';
import { NothingChosen } from './NothingChosen';
import { RolePanel } from './RolePanel';
import classes from './RolesPage.module.css';

const SPARE = { sort: 'name' };

/** The user roles as a drawing, with the chosen role or person beside it; both are kept in the URL. */
export function RolesPage() {
  const session = useSession();
  const mayChange = can(session, 'manage_access');
  const { search, set } = useListState(SPARE);
  const roleId = typeof search.role === 'string' ? search.role : undefined;
  const personId = typeof search.person === 'string' ? search.person : undefined;
  const { data: roles, error, refetch } = useQuery(rolesQuery);
  const forest = useMemo(() => forestOf(roles ?? []), [roles]);
  const reach = usePersonReach(personId, forest);
  const [asked, setAsked] = useState<AskedRole | null>(null);
  const narrow = useMediaQuery('(max-width: 68em)', undefined, { getInitialValueInEffect: false });

  const select = useCallback((role: string | undefined) => set({ role }), [set]);
  const move = useCallback(
    (id: string, parent: string | null) => setAsked({ what: 'move', role: id, parent }),
    [],
  );
  const role = roleId ? forest.byId.get(roleId) : undefined;
  const chosen = role ? role.name : personId ? 'Person in the roles' : undefined;
  const closed = () => set(role ? { role: undefined } : { person: undefined });
  const panel = role ? (
    <RolePanel
      key={role.id}
      role={role}
      forest={forest}
      mayChange={mayChange}
      onAsk={setAsked}
      onSelect={select}
    />
  ) : personId ? (
    <PersonPanel personId={personId} reach={reach} onSelectRole={select} />
  ) : (
    <NothingChosen forest={forest} mayChange={mayChange} />
  );

  return (
    <ListPage>
      <PageHeader
        title="User roles"
        description="Who stands above whom. People reach what their profile allows of the records owned by those below them."
        actions={
          mayChange && (
            <Button
              leftSection={<IconPlus size={16} aria-hidden />}
              onClick={() => setAsked({ what: 'add', parent: roleId ?? null })}
            >
              Add role
            </Button>
          )
        }
      />
      {error && !roles && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!error && !roles && <Skeleton flex={1} mih={400} radius="md" aria-busy />}
      {roles?.length === 0 && (
        <EmptyState icon={IconHierarchy3} title="There are no roles yet">
          Roles form a tree. Whoever is in one may reach the records of those in the roles below it. Add the
          topmost role first.
        </EmptyState>
      )}
      {roles && roles.length > 0 && (
        <Box className={classes.body}>
          <Box className={classes.tree}>
            <RoleTree
              roles={roles}
              label="User roles"
              lit={reach.lit}
              legend={reach.words}
              focus={roleId}
              selected={role?.id}
              onSelect={select}
              onMove={mayChange ? move : undefined}
            >
              <PersonPicker
                w={{ base: '100%', xs: 230 }}
                aria-label="Find a person in the roles"
                placeholder="Find a person"
                value={personId ?? null}
                onChange={(id) => set({ person: id ?? undefined, role: undefined })}
              />
            </RoleTree>
          </Box>
          {!narrow && (
            <aside className={classes.panel} aria-label={chosen ?? 'About the roles'}>
              {panel}
            </aside>
          )}
          {narrow && (
            <SidePanel
              opened={chosen !== undefined}
              onClose={closed}
              size="md"
              title={role ? 'Role' : 'Person'}
            >
              {panel}
            </SidePanel>
          )}
        </Box>
      )}
      {asked && (
        <AskedRoleDialog asked={asked} forest={forest} onClose={() => setAsked(null)} onSelect={select} />
      )}
    </ListPage>
  );
}
