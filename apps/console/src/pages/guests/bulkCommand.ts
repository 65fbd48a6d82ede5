import { queryOptions } from '@tanstack/react-query';
import { everyItem } from '../../api/client';
import { bulkGuests, guestsPage } from '../../api/guests';
import { ApiProblem, sentence } from '../../api/problem';
import type {
  BulkError,
  BulkResult,
  Guest,
  GuestBulk,
  GuestBulkAction,
  GuestBulkArgs,
} from '../../api/schema';
import { type GuestAction, guestsOf, guestsWords, type Target } from './guestActions';
import type { Plan } from './lastDays';
import { addDays } from './orgDays';

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
    {
      command: GuestBulkAction;
      title: string;
      verb: string;
      will: string;
      past: [one: string, many: string];
      danger?: boolean;
    }
  >
> = {
  extend: {
    command: 'extend',
    title: 'Change the last day',
    verb: 'Extend',
    will: 'will be extended',
    past: ['has a new last day', 'have a new last day'],
  },
  resend: {
    command: 'resend',
    title: 'Resend invitations',
    verb: 'Resend to',
    will: 'will get a new invitation',
    past: ['gets a new invitation', 'get a new invitation'],
  },
  'set-profile': {
    command: 'set_profile',
    title: 'Change profile',
    verb: 'Change',
    will: 'will be changed',
    past: ['has the profile now', 'have the profile now'],
  },
  'set-license': {
    command: 'set_license',
    title: 'Change license',
    verb: 'Change',
    will: 'will be changed',
    past: ['has the license now', 'have the license now'],
  },
  revoke: {
    command: 'revoke',
    title: 'Revoke access',
    verb: 'Revoke',
    will: 'will be revoked',
    past: ['is revoked', 'are revoked'],
    danger: true,
  },
  delete: {
    command: 'delete',
    title: 'Delete guests',
    verb: 'Delete',
    will: 'will be deleted',
    past: ['is deleted', 'are deleted'],
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

/** What the button says that runs a command: what will be done, and to how many. */
export function buttonWords(command: GuestBulkAction, verb: string, { ids, turns }: Plan): string {
  if (command !== 'extend') return ids.length > 0 ? `${verb} ${guestsWords(ids.length)}` : verb;
  const longer = turns.longer.length;
  const shorter = ids.length - longer;
  if (longer === 0) return shorter > 0 ? `Shorten ${guestsWords(shorter)}` : verb;
  const more = shorter > 0 ? ` and shorten ${shorter.toLocaleString()}` : '';
  return `${verb} ${guestsWords(longer)}${more}`;
}

/** What would happen to whom. */
export interface Foreseen {
  results: BulkResult[];
  /** Those of them whose access doesn't end before the new last day, where there is one. */
  late: Guest[] | null;
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
    queryFn: async (): Promise<Foreseen> => {
      const day = command === 'extend' ? args?.access_ends_on : null;
      const [{ results }, late] = await Promise.all([
        bulkGuests({ action: command, ...whom(target), args: args ?? {}, dry_run: true }),
        day ? endingFrom(day, target) : null,
      ]);
      return { results, late };
    },
    enabled: enabled && args !== null,
    gcTime: 0,
    staleTime: 30_000,
  });
}

/** Those of the guests whose access ends on that day or after it, also when they haven't been loaded. */
async function endingFrom(day: string, target: Target): Promise<Guest[]> {
  if (target.kind !== 'matching' || target.known.length >= target.total)
    return guestsOf(target).filter((guest) => guest.access_ends_on >= day);
  const [filter, before] = [target.filter, addDays(day, -1)];
  const after = filter.ends_after && filter.ends_after > before ? filter.ends_after : before;
  return everyItem((cursor) => guestsPage({ ...filter, ends_after: after }, { cursor, limit: 200 }));
}

function whom(target: Target): Pick<GuestBulk, 'ids' | 'filter'> {
  if (target.kind === 'matching') return { filter: target.filter };
  return { ids: guestsOf(target).map((guest) => guest.id) };
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
