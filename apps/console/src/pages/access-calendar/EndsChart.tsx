import '@mantine/charts/styles.layer.css';

import { BarChart } from '@mantine/charts';
import type { GuestCalendar } from '../../api/schema';
import { addDays, daysBetween, longDay, shortDay } from '../guests/orgDays';

/** How many guests' access ends on each of the next days. */
export default function EndsChart({ calendar }: { calendar: GuestCalendar }) {
  return (
    <div role="img" aria-label={summary(calendar)}>
      <BarChart
        h={220}
        data={everyDay(calendar)}
        dataKey="date"
        type="stacked"
        series={[
          {
            name: 'active',
            label: 'Active',
            color: 'light-dark(var(--mantine-color-moss-6), var(--mantine-color-moss-4))',
          },
          {
            name: 'invited',
            label: 'Invited',
            color: 'light-dark(var(--mantine-color-blue-4), var(--mantine-color-blue-6))',
          },
        ]}
        withLegend
        legendProps={{ verticalAlign: 'top', height: 36 }}
        gridAxis="x"
        tickLine="none"
        barProps={{ radius: 2, isAnimationActive: false }}
        maxBarWidth={14}
        yAxisProps={{ allowDecimals: false, width: 32 }}
        xAxisProps={{
          interval: 'equidistantPreserveStart',
          minTickGap: 28,
          tickFormatter: (day: string) => shortDay(day, day),
        }}
        tooltipProps={{ isAnimationActive: false, labelFormatter: (day) => longDay(String(day)) }}
        accessibilityLayer={false}
      />
    </div>
  );
}

/** Every day from the first to the last, those without anybody too. */
function everyDay({ from, until, days }: GuestCalendar) {
  const known = new Map(days.map((day) => [day.date, day]));
  return Array.from({ length: daysBetween(from, until) + 1 }, (_, at) => {
    const date = addDays(from, at);
    return known.get(date) ?? { date, active: 0, invited: 0 };
  });
}

function summary({ days, from, until }: GuestCalendar): string {
  const total = days.reduce((sum, day) => sum + day.active + day.invited, 0);
  return `Bar chart: the access of ${total} guests ends between ${longDay(from)} and ${longDay(until)}. The table shows the same numbers.`;
}
