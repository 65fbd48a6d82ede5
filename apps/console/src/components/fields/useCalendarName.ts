import { useId } from 'react';

/** Props of a date picker that name its calendar after the field; the library gives each an id of its own. */
export function useCalendarName() {
  const id = useId();
  return { id, popoverProps: { id } };
}
