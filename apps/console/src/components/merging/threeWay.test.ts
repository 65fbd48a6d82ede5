import { describe, expect, it } from 'vitest';
import { changedOnly, countOf, threeWay } from './threeWay';

const base = { name: 'Acme', session_hours: 12, password_policy: { min_length: 15, require_digit: false } };

describe('two people changing the same settings', () => {
  it('keeps what was typed here and takes over what was changed there', () => {
    const typed = { ...base, name: 'Acme Corporation' };
    const stored = { ...base, session_hours: 24, password_policy: { min_length: 12, require_digit: false } };
    expect(threeWay(base, typed, stored)).toEqual({
      values: {
        name: 'Acme Corporation',
        session_hours: 24,
        password_policy: { min_length: 12, require_digit: false },
      },
      theirs: ['session_hours', 'password_policy.min_length'],
      both: [],
    });
  });

  it('says where both changed the same, and keeps what was typed', () => {
    const merged = threeWay(base, { ...base, session_hours: 8 }, { ...base, session_hours: 24 });
    expect(merged.both).toEqual(['session_hours']);
    expect(merged.values.session_hours).toBe(8);
  });

  it('sees no quarrel when both changed to the same', () => {
    const both = { ...base, name: 'Acme Inc.' };
    expect(threeWay(base, both, both)).toMatchObject({ theirs: ['name'], both: [] });
  });
});

describe('lists', () => {
  it('are the same when their items are', () => {
    const [before, typed] = [{ days: ['Monday', 'Tuesday'] }, { days: ['Monday', 'Tuesday'] }];
    expect(threeWay(before, typed, { days: ['Friday'] })).toEqual({
      values: { days: ['Friday'] },
      theirs: ['days'],
      both: [],
    });
    expect(changedOnly(before, typed)).toEqual({});
  });
});

describe('what is sent', () => {
  it('is only what was changed, also inside of groups', () => {
    expect(changedOnly(base, { ...base, password_policy: { min_length: 15, require_digit: true } })).toEqual({
      password_policy: { require_digit: true },
    });
    expect(changedOnly(base, base)).toEqual({});
  });

  it('is counted value by value', () => {
    expect(countOf({ name: 'Acme', password_policy: { min_length: 8, require_digit: true } })).toBe(3);
    expect(countOf({})).toBe(0);
  });
});
