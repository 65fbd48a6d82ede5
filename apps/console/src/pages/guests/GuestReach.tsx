import { Anchor, Box, Group, List, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, data } from '../../api/client';
import { objectsQuery } from '../../api/queries';
import type { CustomObject, Guest, Level, Levels } from '../../api/schema';
import { levelsOf, useSession } from '../../api/session';
import { relatedCountQuery } from '../../api/users';
import { ErrorState } from '../../components/EmptyState';
import { matrixQuery } from '../access-control/permissions';
import { countRecords, ownedFilter } from './ownedRecords';
import { sentences } from './reachWords';

const NONE: Level = 'none';

/** So many owners fit into one question about records. */
const OWNERS_AT_MOST = 50;

/** What a guest reaches; for whom access is over, what they would reach if they had it again. */
export function GuestReach({ guest }: { guest: Guest }) {
  if (guest.status !== 'revoked' && guest.status !== 'expired') return <Reach guest={guest} />;
  const revoked = guest.status === 'revoked';
  return (
    <Stack gap="md">
      <Text fz="sm" fw={550}>
        {revoked ? 'Nothing while access is revoked.' : 'Nothing: access has ended.'}
      </Text>
      <Text fz="sm">{revoked ? 'Once reinstated, they reach:' : 'With a new last day, they reach:'}</Text>
      <Reach guest={guest} />
    </Stack>
  );
}

/** What a guest's profile lets them reach, object by object, and how many records that is. */
function Reach({ guest }: { guest: Guest }) {
  const matrix = useQuery(matrixQuery(guest.profile_id));
  const { data: objects = [] } = useQuery(objectsQuery);
  if (matrix.isPending) return <Skeleton h={96} />;
  if (matrix.error) return <ErrorState error={matrix.error} onRetry={() => void matrix.refetch()} />;
  const reached = matrix.data.value.permissions.flatMap((cell) => {
    const object = objects.find((known) => known.key === cell.object);
    const any = Object.values(cell.effective).some((level) => level !== NONE);
    return object && any ? [{ object, levels: cell.effective }] : [];
  });
  if (reached.length === 0) {
    return (
      <Text fz="sm" c="dimmed">
        Nothing yet: their profile permits nothing.
      </Text>
    );
  }
  const viaRole = reached.some(({ levels }) => Object.values(levels).some(isViaRole));
  return (
    <Stack gap="md">
      {viaRole && <PeopleAround guest={guest} />}
      {reached.map(({ object, levels }) => (
        <ReachOfObject key={object.key} guest={guest} object={object} levels={levels} />
      ))}
    </Stack>
  );
}

function isViaRole(level: Level): boolean {
  return level === 'own_and_reports' || level === 'own_peers_and_reports';
}

function ReachOfObject({ guest, object, levels }: { guest: Guest; object: CustomObject; levels: Levels }) {
  const session = useSession();
  const mayCount = levels.view !== NONE && levelsOf(session, object.key).view === 'anyone';
  const { data: count } = useQuery({
    queryKey: ['records', 'reached', guest.id, object.key, levels.view],
    queryFn: () => countReached(guest.id, object, levels.view),
    enabled: mayCount,
  });
  return (
    <Box>
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Text fz="sm" fw={550}>
          {object.plural}
        </Text>
        {mayCount && count !== null && count !== undefined && (
          <Text fz="sm" c="dimmed" className="tabular">
            {count.toLocaleString()} {(count === 1 ? object.singular : object.plural).toLowerCase()}
          </Text>
        )}
      </Group>
      <List fz="sm" c="dimmed" listStyleType="none">
        {sentences(levels).map((sentence) => (
          <List.Item key={sentence}>{sentence}</List.Item>
        ))}
      </List>
    </Box>
  );
}

/** How many records a guest views; `null` where that takes too long to ask. */
async function countReached(id: string, object: CustomObject, view: Level): Promise<number | null> {
  if (view === 'anyone') return countRecords(object);
  const scope = await data(
    api.POST('/api/v1/access/scope', { body: { subject_id: id, action: 'view', object: object.key } }),
  );
  if (scope.scope === 'everyone') return countRecords(object);
  const owners = scope.owner_ids;
  if (!owners || owners.length > OWNERS_AT_MOST) return null;
  if (owners.length === 0) return 0;
  const filter = ownedFilter(object, owners);
  return filter ? countRecords(object, filter) : 0;
}

/** Whose records a guest reaches beside their own, in numbers. */
function PeopleAround({ guest }: { guest: Guest }) {
  const { data: reports } = useQuery({
    ...relatedCountQuery(guest.id, 'reports'),
    enabled: guest.role_id !== null,
  });
  const { data: peers } = useQuery({
    ...relatedCountQuery(guest.id, 'peers'),
    enabled: guest.role_id !== null,
  });
  if (!guest.role_id) {
    return (
      <Text fz="sm" c="dimmed">
        Without a role they have neither reports nor peers: they reach their own records only.
      </Text>
    );
  }
  if (reports === undefined || peers === undefined) return <Skeleton h={16} w={200} />;
  return (
    <Text fz="sm">
      Through their role: {reports.toLocaleString()} {reports === 1 ? 'report' : 'reports'} and{' '}
      {peers.toLocaleString()} {peers === 1 ? 'peer' : 'peers'}.{' '}
      <Anchor renderRoot={(props) => <Link to="/roles" search={{ person: guest.id }} {...props} />} fz="sm">
        See them in the tree
      </Anchor>
    </Text>
  );
}
