import { describe, expect, it } from 'vitest';
import { addDays, daysBetween, endForReader, endOfDay, longDay, weekName, weekOf } from './orgDays';

describe('days of the organization', () => {
  it('are counted across months and the change of the clocks', () => {
    expect(addDays('2026-03-28', 3)).toBe('2026-03-31');
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
    expect(daysBetween('2026-10-24', '2026-10-26')).toBe(2);
  });

  it('are said in full', () => {
    expect(longDay('2026-03-14')).toBe('Saturday 14 March 2026');
  });

  it('end at midnight of their own zone, on both sides of a change of the clocks', () => {
    expect(endOfDay('2026-03-28', 'Europe/Berlin').toISOString()).toBe('2026-03-28T23:00:00.000Z');
    expect(endOfDay('2026-03-29', 'Europe/Berlin').toISOString()).toBe('2026-03-29T22:00:00.000Z');
    expect(endOfDay('2026-10-25', 'Europe/Berlin').toISOString()).toBe('2026-10-25T23:00:00.000Z');
    expect(endOfDay('2026-06-01', 'America/New_York').toISOString()).toBe('2026-06-02T04:00:00.000Z');
  });

  it('are told on the clock of a reader elsewhere, and only there', () => {
    expect(endForReader('2026-03-14', 'Europe/Berlin', 'Europe/Rome')).toBeNull();
    expect(endForReader('2026-03-14', 'Europe/Berlin', 'America/New_York')).toBe('14 Mar, 19:00');
    expect(endForReader('2026-03-14', 'Europe/Berlin', 'Asia/Tokyo')).toBe('15 Mar, 08:00');
  });

  it('fall into weeks of seven days from today', () => {
    expect(weekOf('2026-03-20', '2026-03-14')).toBe(0);
    expect(weekOf('2026-03-21', '2026-03-14')).toBe(1);
    expect([0, 1, 4].map(weekName)).toEqual(['This week', 'Next week', 'In 4 weeks']);
  });
});
