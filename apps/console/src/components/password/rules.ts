import type { PasswordPolicy } from '../../api/schema';

/*
 * The password policy as the server checks it, so that people see what is missing while they type. The server decides
 * again; only it knows which passwords are common.
 */

/** Whose password it is: their names and address must not be in it. */
export interface Owner {
  email: string;
  first_name: string;
  last_name: string;
}

/** `open`: not there yet. `met`: fine. `broken`: something must go. `server`: known after sending only. */
export type RuleState = 'open' | 'met' | 'broken' | 'server';

export interface Rule {
  /** The code under which the server refuses. */
  code: string;
  words: string;
  state: RuleState;
}

const MAX_BYTES = 72;
/** Shorter names are too likely to occur by accident. */
const MIN_PERSONAL = 4;

/** Every rule of a policy and how a password does under it. `refused`: codes that the server answered for it. */
export function rulesFor(
  policy: PasswordPolicy,
  typed: string,
  owner?: Owner,
  refused: readonly string[] = [],
): Rule[] {
  const password = normalized(typed);
  const length = [...password].length;
  const needs = (code: string, words: string, met: boolean): Rule => ({
    code,
    words,
    state: met ? 'met' : 'open',
  });
  const rules = [needs('too_short', lengthWords(policy.min_length, length), length >= policy.min_length)];
  if (policy.require_upper)
    rules.push(needs('needs_upper', 'An upper-case letter', /\p{Uppercase}/u.test(password)));
  if (policy.require_lower)
    rules.push(needs('needs_lower', 'A lower-case letter', /\p{Lowercase}/u.test(password)));
  if (policy.require_digit) rules.push(needs('needs_digit', 'A digit', /\p{N}/u.test(password)));
  if (policy.require_symbol) {
    rules.push(needs('needs_symbol', 'A symbol or space', /[^\p{Alphabetic}\p{N}]/u.test(password)));
  }
  const bytes = new TextEncoder().encode(password).length;
  if (bytes > MAX_BYTES) {
    rules.push({ code: 'too_long', words: `At most ${MAX_BYTES} bytes; this has ${bytes}`, state: 'broken' });
  }
  if (owner) {
    const found = personal(password, owner);
    const state = found ? 'broken' : length > 0 ? 'met' : 'open';
    const words = found ? `Without your name or email: “${found}” is in it` : 'Without your name or email';
    rules.push({ code: 'contains_personal_data', words, state });
  }
  if (policy.forbid_common) {
    const common = refused.includes('too_common');
    rules.push({
      code: 'too_common',
      words: common
        ? 'This one is too common or too easily guessed'
        : 'Not a common one: checked when it is set',
      state: common ? 'broken' : 'server',
    });
  }
  return rules;
}

/** Whether nothing speaks against sending it. */
export function mayBeSent(rules: readonly Rule[]): boolean {
  return rules.every(({ state }) => state === 'met' || state === 'server');
}

/** The same keys on another device should give the same password: the form that the server checks. */
function normalized(text: string): string {
  return text.normalize('NFKC');
}

function lengthWords(min: number, length: number): string {
  const short = length > 0 && length < min;
  return short ? `At least ${min} characters; ${min - length} to go` : `At least ${min} characters`;
}

/** The first piece of the owner's names or address that occurs in the password, in any case. */
function personal(password: string, owner: Owner): string | undefined {
  const lower = password.toLowerCase();
  const local = owner.email.split('@')[0] ?? '';
  const untagged = local.split('+')[0] ?? '';
  const names = [owner.first_name, owner.last_name];
  const words = names.flatMap((name) => name.split(/[\s-]+/u));
  return [owner.email, local, untagged, ...names, ...words]
    .map((piece) => normalized(piece.trim()).toLowerCase())
    .find((piece) => [...piece].length >= MIN_PERSONAL && lower.includes(piece));
}
