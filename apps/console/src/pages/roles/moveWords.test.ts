import { describe, expect, it } from 'vitest';
import { withNames } from './moveWords';

describe('who gains and loses records by a move', () => {
  const text = '2 people gain 40 deals to view';

  it('is named where these are the people whose reports come', () => {
    expect(withNames(text, ['Ada', 'Ben'])).toBe('Ada and Ben gain 40 deals to view');
    expect(withNames('1 person gains 1,303 deals to view', ['Ada'])).toBe('Ada gains 1,303 deals to view');
  });

  it('is counted where not all of them gain, and where they are many', () => {
    expect(withNames(text, ['Ada', 'Ben', 'Cleo'])).toBe(text);
    expect(withNames('1 person gains 3 deals to view', [])).toBe('1 person gains 3 deals to view');
    const many = ['Ada', 'Ben', 'Cleo', 'Dan'];
    expect(withNames('4 people gain 3 deals to view', many)).toBe('4 people gain 3 deals to view');
  });
});
