import { describe, expect, it } from 'vitest';
import { planOf } from './lastDays';

const ok = (id: string) => ({ id, status: 'ok' });
const refused = { id: 'revoked', status: 'refused' };
const day = '2026-03-14';
const late = [
  { id: 'late', access_ends_on: '2026-03-28' },
  { id: 'there', access_ends_on: day },
  { id: 'revoked', access_ends_on: '2026-04-01' },
];
const results = [ok('late'), ok('early'), ok('there'), refused];

describe('a new last day for many', () => {
  it('spares those who would lose days, and leaves alone who has it already', () => {
    const plan = planOf(results, { day, late, spare: true });
    expect(plan.ids).toEqual(['early']);
    expect(plan.turns).toEqual({ longer: ['early'], shorter: ['late'], same: ['there'] });
    expect(plan.refused).toEqual([refused]);
  });

  it('reaches those who would lose days when they aren’t to be spared', () => {
    expect(planOf(results, { day, late, spare: false }).ids).toEqual(['late', 'early']);
  });

  it('is no question for other commands', () => {
    expect(planOf(results, { day: null, late: [], spare: true }).ids).toEqual(['late', 'early', 'there']);
  });
});
