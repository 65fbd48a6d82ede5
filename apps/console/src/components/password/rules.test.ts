import { describe, expect, it } from 'vitest';
import type { PasswordPolicy } from '../../api/schema';
import { mayBeSent, type Rule, rulesFor } from './rules';

const policy: PasswordPolicy = {
  min_length: 8,
  require_upper: true,
  require_lower: true,
  require_digit: true,
  require_symbol: true,
  forbid_common: true,
};
const plain: PasswordPolicy = {
  min_length: 15,
  require_upper: false,
  require_lower: false,
  require_digit: false,
  require_symbol: false,
  forbid_common: false,
};
const nuria = { email: 'nuria.pons+acme@example.com', first_name: 'Núria', last_name: 'Pons-Vidal' };

const states = (rules: Rule[]) => Object.fromEntries(rules.map(({ code, state }) => [code, state]));
const state = (code: string, rules: Rule[]) => states(rules)[code];

describe('the password policy, as one types', () => {
  it('has nothing met at first, and says what the server will check', () => {
    expect(states(rulesFor(policy, '', nuria))).toEqual({
      too_short: 'open',
      needs_upper: 'open',
      needs_lower: 'open',
      needs_digit: 'open',
      needs_symbol: 'open',
      contains_personal_data: 'open',
      too_common: 'server',
    });
  });

  it('ticks each rule on its own', () => {
    expect(state('needs_upper', rulesFor(policy, 'Ä'))).toBe('met');
    expect(state('needs_lower', rulesFor(policy, 'ß'))).toBe('met');
    expect(state('needs_digit', rulesFor(policy, '٣'))).toBe('met');
    expect(state('needs_symbol', rulesFor(policy, ' '))).toBe('met');
    expect(state('needs_symbol', rulesFor(policy, 'aÄ3漢'))).toBe('open');
  });

  it('counts characters, not bytes or halves of them', () => {
    const eight = '🚪🚪🚪🚪🚪🚪🚪🚪';
    expect(state('too_short', rulesFor(policy, eight))).toBe('met');
    expect(rulesFor(plain, 'seven')[0]?.words).toBe('At least 15 characters; 10 to go');
  });

  it('counts what the server counts: a composed letter is one', () => {
    const decomposed = 'e\u0301'.repeat(15);
    expect(state('too_short', rulesFor(plain, decomposed))).toBe('met');
    expect(state('too_short', rulesFor(plain, decomposed.slice(0, 28)))).toBe('open');
  });

  it('speaks of the 72 bytes only to those who reach them', () => {
    expect(state('too_long', rulesFor(plain, 'a'.repeat(72)))).toBeUndefined();
    expect(state('too_long', rulesFor(plain, 'ä'.repeat(37)))).toBe('broken');
  });

  it.each([
    'my nuria.pons+acme@example.com',
    'NURIA.PONS is here to stay',
    'I am núria, hello',
    'the VIDAL family lives',
  ])('finds the name or address in %j', (password) => {
    expect(state('contains_personal_data', rulesFor(plain, password, nuria))).toBe('broken');
  });

  it('lets pieces pass that are too short to mean anything', () => {
    const bo = { email: 'bo@example.com', first_name: 'Bo', last_name: 'Li' };
    expect(state('contains_personal_data', rulesFor(plain, 'a bottle of lilac', bo))).toBe('met');
  });

  it('may be sent when all that can be known here is met', () => {
    expect(mayBeSent(rulesFor(policy, 'Seven green 1', nuria))).toBe(true);
    expect(mayBeSent(rulesFor(policy, 'seven green 1', nuria))).toBe(false);
    expect(mayBeSent(rulesFor(policy, 'Seven green 1', nuria, ['too_common']))).toBe(false);
  });
});
