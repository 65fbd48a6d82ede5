import { describe, expect, test } from 'vitest';
import { numberWords, typedNumber } from './exact';

describe('what people type as a number', () => {
  test.each([
    ['12', '12'],
    ['1,234.5', '1234.5'],
    ['0,75', '0.75'],
    ['007', '7'],
    ['.5', '0.5'],
    ['\u22127', '-7'],
    ['5e3', '5000'],
    ['1.25E+2', '125'],
    ['1e-7', '0.0000001'],
    ['-12.5e-3', '-0.0125'],
  ])('%s', (typed, digits) => expect(typedNumber(typed)).toBe(digits));

  test.each(['', 'much', '1.2.3', 'e5', '1e', '1e400', '--1'])('%j is none', (typed) => {
    expect(typedNumber(typed)).toBeNull();
  });
});

test('small numbers are shown with all their digits', () => {
  expect(numberWords('0.0000001')).toBe('0.0000001');
});
