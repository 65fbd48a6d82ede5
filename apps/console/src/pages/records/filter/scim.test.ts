import { describe, expect, test } from 'vitest';
import { type Filter, readFilter, writeFilter } from './scim';

const bare = (field: string) => field === 'amount' || field === 'won';

describe('filters', () => {
  test('what is written is read again', () => {
    const filter: Filter = {
      join: 'or',
      conditions: [
        { field: 'name', operator: 'co', value: 'a "quoted" (and) \\ word' },
        { field: 'amount', operator: 'ge', value: '1250.5' },
        { field: 'won', operator: 'eq', value: 'true' },
        { field: 'owner', operator: 'empty', value: '' },
        { field: 'account', operator: 'pr', value: '' },
      ],
    };
    const text = writeFilter(filter, bare);
    expect(text).toBe(
      'name co "a \\"quoted\\" (and) \\\\ word" or amount ge 1250.5 or won eq true or not (owner pr) or account pr',
    );
    expect(readFilter(text)).toEqual(filter);
  });

  test('one condition is joined by nothing, and no condition is no filter', () => {
    expect(readFilter('stage eq "won"')).toEqual({
      join: 'and',
      conditions: [{ field: 'stage', operator: 'eq', value: 'won' }],
    });
    expect(readFilter(' ')).toEqual({ join: 'and', conditions: [] });
  });

  test.each([
    'stage eq "won" and (amount gt 1 or amount lt 0)',
    'a eq 1 and b eq 2 or c eq 3',
    'not (stage eq "won")',
    'stage eq',
    'stage eq "won" and',
    'stage eq "won',
    'stage is "won"',
  ])('what the builder can’t show is left to the text: %s', (text) => {
    expect(readFilter(text)).toBeNull();
  });
});
