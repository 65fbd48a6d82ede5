import { readGuest, reinstateGuest } from '../../api/guests';
import { ApiProblem, asProblem, sentence } from '../../api/problem';
import type { BulkResult, Guest, GuestBulkAction, GuestBulkArgs } from '../../api/schema';
import { refusalWords, runInParts } from './bulkCommand';
import { guestsWords } from './guestActions';

/** How many guests are put back one by one at most. */
const ONE_BY_ONE = 50;
/** So many guests are asked for at once. */
const AT_ONCE = 20;

/** What a command gives that can be given back, and whether a guest still has what it gave. */
interface Undo {
  holds: (now: Guest, given: GuestBulkArgs) => boolean;
  /** Gives these back what they had; answers why some were refused, a sentence for each. */
  putBack: (guests: Before[]) => Promise<string[]>;
}

/** A guest as before the command, and the version that came of it. */
interface Before {
  guest: Guest;
  etag: string;
}

const UNDO: Partial<Record<GuestBulkAction, Undo>> = {
  extend: {
    holds: (now, given) => now.access_ends_on === given.access_ends_on,
    putBack: (guests) => perValue('extend', guests, 'access_ends_on'),
  },
  set_profile: {
    holds: (now, given) => now.profile_id === given.profile_id,
    putBack: (guests) => perValue('set_profile', guests, 'profile_id'),
  },
  set_license: {
    holds: (now, given) => now.license_id === given.license_id,
    putBack: (guests) => perValue('set_license', guests, 'license_id'),
  },
  revoke: {
    holds: (now, given) => now.status === 'revoked' && now.revoke_reason === given.reason,
    putBack: reinstateEach,
  },
};

/**
 * How to take a command back that these guests were changed by; `undefined` when it can't be, or not for all of them.
 * They are given as they were before. Those that somebody else has changed since stay as they are, which is said.
 */
export function undoOf(
  command: GuestBulkAction,
  given: GuestBulkArgs,
  before: Guest[],
  today: string,
): (() => Promise<void>) | undefined {
  const undo = UNDO[command];
  const stillAhead = before.every((guest) => guest.access_ends_on >= today && guest.status !== 'expired');
  if (!undo || ((command === 'extend' || command === 'revoke') && !stillAhead)) return undefined;
  if (command === 'revoke' && (before.length > ONE_BY_ONE || before.some((guest) => guest.sponsor_missing)))
    return undefined;
  return () => takeBack(undo, given, before);
}

async function takeBack(undo: Undo, given: GuestBulkArgs, before: Guest[]): Promise<void> {
  const untouched: Before[] = [];
  for (let start = 0; start < before.length; start += AT_ONCE) {
    const some = before.slice(start, start + AT_ONCE);
    const now = await Promise.all(some.map(({ id }) => readGuest(id).catch(goneOrThrow)));
    some.forEach((guest, index) => {
      const read = now[index];
      if (read && undo.holds(read.value, given)) untouched.push({ guest, etag: read.etag });
    });
  }
  const refused = await undo.putBack(untouched);
  const left = before.length - untouched.length + refused.length;
  if (left === 0) return;
  const taken = before.length - left;
  const words = [
    taken > 0
      ? `Taken back for ${guestsWords(taken)}, but not for ${left.toLocaleString()}.`
      : 'Not taken back.',
    ...(untouched.length < before.length ? [CHANGED_SINCE] : []),
    ...refused,
  ];
  throw new ApiProblem(409, { code: 'not_taken_back', detail: [...new Set(words)].join(' ') });
}

const CHANGED_SINCE = sentence(new ApiProblem(412, { code: 'precondition_failed' }));

function goneOrThrow(error: unknown): null {
  if (asProblem(error).status === 404) return null;
  throw error;
}

/** One command for all guests that had the same value before. */
async function perValue(
  command: GuestBulkAction,
  guests: Before[],
  field: 'access_ends_on' | 'profile_id' | 'license_id',
): Promise<string[]> {
  const groups = new Map<string | null, string[]>();
  for (const { guest } of guests) groups.set(guest[field], [...(groups.get(guest[field]) ?? []), guest.id]);
  const results: BulkResult[] = [];
  for (const [value, ids] of groups)
    results.push(...(await runInParts(command, ids, { [field]: value }, () => {})));
  return results.filter(({ status }) => status !== 'ok').map(({ error }) => refusalWords(error));
}

async function reinstateEach(guests: Before[]): Promise<string[]> {
  const refused: string[] = [];
  for (const { guest, etag } of guests) {
    try {
      await reinstateGuest(guest.id, { access_ends_on: guest.access_ends_on }, etag);
    } catch (failure) {
      const problem = asProblem(failure);
      // Without an answer nothing is known about the others either.
      if (problem.status === 0 || problem.status >= 500) throw problem;
      refused.push(sentence(problem));
    }
  }
  return refused;
}
