import { describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../api/schema';
import { inEpisodes, merged } from './episodes';

function event(seq: number, action: string): AuditEvent {
  return {
    id: `e${seq}`,
    seq,
    at: `2026-03-${String(seq).padStart(2, '0')}T09:30:00Z`,
    actor_kind: 'user',
    actor_id: 'noah',
    on_behalf_of: null,
    action,
    target_type: 'guest',
    target_id: 'noah',
    changes: {},
    request_id: null,
  };
}

describe('the history of a guest', () => {
  it('tells each event once, the newest first', () => {
    const to = { events: [event(9, 'guest.revoked'), event(4, 'guest.claimed')], whole: true };
    const by = { events: [event(7, 'record.created'), event(4, 'guest.claimed')], whole: true };
    expect(merged([to, by]).map(({ seq }) => seq)).toEqual([9, 7, 4]);
  });

  it('has no gaps while one of the logs goes on', () => {
    const to = { events: [event(9, 'guest.revoked'), event(2, 'guest.invited')], whole: true };
    const by = { events: [event(7, 'record.created'), event(6, 'record.created')], whole: false };
    expect(merged([to, by]).map(({ seq }) => seq)).toEqual([9, 7, 6]);
  });

  it('puts repeated sign-ins together, and never changes of access', () => {
    const actions = ['session.created', 'session.created', 'guest.access_changed', 'guest.access_changed'];
    const told = inEpisodes(actions.map((action, index) => event(9 - index, action)));
    expect(told.map(({ event, count }) => [event.action, count])).toEqual([
      ['session.created', 2],
      ['guest.access_changed', 1],
      ['guest.access_changed', 1],
    ]);
    expect(told[0]?.since).toBe('2026-03-08T09:30:00Z');
  });
});
