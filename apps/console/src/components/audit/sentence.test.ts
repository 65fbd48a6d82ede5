import { describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../api/schema';
import { ACTION_GROUPS } from './actions';
import { sentenceOf } from './sentence';

const HIROSHI = '01a00000-0000-7000-8000-000000000001';
const ADA = '01a00000-0000-7000-8000-00000000000a';
const NAMES: Record<string, string> = { [HIROSHI]: 'Hiroshi Kowalski', [ADA]: 'Ada Admin' };

function event(action: string, changes: object = {}, more: Partial<AuditEvent> = {}): AuditEvent {
  return {
    id: 'e',
    seq: 1,
    at: '2026-03-01T10:00:00.000000Z',
    actor_kind: 'user',
    actor_id: ADA,
    on_behalf_of: null,
    action,
    target_type: 'guest',
    target_id: HIROSHI,
    changes: changes as AuditEvent['changes'],
    request_id: 'r',
    ...more,
  };
}

/** The sentence as somebody reads it. */
function read(happened: AuditEvent): string {
  return sentenceOf(happened)
    .map((part) => {
      if (typeof part === 'string') return part;
      if (part.kind === 'actor') return NAMES[happened.actor_id ?? ''] ?? 'Vestibule';
      if (part.kind === 'target') return NAMES[happened.target_id ?? ''] ?? '?';
      return part.kind === 'day' ? part.date : NAMES[part.id];
    })
    .join('');
}

const change = (before: unknown, after: unknown) => ({ before, after });

describe('an event as a sentence', () => {
  it.each([
    [
      event('guest.invited', { access_ends_on: change(null, '2026-03-14') }),
      'Ada Admin invited Hiroshi Kowalski until 2026-03-14',
    ],
    [
      event('guest.access_changed', { access_ends_on: change('2026-03-14', '2026-04-14') }),
      'Ada Admin extended Hiroshi Kowalski’s access to 2026-04-14',
    ],
    [
      event('guest.access_changed', { access_ends_on: change('2026-03-14', '2026-03-02') }),
      'Ada Admin shortened Hiroshi Kowalski’s access to 2026-03-02',
    ],
    [
      event('guest.revoked', { revoke_reason: change(null, 'Over') }),
      'Ada Admin revoked Hiroshi Kowalski’s access: “Over”',
    ],
    [
      event('guest.expired', {}, { actor_id: null, actor_kind: 'system' }),
      'Hiroshi Kowalski’s access ended as planned',
    ],
    [
      event('guest.claim_link_sent', { deliver: 'email' }),
      'Ada Admin sent Hiroshi Kowalski the invitation again',
    ],
    [
      event('guest.claim_link_sent', { deliver: 'response' }),
      'Ada Admin copied a new invitation link for Hiroshi Kowalski',
    ],
    [
      event('guest.updated', { role_id: change(null, 'x'), profile_id: change('a', 'b') }),
      'Ada Admin changed the role and profile of Hiroshi Kowalski',
    ],
    [
      event(
        'guest.updated',
        { first_name: change('A', 'B'), last_name: change('A', 'B') },
        { actor_id: HIROSHI },
      ),
      'Hiroshi Kowalski changed their own name',
    ],
    [
      event('session.refused', { reason: 'wrong_password' }, { actor_id: null }),
      'Hiroshi Kowalski was not let in: wrong password',
    ],
    [
      event('session.refused', { reason: 'unknown_email' }, { actor_id: null, target_id: null }),
      'Somebody was not let in: no such person',
    ],
    [event('org.updated', { guest_access: change(true, false) }), 'Ada Admin shut out every guest'],
    [
      event('org.updated', { password_policy: change({ min_length: 15 }, { min_length: 12 }) }),
      'Ada Admin changed the organization’s password policy',
    ],
    [
      event('field.added', { label: change(null, 'Amount') }),
      'Ada Admin added the field “Amount” to Hiroshi Kowalski',
    ],
    [
      event('records.bulk', { created: 2, updated: 0, deleted: 1500 }),
      'Ada Admin created 2 and deleted 1,500 records of Hiroshi Kowalski at once',
    ],
    [
      event('records.handed_over', { owner: change(HIROSHI, ADA), records: 1 }),
      'Ada Admin handed over 1 record of Hiroshi Kowalski from Hiroshi Kowalski to Ada Admin',
    ],
    [
      event('administration.denied', { route: 'PATCH /api/v1/org', code: 'capability_missing' }),
      'Ada Admin was refused: PATCH /api/v1/org (capability missing)',
    ],
  ])('%#: reads like one', (happened, sentence) => {
    expect(read(happened)).toBe(sentence);
  });

  it('has words for every action that there is, and makes do with one that there isn’t yet', () => {
    const unknown = (action: string) => read(event(action)).includes(action);
    const actions = ACTION_GROUPS.flatMap(({ actions }) => Object.keys(actions));
    expect(actions.filter(unknown)).toEqual([]);
    expect(read(event('door.painted'))).toBe('Ada Admin: door.painted Hiroshi Kowalski');
  });
});
