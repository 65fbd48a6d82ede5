import { expect, it } from 'vitest';
import { hoursWords } from './hours';

it('tells hours as people would', () => {
  expect([1, 12, 24, 36, 72, 168, 25].map(hoursWords)).toEqual([
    '1 hour',
    '12 hours',
    '1 day',
    '1 day and 12 hours',
    '3 days',
    '7 days',
    '1 day and 1 hour',
  ]);
});
