import type { GuestFilter } from '../../api/schema';
import type { Filter } from '../../components/ListToolbar';
import type { Search } from '../../routes';
import { addDays } from './orgDays';

/** What the list of guests can be narrowed by, as parameters in the URL. */
export const FILTERS = [
  'status',
  'ends',
  'profile_id',
  'role_id',
  'license_id',
  'sponsor_id',
  'sponsor_missing',
  'never_signed_in',
] as const;

/** When access ends, said so that a bookmarked list still means the same tomorrow. */
const ENDS: Record<string, { label: string; days: number }> = {
  today: { label: 'Today', days: 1 },
  week: { label: 'This week', days: 7 },
  month: { label: 'Within 30 days', days: 30 },
};

interface Named {
  id: string;
  name: string;
}

/** The filters that people choose from. */
export function filtersOf(known: {
  profiles: Named[];
  roles: Named[];
  licenses: Named[];
  sponsors: Named[];
}): Filter[] {
  const named = (things: Named[]) => things.map(({ id, name }) => ({ value: id, label: name }));
  return [
    {
      name: 'status',
      label: 'Status',
      several: true,
      options: ['active', 'invited', 'expired', 'revoked'].map((value) => ({
        value,
        label: value.charAt(0).toUpperCase() + value.slice(1),
      })),
    },
    {
      name: 'ends',
      label: 'Ends',
      options: Object.entries(ENDS).map(([value, { label }]) => ({ value, label })),
    },
    { name: 'profile_id', label: 'Profile', options: named(known.profiles) },
    { name: 'role_id', label: 'Role', options: named(known.roles) },
    { name: 'license_id', label: 'License', options: named(known.licenses) },
    { name: 'sponsor_id', label: 'Sponsor', options: named(known.sponsors) },
    { name: 'sponsor_missing', label: 'Sponsor missing', options: YES_NO },
    { name: 'never_signed_in', label: 'Never signed in', options: YES_NO },
  ];
}

const YES_NO = [
  { value: 'true', label: 'Yes' },
  { value: 'false', label: 'No' },
];

/** What the URL asks for, as the server's filter. What makes no sense there is left out. */
export function filterOf(search: Search, q: string, today: string): GuestFilter {
  const filter: GuestFilter = {};
  const text = (name: string) => (search[name] === undefined ? undefined : String(search[name]));
  if (q) filter.q = q;
  const status = text('status');
  if (status) filter.status = status;
  for (const name of ['profile_id', 'role_id', 'license_id', 'sponsor_id'] as const) {
    const id = text(name);
    if (id) filter[name] = id;
  }
  for (const name of ['sponsor_missing', 'never_signed_in'] as const) {
    const flag = text(name);
    if (flag === 'true' || flag === 'false') filter[name] = flag === 'true';
  }
  const ends = ENDS[text('ends') ?? ''];
  if (ends) {
    filter.ends_after = addDays(today, -1);
    filter.ends_before = addDays(today, ends.days);
  }
  return filter;
}
