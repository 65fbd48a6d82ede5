import { expect, test } from 'vitest';
import { lockedUntilWords } from './lockWords';

test('a lock ends at a time of day, or on a day where that is further away', () => {
  const end = new Date(2026, 10, 22, 0, 10).toISOString();
  expect(lockedUntilWords(end, new Date(2026, 10, 21, 23, 55))).toBe('Locked until 00:10');
  expect(lockedUntilWords(end, new Date(2026, 10, 20, 23, 55))).toBe('Locked until 22 Nov');
});
