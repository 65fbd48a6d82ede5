import { afterEach, expect, test } from 'vitest';
import { clock, momentOf, readersZone, readIn } from './clock';

const before = readersZone();
afterEach(() => readIn(before));

test('moments are shown in the reader’s zone, and read in it', () => {
  readIn('Asia/Tokyo');
  expect(clock('2026-11-22T17:13:00Z').format('YYYY-MM-DD HH:mm')).toBe('2026-11-23 02:13');
  expect(momentOf('2026-11-23 02:13').toISOString()).toBe('2026-11-22T17:13:00.000Z');
  readIn('America/New_York');
  expect(clock('2026-07-01T00:00:00Z').format('D MMM, HH:mm')).toBe('30 Jun, 20:00');
});

test('the hour that a summer time leaves out is the one after it', () => {
  readIn('Europe/Berlin');
  expect(momentOf('2026-03-29 02:30').toISOString()).toMatch(/2026-03-29T0[01]:30/);
  expect(momentOf('2026-03-29 12:00').toISOString()).toBe('2026-03-29T10:00:00.000Z');
});

test('a zone that this browser doesn’t know changes nothing', () => {
  readIn('Mars/Olympus');
  expect(readersZone()).toBe(before);
});
