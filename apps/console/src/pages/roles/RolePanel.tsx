import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconArrowMoveRight, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { Fragment } from 'react';
import { guestsPage } from '../../api/guests';
import type { Role } from '../../api/schema';
import { can, useSession } from '../../api/session';
import { usersPage } from '../../api/users';
import { ancestorsOf, branchOf, type Forest, peopleBelow } from '../../components/role-tree/forest';
import { peopleWords } from '../../components/role-tree/lit';
import { TextButton } from '../../components/role-tree/TextButton';
import { useList } from '../../components/useList';
import { PeopleList } from '../users/PeopleList';
import type { AskedRole } from './AskedRoleDialog';

interface Props {
  role: Role;
  forest: Forest;
  mayChange: boolean;
  onAsk: (asked: AskedRole) => void;
  onSelect: (id: string) => void;
}

const BY_NAME = 'last_name,first_name';

/** The chosen role: where it stands, what can be done with it, who is in it. */
export function RolePanel({ role, forest, mayChange, onAsk, onSelect }: Props) {
  const session = useSession();
  const above = ancestorsOf(forest, role.id).reverse();
  const roles = branchOf(forest, role.id).size - 1;
  const people = peopleBelow(forest, role.id) - role.user_count;
  return (
    <Stack gap="md">
      <Stack gap={4}>
        {above.length > 0 && (
          <Text component="nav" aria-label="Roles above" fz="xs" c="dimmed">
            {above.map((id) => (
              <Fragment key={id}>
                <TextButton onClick={() => onSelect(id)}>{forest.byId.get(id)?.name}</TextButton>
                <span aria-hidden> › </span>
              </Fragment>
            ))}
          </Text>
        )}
        <Title order={2} fz="lg" lh={1.3}>
          {role.name}
        </Title>
        <Text fz="sm" c="dimmed">
          {peopleWords(role.user_count)} here
          {roles > 0 && `, ${peopleWords(people)} in ${roles === 1 ? 'the role' : `${roles} roles`} below`}
        </Text>
      </Stack>
      {mayChange && (
        <Group gap={6}>
          <Act icon={IconArrowMoveRight} onClick={() => onAsk({ what: 'move', role: role.id })}>
            Move to…
          </Act>
          <Act icon={IconPencil} onClick={() => onAsk({ what: 'rename', role: role.id })}>
            Rename
          </Act>
          <Act icon={IconPlus} onClick={() => onAsk({ what: 'add', parent: role.id })}>
            Add below
          </Act>
          <Act icon={IconTrash} onClick={() => onAsk({ what: 'delete', role: role.id })}>
            Delete
          </Act>
        </Group>
      )}
      <UsersIn role={role} />
      {can(session, 'manage_guests') && <GuestsIn role={role} />}
    </Stack>
  );
}

function Act(props: { icon: typeof IconPencil; onClick: () => void; children: string }) {
  const Icon = props.icon;
  return (
    <Button variant="default" size="xs" leftSection={<Icon size={15} aria-hidden />} onClick={props.onClick}>
      {props.children}
    </Button>
  );
}

function UsersIn({ role }: { role: Role }) {
  const list = useList(['users', 'in-role', role.id], (cursor, count) =>
    usersPage({ role_id: role.id }, { sort: BY_NAME, limit: 20, cursor, count }),
  );
  return <PeopleList title="Users" list={list} empty="No users are in this role." />;
}

function GuestsIn({ role }: { role: Role }) {
  const list = useList(['guests', 'in-role', role.id], (cursor, count) =>
    guestsPage({ role_id: role.id }, { sort: BY_NAME, limit: 20, cursor, count }),
  );
  if (list.total === 0) return null;
  return <PeopleList title="Guests" list={list} empty="No guests are in this role." />;
}
