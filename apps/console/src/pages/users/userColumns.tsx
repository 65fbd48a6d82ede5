import type { User } from '../../api/schema';
import type { Column } from '../../components/DataTable';
import { DateText, RelativeTime } from '../../components/DateText';
import { PersonLink } from '../../components/PersonName';
import { StatusCell } from '../../components/StatusAndLock';
import type { OrgNames } from './orgNames';

/** Columns that are there for who asks for them. */
export const HIDDEN = ['sign_in', 'external_id', 'claimed'];

/** On a phone a card has room for less. */
export const HIDDEN_ON_PHONE = [...HIDDEN, 'license', 'created'];

/** The columns of the list of users. */
export function userColumns(names: OrgNames): Column<User>[] {
  const named = (known: ReadonlyMap<string, string>, id: string | null) =>
    id ? <span title={known.get(id)}>{known.get(id) ?? ''}</span> : <Nothing />;
  return [
    {
      key: 'user',
      title: 'User',
      sort: 'last_name',
      cell: (user) => <PersonLink person={user} />,
    },
    { key: 'status', title: 'Status', width: 148, cell: (user) => <StatusCell person={user} /> },
    { key: 'profile', title: 'Profile', width: 124, cell: (user) => named(names.profiles, user.profile_id) },
    { key: 'role', title: 'Role', width: 200, cell: (user) => named(names.roles, user.role_id) },
    { key: 'license', title: 'License', width: 100, cell: (user) => named(names.licenses, user.license_id) },
    {
      key: 'last_sign_in',
      title: 'Last sign-in',
      sort: 'last_sign_in_at',
      width: 130,
      cell: (user) => <RelativeTime value={user.last_sign_in_at} none="Never" />,
    },
    {
      key: 'created',
      title: 'Added on',
      sort: 'created_at',
      width: 120,
      cell: (user) => <DateText value={user.created_at} />,
    },
    {
      key: 'claimed',
      title: 'Claimed on',
      sort: 'claimed_at',
      width: 120,
      cell: (user) => <DateText value={user.claimed_at} none="Not yet" />,
    },
    {
      key: 'sign_in',
      title: 'Sign-in method',
      width: 130,
      cell: (user) => signInWords(user),
    },
    { key: 'external_id', title: 'External ID', width: 130, cell: (user) => user.external_id ?? <Nothing /> },
  ];
}

export function signInWords(user: User): string {
  return user.sign_in === 'sso' ? 'Single sign-on' : 'Password';
}

function Nothing() {
  return <span className="dimmed">–</span>;
}
