import { expect, test } from 'vitest';
import { BY_NAME, filterOf, sensible, sortOf } from './userFilters';

const ID = '01a202de-57a8-7af3-8595-9b0cf38c27e1';

test('the URL becomes the filter of the server', () => {
  expect(filterOf({ status: 'active,invited', role_id: ID, never_signed_in: true }, 'ada')).toEqual({
    q: 'ada',
    status: 'active,invited',
    role_id: ID,
    never_signed_in: true,
  });
});

test('what makes no sense is left out', () => {
  expect(filterOf({ status: 'gone', profile_id: 'x', never_signed_in: 'maybe' }, '')).toEqual({});
});

test('the filters that are shown are those that hold', () => {
  const shown = sensible({ status: 'zzz,active', role_id: 'nope', q: 'ada' });
  expect(shown).toEqual({ status: 'active', q: 'ada' });
});

test('an order that there isn’t is the usual one', () => {
  expect(sortOf('-created_at')).toBe('-created_at');
  expect(sortOf('nonsense')).toBe(BY_NAME);
});
