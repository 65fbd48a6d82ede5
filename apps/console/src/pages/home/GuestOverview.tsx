import { Anchor, Group, Stack, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { guestCalendarQuery } from '../../api/guests';
import { ErrorState } from '../../components/EmptyState';
import { GuestNumbers } from '../access-calendar/GuestNumbers';

/** How the guests are doing, for who looks after them. */
export function GuestOverview() {
  const calendar = useQuery(guestCalendarQuery);
  return (
    <Stack component="section" gap="sm" aria-labelledby="guests-now">
      <Group justify="space-between">
        <Title order={2} fz="md" id="guests-now">
          Guests
        </Title>
        <Anchor fz="sm" renderRoot={(props) => <Link to="/access-calendar" {...props} />}>
          Access calendar
        </Anchor>
      </Group>
      {calendar.error && !calendar.data ? (
        <ErrorState error={calendar.error} onRetry={() => void calendar.refetch()} />
      ) : (
        <GuestNumbers
          totals={calendar.data?.totals}
          show={['ends_this_week', 'never_claimed', 'never_signed_in', 'sponsor_missing']}
        />
      )}
    </Stack>
  );
}
