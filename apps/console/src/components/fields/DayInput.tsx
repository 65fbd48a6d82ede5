import '@mantine/dates/styles.layer.css';
import { DateInput, DateTimePicker } from '@mantine/dates';
import dayjs from 'dayjs';
import { useCalendarName } from './useCalendarName';

interface Props {
  value: string;
  onChange: (value: string) => void;
  withTime: boolean;
  label?: string;
  'aria-label'?: string;
  description?: string;
  error?: string | null;
  withAsterisk?: boolean;
  autoFocus?: boolean;
  /** Whether the calendar opens outside of the surrounding popover; false inside of one. */
  withinPortal?: boolean;
}

/** Picks a day, or a moment in the browser's zone that is kept as an instant. */
export function DayInput({ value, onChange, withTime, withinPortal = true, ...props }: Props) {
  const { id, popoverProps } = useCalendarName();
  if (withTime) {
    return (
      <DateTimePicker
        {...props}
        id={id}
        clearable
        previousLabel="Previous month"
        nextLabel="Next month"
        valueFormat="D MMM YYYY, HH:mm"
        placeholder="Pick a day and a time"
        popoverProps={{ ...popoverProps, withinPortal }}
        value={value ? dayjs(value).format('YYYY-MM-DD HH:mm:ss') : null}
        onChange={(picked) => onChange(picked ? dayjs(picked).toISOString() : '')}
      />
    );
  }
  return (
    <DateInput
      {...props}
      clearable
      previousLabel="Previous month"
      nextLabel="Next month"
      valueFormat="D MMM YYYY"
      placeholder="14 Mar 2026"
      dateParser={(typed) => {
        const day = dayjs(typed);
        return day.isValid() ? day.format('YYYY-MM-DD') : null;
      }}
      popoverProps={{ withinPortal }}
      value={value || null}
      onChange={(picked) => onChange(picked ?? '')}
    />
  );
}
