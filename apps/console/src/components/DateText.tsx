import dayjs from 'dayjs';
import relativeTime from 'dayjs/plugin/relativeTime';
import { clock, readersZone } from './clock';

dayjs.extend(relativeTime);

/** `14 Mar 2026`, from `2026-03-14` or an instant (in the reader's zone). */
export function dateWords(date: string): string {
  const day = date.length === 'YYYY-MM-DD'.length ? dayjs(date) : clock(date);
  return day.format('D MMM YYYY');
}

/** `14 Mar 2026, 09:30`, in the reader's zone. */
export function instantWords(instant: string): string {
  return clock(instant).format('D MMM YYYY, HH:mm');
}

/** `3 days ago`, `in 2 hours`, `just now`. */
export function relativeWords(instant: string): string {
  const at = dayjs(instant);
  return Math.abs(at.diff(undefined, 'second')) < 45 ? 'just now' : at.fromNow();
}

/**
 * `12 days left`, `ends tomorrow`, `ends today`, `ended`, for a person's `days_left`: that counts today, so it is 1 on
 * the last day.
 */
export function daysLeftWords(days: number): string {
  if (days <= 0) return 'ended';
  if (days === 1) return 'ends today';
  return days === 2 ? 'ends tomorrow' : `${days} days left`;
}

interface Props {
  value: string | null | undefined;
  /** What to say when there is none. */
  none?: string;
}

/** A day. */
export function DateText({ value, none = '–' }: Props) {
  return <span className="tabular">{value ? dateWords(value) : none}</span>;
}

/** How long ago or ahead an instant is; the exact one on hover. */
export function RelativeTime({ value, none = '–' }: Props) {
  if (!value) return <span className="dimmed">{none}</span>;
  return (
    <time dateTime={value} title={`${instantWords(value)}, ${readersZone()}`}>
      {relativeWords(value)}
    </time>
  );
}
