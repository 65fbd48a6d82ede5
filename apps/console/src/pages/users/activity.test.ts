import { expect, test } from 'vitest';
import type { AuditEvent } from '../../api/schema';
import { doingsOf, doingWords } from './activity';

const event = (action: string, more: Partial<AuditEvent> = {}) =>
  ({ action, actor_id: 'me', target_type: null, target_id: null, ...more }) as AuditEvent;

test('what happens many times in a row is told once, with its number', () => {
  const doings = doingsOf([event('record.updated'), event('record.updated'), event('session.created')]);
  expect(doings.map(({ event, count }) => [event.action, count])).toEqual([
    ['record.updated', 2],
    ['session.created', 1],
  ]);
});

test('different people are told apart', () => {
  const invited = (target_id: string) => event('guest.invited', { target_type: 'guest', target_id });
  expect(doingsOf([invited('a'), invited('b')]).map(({ person }) => person)).toEqual(['a', 'b']);
});

test('an action nobody has words for is still told', () => {
  expect(doingWords({ event: event('object.field_added') })).toBe('Object field added');
});
