import { expect, test } from 'vitest';
import type { AuditEvent } from '../../api/schema';
import { doingsOf } from './activity';

const event = (action: string, target_id: string | null = null) =>
  ({ action, actor_id: 'me', target_type: 'guest', target_id }) as AuditEvent;

test('what happens many times in a row is told once, with its number', () => {
  const doings = doingsOf([event('record.updated'), event('record.updated'), event('session.created')]);
  expect(doings.map(({ event, count }) => [event.action, count])).toEqual([
    ['record.updated', 2],
    ['session.created', 1],
  ]);
});

test('what is done to different people is told apart', () => {
  const doings = doingsOf([event('guest.invited', 'a'), event('guest.invited', 'b')]);
  expect(doings.map(({ event }) => event.target_id)).toEqual(['a', 'b']);
});
