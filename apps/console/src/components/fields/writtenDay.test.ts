import { expect, test } from 'vitest';
import { writtenDay } from './writtenDay';

test.each([
  ['14 Mar 2026', '2026-03-14'],
  ['04 march 2026', '2026-03-04'],
  ['2026-03-14', '2026-03-14'],
  ['4.5.2026', '2026-05-04'],
  ['30.04.2026', '2026-04-30'],
  [' 1/12/2026 ', '2026-12-01'],
  ['29.2.2028', '2028-02-29'],
])('%j is %s', (text, day) => expect(writtenDay(text)).toBe(day));

test.each([
  '',
  '12',
  'tomorrow',
  'next week',
  '31 Feb 2026',
  '29.2.2026',
  '1 Jan 0001',
  '5/2026',
  '14 Mar 26',
  '12/31/2026',
])('%j is no day', (text) => expect(writtenDay(text)).toBeNull());
