import '@mantine/dates/styles.layer.css';
import { DateInput, DateTimePicker } from '@mantine/dates';
import { clock, momentOf } from '../clock';
import { useCalendarName } from './useCalendarName';
import { writtenDay } from './writtenDay';

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

/**
 * Picks a day, or a moment in the reader's zone that is kept as an instant. What is typed and isn't a day comes as it
 * was typed.
 */
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
        value={value ? clock(value).format('YYYY-MM-DD HH:mm:ss') : null}
        onChange={(picked) => onChange(picked ? momentOf(picked).toISOString() : '')}
      />
    );
  }
  const day = writtenDay(value);
  return (
    <DateInput
      {...props}
      clearable
      previousLabel="Previous month"
      nextLabel="Next month"
      valueFormat="D MMM YYYY"
      placeholder="14 Mar 2026"
      dateParser={writtenDay}
      // What can't be read stays, for the sentence that says so.
      fixOnBlur={day !== null}
      popoverProps={{ withinPortal }}
      value={day}
      onInput={({ currentTarget: { value: typed } }) => onChange(writtenDay(typed) ?? typed)}
      onChange={(picked) => onChange(picked ?? '')}
    />
  );
}
