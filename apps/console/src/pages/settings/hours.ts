/** `72` → `3 days`, `36` → `1 day and 12 hours`. */
export function hoursWords(hours: number): string {
  const days = Math.floor(hours / 24);
  const rest = hours % 24;
  const word = (count: number, noun: string) => (count === 1 ? `1 ${noun}` : `${count} ${noun}s`);
  if (days === 0) return word(rest, 'hour');
  return rest === 0 ? word(days, 'day') : `${word(days, 'day')} and ${word(rest, 'hour')}`;
}
