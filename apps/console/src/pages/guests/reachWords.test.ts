import { describe, expect, it } from 'vitest';
import { sentences } from './reachWords';

describe('what somebody reaches, in words', () => {
  it('says together what reaches equally far', () => {
    expect(sentences({ view: 'own', edit: 'own', delete: 'none', create: 'own' })).toEqual([
      'Can view and edit those assigned to them.',
      'Can create their own.',
    ]);
  });

  it('says apart what does not', () => {
    const levels = { view: 'anyone', edit: 'own_and_reports', delete: 'own', create: 'none' } as const;
    expect(sentences(levels)).toEqual([
      'Can view those owned by anyone.',
      'Can edit those assigned to them and their reports.',
      'Can delete those assigned to them.',
    ]);
  });
});
