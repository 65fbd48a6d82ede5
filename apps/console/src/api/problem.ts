import type { Problem, ProblemField } from './schema';

/** An answer of the server that isn't a success, or no answer at all (`status` 0). */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: ProblemField[];
  readonly requestId: string | undefined;
  readonly body: Partial<Problem>;
  /** After how many seconds to try again, where the server says so. */
  readonly retryAfter: number | undefined;

  constructor(status: number, body: Partial<Problem>, retryAfter?: number) {
    super(body.detail ?? body.title ?? 'Something went wrong.');
    this.name = 'ApiProblem';
    this.status = status;
    this.code = body.code ?? (status === 0 ? 'offline' : 'unknown');
    this.fields = body.errors ?? [];
    this.requestId = body.request_id;
    this.body = body;
    this.retryAfter = retryAfter;
  }

  static offline(): ApiProblem {
    return new ApiProblem(0, { code: 'offline' });
  }
}

/** What is thrown, as a problem. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  // What `fetch` throws when nothing answered.
  if (error instanceof TypeError) return ApiProblem.offline();
  return new ApiProblem(500, { code: 'internal', detail: String(error) });
}

/** Words for codes where what the server says can be said more helpfully here. */
const SENTENCES: Record<string, string> = {
  offline: 'The server can’t be reached. Check your connection and try again.',
  internal: 'The server made a mistake. Nothing was changed; please try again.',
  unavailable: 'The server is busy right now. Please try again in a moment.',
  too_many_requests: 'Too many tries. Please wait a minute before the next one.',
  not_found: 'This doesn’t exist, or you may not see it.',
  precondition_failed: 'Somebody else changed this meanwhile.',
  capability_missing: 'Your profile doesn’t allow this.',
  not_permitted: 'You may see this record but not change it.',
  no_seats_left: 'This license has no seats left. Pick another one, or free a seat.',
  sponsor_missing: 'The sponsor is gone. Name a new sponsor first.',
  last_admin: 'This would leave the organization without an active Admin.',
  email_taken: 'Somebody in your organization already has this email.',
  email_reserved:
    'This email belonged to a person of the other kind. Guests and users never convert; use another email.',
  own_access_fixed: 'You can’t change your own profile or role. Another Admin can.',
  subject_outranks_actor:
    'This person may do more than you, so only somebody who may do as much can change them.',
  admin_only: 'Only Admins can give or take the Admin profile.',
  license_in_use:
    'People are still on this license, perhaps some without access at present. Give them another one first.',
  role_cycle: 'A role can’t be placed below itself.',
  guest_revoked: 'Access is revoked. Reinstate the guest instead.',
  end_date_beyond_cap: 'This is later than your organization allows.',
  end_date_in_past: 'This day is over. To end access now, revoke it.',
  value_not_unique: 'Another record already has this value.',
};

/** What went wrong, as a sentence for people. */
export function sentence(error: unknown): string {
  const problem = asProblem(error);
  const known = SENTENCES[problem.code];
  if (known) return known;
  return asSentence(problem.message);
}

/** A message of the server with a capital and a full stop. */
export function asSentence(text: string): string {
  const trimmed = text.trim();
  if (!trimmed) return 'Something went wrong.';
  const capital = trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?…]$/.test(capital) ? capital : `${capital}.`;
}

/** The form's path for a JSON pointer: `/fields/amount` → `fields.amount`. */
export function pathOf(pointer: string): string {
  return pointer
    .replace(/^[/?]/, '')
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .join('.');
}

/** A form as far as problems are concerned; every Mantine form is one. */
interface ErrorTarget {
  setFieldError: (path: string, error: string) => void;
  getValues: () => object;
}

/**
 * Puts each blamed value's sentence at its field and answers what is left to be said above the form, or `null`.
 *
 * `rename` maps a pointer's path to a field of another name.
 */
export function applyProblem(
  form: ErrorTarget,
  error: unknown,
  rename: Record<string, string> = {},
): string | null {
  const problem = asProblem(error);
  const left: string[] = [];
  const values = form.getValues() as Record<string, unknown>;
  for (const field of problem.fields) {
    const path = rename[pathOf(field.pointer)] ?? pathOf(field.pointer);
    const words = SENTENCES[field.code] ?? asSentence(field.detail);
    if (has(values, path)) form.setFieldError(path, words);
    else left.push(words);
  }
  if (problem.fields.length === 0) return sentence(problem);
  return left.length > 0 ? [...new Set(left)].join(' ') : null;
}

function has(values: Record<string, unknown>, path: string): boolean {
  let at: unknown = values;
  for (const part of path.split('.')) {
    if (typeof at !== 'object' || at === null || !(part in at)) return false;
    at = (at as Record<string, unknown>)[part];
  }
  return true;
}

/** Whether there is no such thing. Ids that can't be ids are refused as such; to people it is the same. */
export function isGone(error: unknown): boolean {
  return Boolean(error) && [404, 400].includes(asProblem(error).status);
}
