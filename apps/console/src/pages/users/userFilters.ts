import type { UserFilter } from '../../api/users';
import type { Filter } from '../../components/ListToolbar';
import type { Search } from '../../routes';
import type { OrgNames } from './orgNames';

const STATUSES = ['active', 'invited', 'deactivated'];
const IDS = ['profile_id', 'role_id', 'license_id'] as const;

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

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
