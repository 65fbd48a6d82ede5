import { describe, expect, test } from 'vitest';
import { effective, exceeding, loweredToView, pointless, viewRaised } from './levels';

const levels = { view: 'own', edit: 'anyone', delete: 'own_and_reports', create: 'anyone' } as const;

describe('levels', () => {
  test('editing and deleting reach no further than viewing, and creating does', () => {
    expect(effective(levels, 'edit')).toBe('own');
    expect(effective(levels, 'delete')).toBe('own');
    expect(effective(levels, 'create')).toBe('anyone');
    expect(exceeding(levels)).toEqual(['edit', 'delete']);
  });

  test('raising view makes everything count, and touches nothing else', () => {
    expect(viewRaised(levels)).toEqual({ ...levels, view: 'anyone' });
    expect(exceeding(viewRaised(levels))).toEqual([]);
  });

  test('lowering to view leaves what already counts', () => {
    expect(loweredToView(levels)).toEqual({ ...levels, edit: 'own', delete: 'own' });
    expect(loweredToView({ ...levels, edit: 'none' }).edit).toBe('none');
  });

  test('without an ownership field the levels between none and anyone reach nothing', () => {
    expect(pointless(levels, false)).toEqual(['view', 'delete']);
    expect(pointless(levels, true)).toEqual([]);
  });
});
