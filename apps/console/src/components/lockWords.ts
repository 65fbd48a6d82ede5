import { clock } from './clock';
import { instantWords } from './DateText';

/** `Locked until 14:32`, in the reader's zone; `Locked until 24 Nov` where that is more than a day away. */
export function lockedUntilWords(until: string, now: Date = new Date()): string {
  const end = clock(until);
  return `Locked until ${end.format(end.diff(now, 'hour') < 24 ? 'HH:mm' : 'D MMM')}`;
}

/** Until when somebody is locked and why, among the facts. */
export function lockFact(until: string): string {
  return `Until ${instantWords(until)}, after too many wrong passwords`;
}
