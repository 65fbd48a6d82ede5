import { describe, expect, it } from 'vitest';
import { filterOf } from './guestFilters';

describe('the filter of the guest list', () => {
  it('asks for what the URL says', () => {
    const search = { status: 'active,invited', sponsor_missing: true, role_id: 'r1', unknown: 'x' };
    expect(filterOf(search, 'noah', '2026-03-14')).toEqual({
      q: 'noah',
      status: 'active,invited',
      sponsor_missing: true,
      role_id: 'r1',
    });
  });

  it('means the seven days that begin today by this week', () => {
    expect(filterOf({ ends: 'week' }, '', '2026-03-14')).toEqual({
      ends_after: '2026-03-13',
      ends_before: '2026-03-21',
    });
  });

  it('leaves out what makes no sense', () => {
    expect(filterOf({ ends: 'someday', never_signed_in: 'perhaps' }, '', '2026-03-14')).toEqual({});
  });
});
