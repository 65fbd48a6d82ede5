import { describe, expect, test } from 'vitest';
import type { ActionImpacts, Impact } from '../../api/schema';
import { effects, lower, remainder } from './impact';
import { NOTHING } from './levels';

const still: Impact = {
  users_gaining: 0,
  users_losing: 0,
  records_gained: 0,
  records_lost: 0,
  grants_gained: 0,
  grants_lost: 0,
};
const nothing: ActionImpacts = {
  view: still,
  edit: still,
  delete: still,
  create: { users_gaining: 0, users_losing: 0 },
};
const deal = { singular: 'Deal', plural: 'Deals' };

describe('effects', () => {
  test('tell how many people gain how many records', () => {
    const view = { ...still, users_gaining: 12, records_gained: 340, grants_gained: 4080 };
    const found = effects({ ...nothing, view }, deal);
    expect(found).toEqual([{ kind: 'gain', text: '12 people gain 340 deals to view' }]);
    expect(remainder(found)).toBe('Nobody loses anything.');
  });

  test('put one person and one record into the singular, and losses last', () => {
    const view = { ...still, users_losing: 1, records_lost: 1, grants_lost: 1 };
    const edit = { ...still, users_gaining: 1, records_gained: 1, grants_gained: 1 };
    expect(effects({ ...nothing, view, edit }, deal).map(({ text }) => text)).toEqual([
      '1 person gains 1 deal to edit',
      '1 person loses 1 deal to view',
    ]);
  });

  test('tell whether creating begins or only grows', () => {
    const actions = { ...nothing, create: { users_gaining: 2, users_losing: 0 } };
    expect(effects(actions, deal, NOTHING)[0]?.text).toBe('2 people may create deals');
    expect(effects(actions, deal, { ...NOTHING, create: 'own' })[0]?.text).toBe(
      '2 people may create deals for more owners',
    );
  });

  test('say so when nothing comes of it', () => {
    expect(remainder(effects(nothing, deal))).toBe('Nobody gains or loses anything.');
  });
});

test('names lose their capital within a sentence unless they are abbreviations', () => {
  expect(lower('Deals')).toBe('deals');
  expect(lower('SLAs')).toBe('SLAs');
});
