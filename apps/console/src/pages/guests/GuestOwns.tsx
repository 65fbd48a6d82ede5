import { Group, Skeleton, Stack, Text } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Guest } from '../../api/schema';
import { ErrorState } from '../../components/EmptyState';
import classes from './Guest.module.css';
import { ownedFilter, ownedQuery, useOwnable } from './ownedRecords';

/** How many records of each object belong to a guest, with the way to them. */
export function GuestOwns({ guest }: { guest: Guest }) {
  const objects = useOwnable();
  const owned = useQuery(ownedQuery(guest.id, objects));
  if (objects.length === 0) {
    return (
      <Text fz="sm" c="dimmed">
        No records that you could see.
      </Text>
    );
  }
  if (owned.isPending) return <Skeleton h={72} />;
  if (owned.error) return <ErrorState error={owned.error} onRetry={() => void owned.refetch()} />;
  const some = owned.data.filter(({ count }) => count > 0);
  if (some.length === 0) {
    return (
      <Text fz="sm" c="dimmed">
        They own no records that you can see.
      </Text>
    );
  }
  return (
    <Stack gap={2} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
      {some.map(({ object, count }) => (
        <li key={object.key}>
          <Link
            to="/records/$objectKey"
            params={{ objectKey: object.key }}
            search={{ filter: ownedFilter(object, [guest.id]) ?? undefined }}
            className={classes.owned}
          >
            <Text span inherit>
              {object.plural}
            </Text>
            <Group gap={6} wrap="nowrap">
              <Text span inherit fw={550} className="tabular">
                {count.toLocaleString()}
              </Text>
              <IconChevronRight size={16} aria-hidden />
            </Group>
          </Link>
        </li>
      ))}
    </Stack>
  );
}
