import dayjs from 'dayjs';
import customParseFormat from 'dayjs/plugin/customParseFormat';

dayjs.extend(customParseFormat);

/** How people write a day: the day before the month, the month as a number or a word. */
const WRITTEN = ['YYYY-MM-DD', ...['D', 'DD'].flatMap((day) => [`${day} MMM YYYY`, `${day} MMMM YYYY`])];
const BY_NUMBER = /^(\d{1,2})[./](\d{1,2})[./](\d{4})$/;

/** The day somebody wrote, as `2026-03-14`; `null` if it isn't one, such as 31 February. */
export function writtenDay(text: string): string | null {
  const written = text
    .trim()
    .replace(BY_NUMBER, (_, day: string, month: string, year: string) =>
      [year, month.padStart(2, '0'), day.padStart(2, '0')].join('-'),
    )
    .replace(/[a-z]+/i, (month) => month.charAt(0).toUpperCase() + month.slice(1).toLowerCase());
  const day = dayjs(written, WRITTEN, true);
  return day.isValid() ? day.format('YYYY-MM-DD') : null;
}
