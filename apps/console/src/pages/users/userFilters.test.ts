import { expect, test } from 'vitest';
import { filterOf } from './userFilters';

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
