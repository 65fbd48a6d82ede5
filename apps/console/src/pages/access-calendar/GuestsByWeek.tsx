import { Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconCalendarCheck, IconCalendarPlus } from '@tabler/icons-react';
import { guestsPage } from '../../api/guests';
import { fullName } from '../../api/people';
import type { Guest, GuestCalendar } from '../../api/schema';
import { EmptyState, ErrorState } from '../../components/EmptyState';
import { PersonLink } from '../../components/PersonName';
import { StatusBadge } from '../../components/StatusBadge';
import { useList } from '../../components/useList';
import { EndsCell } from '../guests/EndsCell';
import { guestsWords } from '../guests/guestActions';
import { SponsorCell } from '../guests/guestColumns';
import { addDays, shortDay, weekName, weekOf } from '../guests/orgDays';
import { useGuestActions } from '../guests/useGuestActions';
import classes from './AccessCalendar.module.css';

/** Everybody with access or an invitation, by the week in which it ends. */
export function GuestsByWeek({ calendar }: { calendar: GuestCalendar }) {
  const { today } = calendar;
  const filter = { status: 'active,invited', ends_after: addDays(today, -1) };
  const list = useList(['guests', 'by-week', today], (cursor, count) =>
    guestsPage(filter, { sort: 'access_ends_on,last_name', cursor, count, limit: 100 }),
  );
  const actions = useGuestActions();
  if (list.isPending) {
    return (
      <Stack gap="sm" aria-busy>
        <Skeleton h={180} />
        <Skeleton h={180} />
      </Stack>
    );
  }
  if (list.error && list.items.length === 0) return <ErrorState error={list.error} onRetry={list.retry} />;
  if (list.items.length === 0) {
    return (
      <EmptyState icon={IconCalendarCheck} title="Nobody’s access is going to end">
        Guests appear here as soon as somebody is invited.
      </EmptyState>
    );
  }
  return (
    <Stack gap="sm">
      {[...byWeek(list.items, today)].map(([week, guests]) => (
        <section key={week} className={classes.week} aria-labelledby={`week-${week}`}>
          <div className={classes.weekHead}>
            <Title order={3} fz="sm" id={`week-${week}`}>
              {weekName(week)}
            </Title>
            <Text fz="xs" c="dimmed" className="tabular">
              {range(week, today)} · {guestsWords(countOf(week, calendar))}
            </Text>
          </div>
          <ul className={classes.guests}>
            {guests.map((guest) => (
              <Row
                key={guest.id}
                guest={guest}
                onExtend={() => actions.askFor('extend', guest)}
                onReady={actions.prepare}
              />
            ))}
          </ul>
        </section>
      ))}
      {list.hasMore ? (
        <Group justify="center">
          <Button variant="default" loading={list.isLoadingMore} onClick={list.loadMore}>
            Show more
          </Button>
        </Group>
      ) : (
        <Text ta="center" c="dimmed" fz="xs">
          That’s everybody
        </Text>
      )}
      {actions.dialogs}
    </Stack>
  );
}

function Row({ guest, onExtend, onReady }: { guest: Guest; onExtend: () => void; onReady: () => void }) {
  return (
    <li className={classes.guest}>
      <PersonLink person={guest} />
      <div className={classes.when}>
        <span>
          <StatusBadge status={guest.status} />
        </span>
        <span>
          <EndsCell guest={guest} />
        </span>
        <Text className={classes.sponsor} fz="sm" component="span" truncate>
          <span className="dimmed">Sponsor:</span> <SponsorCell guest={guest} />
        </Text>
      </div>
      <Button
        className={classes.extend}
        size="xs"
        variant="default"
        leftSection={<IconCalendarPlus size={16} aria-hidden />}
        aria-label={`Extend access of ${fullName(guest)}`}
        onMouseEnter={onReady}
        onFocus={onReady}
        onClick={onExtend}
      >
        Extend
      </Button>
    </li>
  );
}

function byWeek(guests: Guest[], today: string): Map<number, Guest[]> {
  const weeks = new Map<number, Guest[]>();
  for (const guest of guests) {
    const week = weekOf(guest.access_ends_on, today);
    weeks.set(week, [...(weeks.get(week) ?? []), guest]);
  }
  return weeks;
}

/** How many end in a week in all, also when not all of them have been loaded. */
function countOf(week: number, { days, today }: GuestCalendar): number {
  return days
    .filter((day) => weekOf(day.date, today) === week)
    .reduce((sum, day) => sum + day.active + day.invited, 0);
}

function range(week: number, today: string): string {
  const first = addDays(today, week * 7);
  return `${shortDay(first, today)} – ${shortDay(addDays(first, 6), today)}`;
}
