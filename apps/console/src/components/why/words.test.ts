import { describe, expect, it } from 'vitest';
import type { Explanation, Level } from '../../api/schema';
import { ruleWords, stepWords } from './words';

const VALENTINA = { id: 'v', name: 'Valentina Weber', role: { id: 'r', name: 'DACH' }, standing: 'good' };

/** An answer about Valentina, whose profile has this level, and the owners of a deal. */
function answer(
  rule: string,
  effective: Level,
  owners: { name: string | null; relation: string; reached?: boolean }[],
  subject: Explanation['subject'] = VALENTINA,
): Explanation {
  return {
    decision: rule.startsWith('owned'),
    outcome: 'hidden',
    rule,
    summary: 'From the server.',
    profile: { id: 'p', name: 'Sales' },
    configured: effective,
    effective,
    subject,
    steps: [],
    owners: owners.map((owner, at) => ({ user_id: `${at}`, path: [], reached: false, ...owner })),
    suggestions: [],
  };
}

const ABOUT = { you: false, action: 'view', plural: 'deals' } as const;
const out = (
  level: Level,
  owners: Parameters<typeof answer>[2],
  subject = VALENTINA as Explanation['subject'],
) => ruleWords(answer('owners_out_of_reach', level, owners, subject), ABOUT);

describe('why somebody can’t see a record', () => {
  it('names the owner, and what the level would have taken', () => {
    const dilnoza = { name: 'Dilnoza Okafor', relation: 'other' };
    expect(out('own', [{ ...dilnoza, relation: 'report' }])).toBe(
      'It belongs to Dilnoza Okafor, and the profile Sales only reaches what belongs to Valentina Weber.',
    );
    expect(out('own_and_reports', [{ ...dilnoza, relation: 'peer' }])).toBe(
      'It belongs to Dilnoza Okafor, who is neither Valentina Weber nor below them in the roles.',
    );
    expect(out('own_peers_and_reports', [dilnoza])).toBe(
      'It belongs to Dilnoza Okafor, who is neither in the role of Valentina Weber nor in one below it.',
    );
    expect(out('own_and_reports', [dilnoza], { ...VALENTINA, role: null })).toBe(
      'It belongs to Dilnoza Okafor. Valentina Weber has no user role, and so neither reports nor peers.',
    );
  });

  it('names several owners, and counts many', () => {
    const owners = ['Ada', 'Ben', 'Cleo', 'Dan'].map((name) => ({ name, relation: 'other' }));
    expect(out('own_and_reports', owners.slice(0, 2))).toBe(
      'It belongs to Ada and Ben, none of whom is Valentina Weber or below them in the roles.',
    );
    expect(out('own', owners)).toMatch(/^It belongs to Ada, Ben and 2 others, and the profile Sales/);
  });

  it('tells no name that the answer doesn’t tell', () => {
    const mine = answer('owners_out_of_reach', 'own_peers_and_reports', [{ name: null, relation: 'other' }]);
    expect(ruleWords(mine, { ...ABOUT, you: true })).toBe(
      'It belongs to somebody else, who is neither in your role nor in one below it.',
    );
  });

  it('says what nobody on the profile may do, and what nobody owns', () => {
    expect(ruleWords(answer('level_none', 'none', []), { ...ABOUT, action: 'delete' })).toBe(
      'The profile Sales lets nobody on it delete deals.',
    );
    expect(ruleWords(answer('unowned_needs_anyone', 'own', []), ABOUT)).toBe(
      'It belongs to nobody, and only “Owned by anyone” reaches such deals.',
    );
    const limited = answer('view_too_low', 'own', [{ name: 'Ada', relation: 'other' }]);
    expect(ruleWords(limited, { ...ABOUT, action: 'edit' })).toMatch(
      /^Whoever is to edit it has to see it first\. It belongs to Ada, and the profile Sales only reaches/,
    );
  });
});

describe('why somebody can', () => {
  it('names who connects them with it', () => {
    const reached = { name: 'Ada', relation: 'report', reached: true };
    expect(ruleWords(answer('owned_by_report', 'own_and_reports', [reached]), ABOUT)).toBe(
      'It belongs to Ada, who is below Valentina Weber in the roles.',
    );
    const own = answer('owned_by_subject', 'own', [{ name: null, relation: 'myself', reached: true }]);
    expect(ruleWords(own, { ...ABOUT, you: true })).toBe('It belongs to you.');
    expect(ruleWords(own, { ...ABOUT, action: 'create' })).toBe(
      'The profile Sales lets everybody on it create deals of their own.',
    );
  });

  it('says at each step what was found', () => {
    const all = answer('owned_by_anyone', 'anyone', []);
    const step = (code: string) => stepWords({ code, ok: true, detail: 'From the server.' }, all, ABOUT);
    expect(step('standing')).toBe('Valentina Weber has access now.');
    expect(step('owners')).toBe('From the server.');
  });
});
