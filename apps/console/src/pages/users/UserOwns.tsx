import { Skeleton, Text } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { User } from '../../api/schema';
import { ErrorState } from '../../components/EmptyState';
import { ownedFilter, ownedQuery, useOwnable } from '../guests/ownedRecords';
import { Card } from './Card';
import classes from './Users.module.css';

/** How many records of each object belong to a user, with the way to them. */
export function UserOwns({ user }: { user: User }) {
  const objects = useOwnable();
  const { data, error, isPending, refetch } = useQuery(ownedQuery(user.id, objects));
  const some = data?.filter(({ count }) => count > 0) ?? [];
  if (objects.length === 0) return null;
  return (
    <Card title="What they own">
      {isPending && <Skeleton h={72} />}
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data && some.length === 0 && (
        <Text fz="sm" c="dimmed">
          No records that you can see.
        </Text>
      )}
      <ul className={classes.plain}>
        {some.map(({ object, count }) => (
          <li key={object.key}>
            <Link
              to="/records/$objectKey"
              params={{ objectKey: object.key }}
              search={{ filter: ownedFilter(object, [user.id]) ?? undefined }}
              className={classes.owned}
            >
              <span>
                <b className="tabular">{count.toLocaleString()}</b>{' '}
                {count === 1 ? object.singular : object.plural}
              </span>
              <IconChevronRight size={16} aria-hidden />
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
