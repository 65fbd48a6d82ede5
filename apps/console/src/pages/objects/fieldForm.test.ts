import { describe, expect, it } from 'vitest';
import type { Field } from '../../api/schema';
import { fieldPatch, formOf, mergeField } from './fieldForm';

const field: Field = {
  key: 'size',
  label: 'Size',
  type: 'choice',
  help: null,
  required: false,
  unique: false,
  options: ['Small', 'Medium', 'Large'],
};

describe('two people changing the same field', () => {
  it('keeps the options that either added, and none that either took away', () => {
    const typed = { ...formOf(field), options: 'Small\nMedium\nMine' };
    const now = { ...field, options: ['Medium', 'Large', 'Theirs'] };
    const { values, theirs, both } = mergeField(field, typed, now);
    expect(values.options.split('\n')).toEqual(['Medium', 'Theirs', 'Mine']);
    expect([theirs, both]).toEqual([['options'], []]);
    expect(fieldPatch(now, values)).toEqual({ options: ['Medium', 'Theirs', 'Mine'] });
  });

  it('sends nothing of what only somebody else changed', () => {
    const now = { ...field, label: 'How big', options: ['Small', 'Theirs'] };
    const { values } = mergeField(field, { ...formOf(field), help: 'As on the label' }, now);
    expect(fieldPatch(now, values)).toEqual({ help: 'As on the label' });
  });

  it('sees no change in a default that was read twice', () => {
    const days: Field = { ...field, type: 'multi_choice', default: ['Small', 'Large'] };
    expect(mergeField(days, formOf(days), days)).toMatchObject({ theirs: [], both: [] });
  });
});
