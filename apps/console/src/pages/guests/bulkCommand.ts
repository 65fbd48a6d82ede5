import { queryOptions } from '@tanstack/react-query';
import { bulkGuests, reinstateGuest } from '../../api/guests';
import { ApiProblem, sentence } from '../../api/problem';
import type {
  BulkError,
  BulkResult,
  Guest,
  GuestBulk,
  GuestBulkAction,
  GuestBulkArgs,
} from '../../api/schema';
import type { GuestAction, Target } from './guestActions';

/** What is filled in for a command over many guests. */
export interface BulkArguments {
  day: string | null;
  reason: string;
  profile: string | null;
  license: string | null;
  heir: string | null;
  /** For those whose sponsor is gone. */
  sponsor: string | null;
}

/** How a command over many guests is called: before, and after it was done. */
export const BULK: Partial<
  Record<
    GuestAction,
    { command: GuestBulkAction; title: string; verb: string; will: string; past: string; danger?: boolean }
  >
> = {
  extend: {
    command: 'extend',
    title: 'Change the last day',
    verb: 'Change',
    will: 'will be changed',
    past: 'have a new last day',
  },
  shorten: {
    command: 'extend',
    title: 'Change the last day',
    verb: 'Change',
    will: 'will be changed',
    past: 'have a new last day',
  },
  resend: {
    command: 'resend',
    title: 'Resend invitations',
    verb: 'Resend to',
    will: 'will get a new invitation',
    past: 'get a new invitation',
  },
  'set-profile': {
    command: 'set_profile',
    title: 'Change profile',
    verb: 'Change',
    will: 'will be changed',
    past: 'have the profile now',
  },
  'set-license': {
    command: 'set_license',
    title: 'Change license',
    verb: 'Change',
    will: 'will be changed',
    past: 'have the license now',
  },
  revoke: {
    command: 'revoke',
    title: 'Revoke access',
    verb: 'Revoke',
    will: 'will be revoked',
    past: 'are revoked',
    danger: true,
  },
  delete: {
    command: 'delete',
    title: 'Delete guests',
    verb: 'Delete',
    will: 'will be deleted',
    past: 'are deleted',
    danger: true,
  },
};

/** The command's arguments for the server; `null` while something is missing. */
export function argsOf(command: GuestBulkAction, given: BulkArguments): GuestBulkArgs | null {
  switch (command) {
    case 'extend':
      return given.day ? { access_ends_on: given.day, sponsor_id: given.sponsor } : null;
    case 'set_profile':
      return given.profile ? { profile_id: given.profile } : null;
    case 'set_license':
      return { license_id: given.license };
    case 'revoke':
      return { reason: given.reason.trim() || null };
    case 'delete':
      return given.heir ? { transfer_records_to: given.heir } : {};
    default:
      return {};
  }
}

/** What would happen, guest by guest, and nothing is changed. */
export function foreseenQuery(
  command: GuestBulkAction,
  target: Target,
  args: GuestBulkArgs | null,
  enabled: boolean,
) {
  // What the reason says changes nothing about who can be revoked.
  const counts = { ...args, reason: undefined };
  return queryOptions({
    queryKey: ['foreseen', command, whom(target), counts],
    queryFn: () => bulkGuests({ action: command, ...whom(target), args: args ?? {}, dry_run: true }),
    enabled: enabled && args !== null,
    gcTime: 0,
    staleTime: 30_000,
  });
}

function whom(target: Target): Pick<GuestBulk, 'ids' | 'filter'> {
  if (target.kind === 'matching') return { filter: target.filter };
  return { ids: guestsOf(target).map((guest) => guest.id) };
}

/** The guests that are meant, as far as they have been loaded. */
export function guestsOf(target: Target): Guest[] {
  if (target.kind === 'one') return [target.guest];
  return target.kind === 'many' ? target.guests : target.known;
}

/** So many guests are changed with one request: few enough to show how it goes on. */
const AT_ONCE = 100;

/** Changes these guests, some at a time, and tells after each request how many are through. */
export async function runInParts(
  command: GuestBulkAction,
  ids: string[],
  args: GuestBulkArgs,
  tell: (through: number) => void,
): Promise<BulkResult[]> {
  const results: BulkResult[] = [];
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    const report = await bulkGuests({ action: command, ids: ids.slice(start, start + AT_ONCE), args });
    results.push(...report.results);
    tell(results.length);
  }
  return results;
}

/** Why a guest was refused, as a sentence. */
export function refusalWords(error: BulkError | undefined): string {
  if (!error) return 'This was refused.';
  return sentence(new ApiProblem(error.status, { code: error.code, detail: error.detail }));
}

/** How many guests are put back one by one at most. */
const ONE_BY_ONE = 50;

/**
 * How to take a command back that these guests were changed by; `undefined` when it can't be, or not for all of them.
 * They are given as they were before.
 */
export function undoOf(
  command: GuestBulkAction,
  before: Guest[],
  today: string,
): (() => Promise<unknown>) | undefined {
  const stillAhead = before.every((guest) => guest.access_ends_on >= today && guest.status !== 'expired');
  switch (command) {
    case 'extend':
      return stillAhead
        ? () =>
            perValue(
              'extend',
              before,
              (g) => g.access_ends_on,
              (day) => ({ access_ends_on: day }),
            )
        : undefined;
    case 'set_profile':
      return () =>
        perValue(
          'set_profile',
          before,
          (g) => g.profile_id,
          (id) => ({ profile_id: id }),
        );
    case 'set_license':
      return () =>
        perValue(
          'set_license',
          before,
          (g) => g.license_id,
          (id) => ({ license_id: id }),
        );
    case 'revoke':
      if (!stillAhead || before.length > ONE_BY_ONE || before.some((g) => g.sponsor_missing))
        return undefined;
      return async () => {
        for (const guest of before) await reinstateGuest(guest.id, { access_ends_on: guest.access_ends_on });
      };
    default:
      return undefined;
  }
}

/** One command for all guests that had the same value before. */
async function perValue<V>(
  command: GuestBulkAction,
  guests: Guest[],
  namedValue: (guest: Guest) => V,
  args: (value: V) => GuestBulkArgs,
): Promise<void> {
  const groups = new Map<V, string[]>();
  for (const guest of guests)
    groups.set(namedValue(guest), [...(groups.get(namedValue(guest)) ?? []), guest.id]);
  for (const [value, ids] of groups) await runInParts(command, ids, args(value), () => {});
}
