import { Group, Paper, SegmentedControl, Skeleton, Stack, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { guestCalendarQuery } from '../../api/guests';
import { ErrorState } from '../../components/EmptyState';
import { PageHeader } from '../../components/PageHeader';
import type { Search } from '../../routes';
import { EndsTable } from './EndsTable';
import { GuestNumbers } from './GuestNumbers';
import { GuestsByWeek } from './GuestsByWeek';

const EndsChart = lazy(() => import('./EndsChart'));

/** Whose access ends when: numbers to act on, the next three months at a glance, and everybody by week. */
export function AccessCalendarPage() {
  const calendar = useQuery(guestCalendarQuery);
  const navigate = useNavigate();
  const asTable = (useSearch({ strict: false }) as Search).view === 'table';
  const zone = calendar.data?.time_zone.replaceAll('_', ' ');
  if (calendar.error && !calendar.data) {
    return (
      <>
        <PageHeader title="Access calendar" />
        <ErrorState error={calendar.error} onRetry={() => void calendar.refetch()} />
      </>
    );
  }
  return (
    <Stack gap="md" maw={1240}>
      <PageHeader
        title="Access calendar"
        description={`Whose access ends when.${zone ? ` Days end at midnight in ${zone}.` : ''}`}
      />
      <GuestNumbers totals={calendar.data?.totals} />
      <Paper
        component="section"
        withBorder
        p="md"
        bg="var(--vestibule-surface)"
        aria-labelledby="ends-per-day"
      >
        <Group justify="space-between" mb="xs" gap="xs">
          <Title order={2} fz="md" id="ends-per-day">
            The next 90 days
          </Title>
          <SegmentedControl
            size="xs"
            aria-label="Show as"
            data={[
              { value: 'chart', label: 'Chart' },
              { value: 'table', label: 'Table' },
            ]}
            value={asTable ? 'table' : 'chart'}
            onChange={(view) =>
              void navigate({
                to: '.',
                replace: true,
                search: ({ view: _, ...rest }: Search) => (view === 'table' ? { ...rest, view } : rest),
              })
            }
          />
        </Group>
        {calendar.data ? (
          <Suspense fallback={<Skeleton h={220} />}>
            {asTable ? <EndsTable calendar={calendar.data} /> : <EndsChart calendar={calendar.data} />}
          </Suspense>
        ) : (
          <Skeleton h={220} />
        )}
      </Paper>
      <Title order={2} fz="md" mt="xs">
        By week
      </Title>
      {calendar.data ? <GuestsByWeek calendar={calendar.data} /> : <Skeleton h={240} />}
    </Stack>
  );
}
