import { expect, test } from 'vitest';
import { keyFor, keyProblem, pluralFor } from './key';

test('a key is made from a name as people write it', () => {
  expect(keyFor('Sales order')).toBe('sales_order');
  expect(keyFor('  Größe (m²) ')).toBe('grosse_m');
  expect(keyFor('2nd owner')).toBe('nd_owner');
  expect(keyFor('x'.repeat(60))).toHaveLength(40);
  expect(keyProblem(keyFor('Déjà vu'))).toBeNull();
  expect(keyProblem('')).not.toBeNull();
  expect(keyProblem('Deal')).not.toBeNull();
});

test('plurals are guessed', () => {
  expect(['Deal', 'Company', 'Box', 'Day'].map(pluralFor)).toEqual(['Deals', 'Companies', 'Boxes', 'Days']);
});
