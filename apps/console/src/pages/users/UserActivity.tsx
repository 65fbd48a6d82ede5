import { Anchor, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, data } from '../../api/client';
import type { AuditEvent, User } from '../../api/schema';
import { AuditSentence } from '../../components/audit/AuditSentence';
import { RelativeTime } from '../../components/DateText';
import { ErrorState } from '../../components/EmptyState';
import { doingsOf } from './activity';
import { Card } from './Card';
import classes from './Users.module.css';

/** How far back is looked, and how much of it is told. */
const EVENTS = 60;
const TOLD = 10;

/** What a user did lately. */
export function UserActivity({ user }: { user: User }) {
  const {
    data: doings,
    error,
    refetch,
  } = useQuery({
    queryKey: ['audit', 'latest-by', user.id],
    queryFn: async () => {
      const query = { actor_id: user.id, limit: EVENTS };
      const page = await data(api.GET('/api/v1/audit-events', { params: { query } }));
      return doingsOf(page.items as unknown as AuditEvent[]).slice(0, TOLD);
    },
  });
  return (
    <Card
      title="Recent activity"
      aside={
        <Anchor
          fz="sm"
          renderRoot={(props) => <Link to="/audit-log" search={{ actor_id: user.id }} {...props} />}
        >
          In the audit log
        </Anchor>
      }
    >
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!doings && !error && (
        <Stack gap="xs" aria-busy>
          <Skeleton h={18} />
          <Skeleton h={18} />
          <Skeleton h={18} />
        </Stack>
      )}
      {doings?.length === 0 && (
        <Text fz="sm" c="dimmed">
          Nothing yet.
        </Text>
      )}
      <ul className={classes.plain}>
        {doings?.map((doing) => (
          <Group key={doing.event.id} component="li" justify="space-between" wrap="nowrap" gap="md" py={5}>
            <Text fz="sm" miw={0}>
              <AuditSentence event={doing.event} link />
              {doing.count > 1 && (
                <Text span inherit c="dimmed">
                  {' '}
                  · {doing.count} times
                </Text>
              )}
            </Text>
            <Text fz="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
              <RelativeTime value={doing.event.at} />
            </Text>
          </Group>
        ))}
      </ul>
    </Card>
  );
}
