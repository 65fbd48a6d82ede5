import '@mantine/dates/styles.layer.css';

import { Button, Group, Stack, Text } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import { IconCalendar } from '@tabler/icons-react';
import { useSuspenseQuery } from '@tanstack/react-query';
import dayjs from 'dayjs';
import customParseFormat from 'dayjs/plugin/customParseFormat';
import { type ReactNode, useId } from 'react';
import { orgQuery } from '../../api/queries';
import { readersZone } from '../../components/clock';
import { addDays, endForReader, longDay, todayIn } from './orgDays';

dayjs.extend(customParseFormat);

/** How people write a day. */
const WRITTEN = ['D MMM YYYY', 'D MMMM YYYY', 'YYYY-MM-DD', 'D.M.YYYY', 'D/M/YYYY'];

const PRESETS = [7, 30, 90];

interface Props {
  label: string;
  value: string | null;
  onChange: (day: string | null) => void;
  error?: ReactNode;
}

/** The last day of a guest's access: from today to what the organization allows, in the organization's zone. */
export function EndDateField({ label, value, onChange, error }: Props) {
  const { data: org } = useSuspenseQuery(orgQuery);
  const from = useId();
  const today = todayIn(org.time_zone);
  const latest = addDays(today, org.guest_max_days);
  const presets = PRESETS.filter((days) => days < org.guest_max_days).concat(org.guest_max_days);
  return (
    <Stack gap={6}>
      <DateInput
        label={label}
        withAsterisk
        placeholder="14 Mar 2026"
        valueFormat="D MMM YYYY"
        dateParser={parse}
        minDate={today}
        maxDate={latest}
        firstDayOfWeek={1}
        highlightToday
        value={value}
        onChange={onChange}
        error={error}
        description={
          <span aria-live="polite">
            {value ? <LastDay day={value} zone={org.time_zone} /> : `Up to ${longDay(latest)}.`}
          </span>
        }
        inputWrapperOrder={['label', 'input', 'error', 'description']}
        leftSection={<IconCalendar size={16} aria-hidden />}
        popoverProps={{ withinPortal: true, shadow: 'md' }}
        previousLabel="Previous month"
        nextLabel="Next month"
      />
      <Group gap={6} role="group" aria-labelledby={from}>
        <Text id={from} fz="xs" c="dimmed">
          From today:
        </Text>
        {presets.map((days) => {
          const day = addDays(today, days);
          return (
            <Button
              key={days}
              type="button"
              size="compact-sm"
              h={28}
              variant={day === value ? 'light' : 'default'}
              aria-pressed={day === value}
              onClick={() => onChange(day)}
            >
              {days} days
            </Button>
          );
        })}
      </Group>
    </Stack>
  );
}

/** What a last day means exactly, also on the clock of whoever reads this elsewhere. */
function LastDay({ day, zone }: { day: string; zone: string }) {
  const here = endForReader(day, zone, readersZone());
  return (
    <>
      Last day is{' '}
      <Text span inherit fw={550} c="var(--mantine-color-text)">
        {longDay(day)}
      </Text>
      ; access ends at midnight in {zone.replaceAll('_', ' ')}
      {here && ` (that is ${here} your time)`}.
    </>
  );
}

function parse(text: string): string | null {
  const day = dayjs(text.trim(), WRITTEN, true);
  return day.isValid() ? day.format('YYYY-MM-DD') : null;
}
