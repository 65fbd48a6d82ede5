import dayjs from 'dayjs';
import timezone from 'dayjs/plugin/timezone';
import utc from 'dayjs/plugin/utc';

dayjs.extend(utc);
dayjs.extend(timezone);

/** Days as the organization counts them: `YYYY-MM-DD` in its own time zone, wherever the browser is. */
const DAY = 'YYYY-MM-DD';

/** Today, in this zone. */
export function todayIn(zone: string): string {
  return dayjs().tz(zone).format(DAY);
}

/** So many days later, or earlier. */
export function addDays(day: string, days: number): string {
  return dayjs.utc(day).add(days, 'day').format(DAY);
}

/** How many days `to` is after `from`. */
export function daysBetween(from: string, to: string): number {
  return dayjs.utc(to).diff(dayjs.utc(from), 'day');
}

/** `1 day`, `14 days` */
export function daysWords(count: number): string {
  return count === 1 ? '1 day' : `${count.toLocaleString()} days`;
}

/** `Friday 14 March 2026` */
export function longDay(day: string): string {
  return dayjs.utc(day).format('dddd D MMMM YYYY');
}

/** `14 Mar`, and the year when it isn't that of `near`. */
export function shortDay(day: string, near: string): string {
  const sameYear = day.slice(0, 4) === near.slice(0, 4);
  return dayjs.utc(day).format(sameYear ? 'D MMM' : 'D MMM YYYY');
}

/** The first moment after this day in the organization's zone. */
export function endOfDay(day: string, zone: string): Date {
  return dayjs.tz(`${addDays(day, 1)}T00:00:00`, zone).toDate();
}

/**
 * When the last day ends, as the reader's own clock shows it; `null` when that is midnight there too.
 */
export function endForReader(day: string, zone: string, reader: string): string | null {
  const end = dayjs(endOfDay(day, zone)).tz(reader);
  if (end.format('YYYY-MM-DDTHH:mm') === `${addDays(day, 1)}T00:00`) return null;
  return end.format('D MMM, HH:mm');
}

/** The week a day lies in, counted from today in sevens: 0 is this week. */
export function weekOf(day: string, today: string): number {
  return Math.floor(daysBetween(today, day) / 7);
}

/** `This week`, `Next week`, `In 3 weeks`. */
export function weekName(week: number): string {
  if (week <= 0) return 'This week';
  return week === 1 ? 'Next week' : `In ${week} weeks`;
}
