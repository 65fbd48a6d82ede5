import { describe, expect, it } from 'vitest';
import type { AccessEnded } from '../../api/schema';
import type { Stay } from '../../api/session';
import { farewell } from './farewell';

const tom = { first_name: 'Tom', last_name: 'Baker', email: 'tom@acme.example' };
const ended = (reason: AccessEnded['reason'], ended_at: string | null): AccessEnded => ({
  reason,
  org_name: 'Acme',
  ended_at,
  sponsor: tom,
});
const stay: Stay = {
  org: 'Acme',
  name: 'Noah',
  endsAt: '2026-03-14T23:00:00.000000Z',
  endsOn: '2026-03-14',
  sponsor: tom,
};

describe('what somebody is told whose access has ended', () => {
  it('names the last day as the organization counts it, when this tab knows it', () => {
    expect(farewell(ended('expired', stay.endsAt), stay)?.what).toBe(
      'Your last day was Saturday 14 March 2026, as planned.',
    );
    expect(farewell(null, stay)?.what).toBe('Your last day was Saturday 14 March 2026, as planned.');
  });

  it('names the instant when it doesn’t', () => {
    expect(farewell(ended('expired', '2026-02-01T12:00:00Z'), null)?.what).toMatch(
      /^It ended as planned, on 1 February 2026 at/,
    );
    // A last day that was moved since this tab heard of it says nothing about this end.
    expect(farewell(ended('expired', '2026-02-01T12:00:00Z'), stay)?.what).toContain('1 February');
  });

  it('tells revoked, paused and deactivated apart', () => {
    expect(farewell(ended('revoked', '2026-02-01T12:00:00Z'), null)?.what).toMatch(
      /Somebody at Acme ended it on 1 February/,
    );
    expect(farewell(ended('suspended', null), stay)?.what).toMatch(/paused access for all guests/);
    expect(farewell(ended('suspended', '2026-02-01T12:00:00Z'), null)?.what).toMatch(
      /account was deactivated/,
    );
  });

  it('takes the server’s word on the sponsor, also when there is none', () => {
    expect(farewell({ ...ended('expired', null), sponsor: null }, stay)?.sponsor).toBeNull();
    expect(farewell(null, stay)?.sponsor).toBe(tom);
  });

  it('has nothing to say to somebody of whom nothing is known', () => {
    expect(farewell(null, null)).toBeNull();
  });
});
