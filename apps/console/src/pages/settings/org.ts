import { queryOptions } from '@tanstack/react-query';
import { api, ifMatch, type Versioned, versioned } from '../../api/client';
import type { Org, OrgPatch } from '../../api/schema';

/** The organization with its version, for changing it. */
export const orgSettingsQuery = queryOptions({
  queryKey: ['org', 'versioned'],
  queryFn: async () => (await versioned(api.GET('/api/v1/org'))) as Versioned<Org>,
});

/** Changes settings; on a certain version of them, where one is given. */
export async function changeOrg(patch: Omit<OrgPatch, 'sso'>, etag?: string): Promise<Versioned<Org>> {
  // What single sign-on will look like is open, and the client's types make nothing of an open object.
  const body = patch as never;
  return (await versioned(api.PATCH('/api/v1/org', { body, headers: ifMatch(etag) }))) as Versioned<Org>;
}

/** What the form of the page holds; guest access has a switch of its own. */
export function valuesOf(org: Org) {
  const { name, time_zone, claim_link_ttl_hours, guest_max_days, session_hours, guests_may_use_passwords } =
    org;
  const { min_length, require_upper, require_lower, require_digit, require_symbol, forbid_common } =
    org.password_policy;
  return {
    name,
    time_zone,
    claim_link_ttl_hours,
    guest_max_days,
    session_hours,
    guests_may_use_passwords,
    password_policy: {
      min_length,
      require_upper,
      require_lower,
      require_digit,
      require_symbol,
      forbid_common,
    },
  };
}

export type OrgValues = ReturnType<typeof valuesOf>;

const LABELS: Record<string, string> = {
  name: 'Name',
  time_zone: 'Time zone',
  claim_link_ttl_hours: 'Invitation links work for',
  guest_max_days: 'Longest access',
  session_hours: 'Sessions last',
  guests_may_use_passwords: 'Guests may use passwords',
  'password_policy.min_length': 'Shortest password',
  'password_policy.require_upper': 'Upper-case letter',
  'password_policy.require_lower': 'Lower-case letter',
  'password_policy.require_digit': 'Digit',
  'password_policy.require_symbol': 'Symbol',
  'password_policy.forbid_common': 'Common passwords refused',
};

/** The words for a setting. */
export function settingLabel(path: string): string {
  return LABELS[path] ?? path;
}
