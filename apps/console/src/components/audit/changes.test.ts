import { describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../api/schema';
import { changesOf } from './changes';

const rows = (changes: object, objects?: Map<string, string>) =>
  changesOf({ changes: changes as AuditEvent['changes'] }, objects).map(({ label, before, after, isFact }) =>
    isFact ? [label, after] : [label, before, after],
  );

describe('what an event changed', () => {
  it('is told field by field', () => {
    expect(rows({ access_ends_on: { before: '2026-03-14', after: '2026-04-14' } })).toEqual([
      ['Last day', '2026-03-14', '2026-04-14'],
    ]);
  });

  it('goes into groups, and leaves out what stayed', () => {
    const before = { min_length: 15, require_digit: false };
    expect(rows({ password_policy: { before, after: { ...before, min_length: 12 } } })).toEqual([
      ['Password policy › Shortest password', 15, 12],
    ]);
  });

  it('goes into permissions: object, then action, in the words of the matrix', () => {
    const changes = { deal: { delete: { before: 'own', after: 'none' } } };
    expect(rows(changes, new Map([['deal', 'Deals']]))).toEqual([
      ['Deals › Delete records', 'Assigned to them', 'None'],
    ]);
    // An object that is gone is called by its key.
    expect(rows(changes)).toEqual([['Deal › Delete records', 'Assigned to them', 'None']]);
  });

  it('tells facts beside changes, and nothing of what never was', () => {
    expect(rows({ deliver: 'email', role_id: { before: null, after: null } })).toEqual([
      ['Sent by', 'email'],
    ]);
  });
});
