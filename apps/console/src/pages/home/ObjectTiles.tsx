import { SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconChevronRight, IconDoor, IconTable } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { objectsQuery } from '../../api/queries';
import type { CustomObject, Level } from '../../api/schema';
import { levelsOf, useSession } from '../../api/session';
import { EmptyState, ErrorState } from '../../components/EmptyState';
import { countRecords } from '../guests/ownedRecords';
import classes from './Home.module.css';

/** What somebody works on: one tile per object that they reach, with how many records they see there. */
export function ObjectTiles() {
  const session = useSession();
  const objects = useQuery(objectsQuery);
  if (objects.isPending) return <Skeleton h={76} />;
  if (objects.error) return <ErrorState error={objects.error} onRetry={() => void objects.refetch()} />;
  const reached = objects.data.filter((object) => session.permissions[object.key]);
  return (
    <Stack component="section" gap="sm" aria-labelledby="your-records">
      <Title order={2} fz="md" id="your-records">
        Your records
      </Title>
      {reached.length === 0 ? (
        <EmptyState icon={IconDoor} title="Nothing to work on yet">
          Your profile, {session.profile.name}, opens no records. An administrator of {session.org.name} can
          change that.
        </EmptyState>
      ) : (
        <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="sm">
          {reached.map((object) => (
            <Tile key={object.key} object={object} view={levelsOf(session, object.key).view} />
          ))}
        </SimpleGrid>
      )}
    </Stack>
  );
}

const WHOSE: Record<Level, string> = {
  none: 'new ones only',
  own: 'assigned to you',
  own_and_reports: 'yours and your reports’',
  own_peers_and_reports: 'yours, your peers’ and reports’',
  anyone: 'in all',
};

function Tile({ object, view }: { object: CustomObject; view: Level }) {
  const { data: count, isPending } = useQuery({
    queryKey: ['records', object.key, 'count'],
    queryFn: () => countRecords(object),
    enabled: view !== 'none',
  });
  return (
    <Link to="/records/$objectKey" params={{ objectKey: object.key }} className={classes.tile}>
      <span className={classes.tileIcon}>
        <IconTable size={22} aria-hidden />
      </span>
      <Stack gap={0} miw={0} component="span">
        <Text span fw={600} truncate>
          {object.plural}
        </Text>
        {view !== 'none' && isPending ? (
          <Skeleton h={12} w={110} my={4} />
        ) : (
          <Text span fz="sm" c="dimmed" className="tabular">
            {count !== undefined && `${count.toLocaleString()} `}
            {WHOSE[view]}
          </Text>
        )}
      </Stack>
      <IconChevronRight size={18} aria-hidden className={classes.go} />
    </Link>
  );
}
