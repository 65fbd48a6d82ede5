import { Anchor, Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, data } from '../../api/client';
import type { AuditEvent } from '../../api/schema';
import { AuditSentence } from '../../components/audit/AuditSentence';
import { RelativeTime } from '../../components/DateText';
import { ErrorState } from '../../components/EmptyState';
import classes from './Home.module.css';

const SHOWN = 6;

/** The latest of what happened in the organization. */
export function LatestEvents() {
  const latest = useQuery({
    queryKey: ['audit', 'latest'],
    queryFn: async () => {
      const page = await data(api.GET('/api/v1/audit-events', { params: { query: { limit: 50 } } }));
      return page.items as unknown as AuditEvent[];
    },
  });
  return (
    <Stack component="section" gap="sm" aria-labelledby="latest">
      <Group justify="space-between">
        <Title order={2} fz="md" id="latest">
          Latest
        </Title>
        <Anchor fz="sm" renderRoot={(props) => <Link to="/audit-log" {...props} />}>
          Audit log
        </Anchor>
      </Group>
      <Paper withBorder px="md" py={4} bg="var(--vestibule-surface)">
        {latest.isPending && <Skeleton h={180} my="sm" />}
        {latest.error && <ErrorState error={latest.error} onRetry={() => void latest.refetch()} />}
        {latest.data && (
          <ul className={classes.events}>
            {worthTelling(latest.data).map((event) => (
              <li key={event.id}>
                <span className="words">
                  <AuditSentence event={event} link />
                </span>
                <Text span fz="sm" c="dimmed">
                  <RelativeTime value={event.at} />
                </Text>
              </li>
            ))}
          </ul>
        )}
      </Paper>
    </Stack>
  );
}

/** People coming and going is no news, unless there is nothing else. */
function worthTelling(events: AuditEvent[]): AuditEvent[] {
  const news = events.filter((event) => !event.action.startsWith('session.'));
  return (news.length >= SHOWN ? news : events).slice(0, SHOWN);
}
