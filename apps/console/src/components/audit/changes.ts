import type { AuditEvent } from '../../api/schema';
import { ACTIONS, LEVELS } from '../../pages/access-control/levels';

/** One field of an event: before and after, or only something that is told. */
export interface FieldChange {
  /** Where it stands: `access_ends_on`, `password_policy.min_length`, `deal.view`. */
  path: string;
  label: string;
  /** `undefined`: it isn't a change but a fact, and `after` tells it. */
  before: unknown;
  after: unknown;
  isFact: boolean;
}

const LABELS: Record<string, string> = {
  access_ends_on: 'Last day',
  claim_link_ttl_hours: 'Invitation links work for (hours)',
  claimed_at: 'Joined',
  code: 'Why',
  default: 'Value to begin with',
  deliver: 'Sent by',
  external_id: 'External ID',
  forbid_common: 'Common passwords refused',
  guest_access: 'Guests are let in',
  guest_max_days: 'Longest access (days)',
  guests_may_use_passwords: 'Guests may use passwords',
  holds: 'In force',
  ip: 'Address',
  license_id: 'License',
  locale: 'Language',
  mail_queued: 'Mail sent',
  min_length: 'Shortest password',
  parent_id: 'Role above',
  profile_id: 'Profile',
  require_digit: 'Needs a digit',
  require_lower: 'Needs a lower-case letter',
  require_symbol: 'Needs a symbol',
  require_upper: 'Needs an upper-case letter',
  role_id: 'User role',
  route: 'Asked for',
  session_hours: 'Sessions last (hours)',
  session_id: 'Session',
  sponsor_id: 'Sponsor',
  transfer_records_to: 'Records go to',
};

/** What a field is called: `access_ends_on` → "Last day", `sponsor_missing` → "Sponsor missing". */
export function fieldLabel(name: string): string {
  const known = LABELS[name];
  if (known) return known;
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * The changes of an event, flat: one row for each field that differs.
 *
 * Permissions stand there in the words of the matrix; `objects` says what objects are called there, by key.
 */
export function changesOf(
  event: Pick<AuditEvent, 'changes'>,
  objects: ReadonlyMap<string, string> = new Map(),
): FieldChange[] {
  return flat(event.changes as Record<string, unknown>, []).map(
    (change) => permission(change, objects) ?? change,
  );
}

/** `deal.view` from one level to another, in the words of the matrix; `null` for anything else. */
function permission(change: FieldChange, objects: ReadonlyMap<string, string>): FieldChange | null {
  const [object, key, ...rest] = change.path.split('.');
  const action = ACTIONS.find((known) => known.key === key);
  const before = LEVELS.find(({ level }) => level === change.before);
  const after = LEVELS.find(({ level }) => level === change.after);
  if (!object || !action || rest.length > 0 || !before || !after) return null;
  return {
    ...change,
    label: `${objects.get(object) ?? fieldLabel(object)} › ${action.title}`,
    before: before.title,
    after: after.title,
  };
}

function flat(fields: Record<string, unknown>, path: string[]): FieldChange[] {
  return Object.entries(fields).flatMap(([name, value]) => {
    const at = [...path, name];
    if (isPair(value)) return pair(value, at);
    // Permissions: the object, then the action, then before and after.
    if (isGroup(value)) return flat(value, at);
    return [{ path: at.join('.'), label: labelOf(at), before: undefined, after: value, isFact: true }];
  });
}

function pair({ before, after }: { before: unknown; after: unknown }, at: string[]): FieldChange[] {
  if (isGroup(before) && isGroup(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) =>
      same(before[name], after[name])
        ? []
        : pair({ before: before[name], after: after[name] }, [...at, name]),
    );
  }
  return same(before, after) && before === null
    ? []
    : [{ path: at.join('.'), label: labelOf(at), before, after, isFact: false }];
}

function labelOf(path: string[]): string {
  return path.map(fieldLabel).join(' › ');
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPair(value: unknown): value is { before: unknown; after: unknown } {
  return isGroup(value) && 'before' in value && 'after' in value;
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** What was before and after in one field of an event. */
export function changeOf(
  event: Pick<AuditEvent, 'changes'>,
  name: string,
): { before: unknown; after: unknown } {
  const value = (event.changes as Record<string, unknown>)[name];
  return isPair(value) ? value : { before: undefined, after: value };
}
