import { Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { rolesQuery } from '../../api/queries';
import { relatedPage } from '../../api/users';
import { EmptyState } from '../../components/EmptyState';
import { PersonName } from '../../components/PersonName';
import { TextButton } from '../../components/role-tree/TextButton';
import { useList } from '../../components/useList';
import { PeopleList } from './PeopleList';
import type { PersonReach } from './reach';

interface Props {
  personId: string;
  reach: PersonReach;
  onSelectRole: (id: string) => void;
}

/** A person beside the drawing: their role, their reports and their peers. */
export function PersonPanel({ personId, reach, onSelectRole }: Props) {
  const { data: roles = [] } = useQuery(rolesQuery);
  const role = roles.find(({ id }) => id === reach.roleId);
  if (reach.person === null)
    return <EmptyState title="Nobody by this link">The person may have been deleted.</EmptyState>;
  return (
    <Stack gap="md">
      <Stack gap={4}>
        <Title order={2} fz="lg">
          <PersonName id={personId} link />
        </Title>
        {reach.roleId === undefined && <Skeleton h={14} w={140} />}
        {role && (
          <Text fz="sm" c="dimmed">
            In <TextButton onClick={() => onSelectRole(role.id)}>{role.name}</TextButton>
          </Text>
        )}
        {reach.roleId === null && (
          <Text fz="sm" c="dimmed">
            Has no role, so nobody is above, below or beside them.
          </Text>
        )}
      </Stack>
      {reach.roleId && <RelatedLists personId={personId} />}
    </Stack>
  );
}

/** Reports and peers as lists. */
export function RelatedLists({ personId }: { personId: string }) {
  const reports = useList(['user', personId, 'reports'], (cursor, count) =>
    relatedPage(personId, 'reports', { limit: 10, cursor, count }),
  );
  const peers = useList(['user', personId, 'peers'], (cursor, count) =>
    relatedPage(personId, 'peers', { limit: 10, cursor, count }),
  );
  return (
    <>
      <PeopleList title="Reports" list={reports} empty="Nobody is below them." />
      <PeopleList title="Peers" list={peers} empty="Nobody else is in their role." />
    </>
  );
}
