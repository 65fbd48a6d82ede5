import type { UserFilter } from '../../api/users';
import type { Filter } from '../../components/ListToolbar';
import type { Search } from '../../routes';
import type { OrgNames } from './orgNames';

const STATUSES = ['active', 'invited', 'deactivated'];
const IDS = ['profile_id', 'role_id', 'license_id'] as const;
const SORT_KEYS = [
  'last_name',
  'first_name',
  'email',
  'created_at',
  'updated_at',
  'claimed_at',
  'last_sign_in_at',
];

/** The order of the list unless another one is asked for. */
export const BY_NAME = 'last_name,first_name';

/** The filters that people choose from. */
export function filtersOf(names: OrgNames): Filter[] {
  const named = (known: ReadonlyMap<string, string>) =>
    [...known].map(([value, label]) => ({ value, label }));
  return [
    {
      name: 'status',
      label: 'Status',
      several: true,
      options: STATUSES.map((value) => ({ value, label: value.charAt(0).toUpperCase() + value.slice(1) })),
    },
    { name: 'profile_id', label: 'Profile', options: named(names.profiles) },
    { name: 'role_id', label: 'Role', options: named(names.roles) },
    { name: 'license_id', label: 'License', options: named(names.licenses) },
    {
      name: 'never_signed_in',
      label: 'Never signed in',
      options: [
        { value: 'true', label: 'Yes' },
        { value: 'false', label: 'No' },
      ],
    },
  ];
}

/** What the URL asks for, as the server's filter. What makes no sense there is left out. */
export function filterOf(search: Search, q: string): UserFilter {
  const filter: UserFilter = {};
  if (q) filter.q = q;
  const statuses = String(search.status ?? '')
    .split(',')
    .filter((status) => STATUSES.includes(status));
  if (statuses.length > 0) filter.status = statuses.join(',');
  for (const name of IDS) {
    const id = search[name];
    if (typeof id === 'string' && UUID.test(id)) filter[name] = id;
  }
  const never = String(search.never_signed_in);
  if (never === 'true' || never === 'false') filter.never_signed_in = never === 'true';
  return filter;
}

/** The search with those filters only that the list is narrowed by. */
export function sensible(search: Search): Search {
  const { status, profile_id, role_id, license_id, never_signed_in } = filterOf(search, '');
  return { ...search, status, profile_id, role_id, license_id, never_signed_in };
}

/** The order that the URL asks for; by name when there is no such order. */
export function sortOf(asked: string): string {
  return asked.split(',').every((key) => SORT_KEYS.includes(key.replace(/^-/, ''))) ? asked : BY_NAME;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
