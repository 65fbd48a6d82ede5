import { expect, test } from 'vitest';
import { seatsWords, usage } from './seats';

test('a license gets tight from nine seats in ten on, and is full when none is left', () => {
  expect(usage({ seats: 10, used: 8 }).level).toBe('calm');
  expect(usage({ seats: 10, used: 9 }).level).toBe('tight');
  expect(usage({ seats: 10, used: 10 })).toEqual({ share: 100, level: 'full' });
});

test('a license without seats is full, and its bar is empty while nobody is on it', () => {
  expect(usage({ seats: 0, used: 0 })).toEqual({ share: 0, level: 'full' });
  expect(seatsWords({ seats: 0, used: 0 })).toBe('no seats at all');
});

test('what is left is told in words', () => {
  expect(seatsWords({ seats: 3, used: 2 })).toBe('1 left');
  expect(seatsWords({ seats: 3, used: 3 })).toBe('none left');
  expect(seatsWords({ seats: 3, used: 5 })).toBe('2 more than there are');
});
