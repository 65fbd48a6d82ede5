import { IconAlertTriangle } from '@tabler/icons-react';
import type { Guest } from '../../api/schema';
import type { Column } from '../../components/DataTable';
import { DateText, RelativeTime } from '../../components/DateText';
import { PersonLink, PersonName } from '../../components/PersonName';
import { StatusCell } from '../../components/StatusAndLock';
import { EndsCell } from './EndsCell';
import classes from './Guests.module.css';

/** Columns that are there for who asks for them. */
export const HIDDEN = ['invited', 'reason', 'sign_in', 'external_id', 'claimed'];

/** On a phone a card has room for less. */
export const HIDDEN_ON_PHONE = [...HIDDEN, 'profile', 'role', 'license', 'last_sign_in'];

/** What the list can be ordered by. */
export const SORTS: { value: string; label: string }[] = [
  { value: '-created_at', label: 'Newest first' },
  { value: 'created_at', label: 'Oldest first' },
  { value: 'access_ends_on', label: 'Ends soonest' },
  { value: '-access_ends_on', label: 'Ends latest' },
  { value: 'last_name,first_name', label: 'Last name' },
  { value: 'first_name,last_name', label: 'First name' },
  { value: 'email', label: 'Email' },
  { value: '-last_sign_in_at', label: 'Last sign-in' },
  { value: '-claimed_at', label: 'Last claimed' },
  { value: '-updated_at', label: 'Last changed' },
];

type Names = ReadonlyMap<string, string>;

/** The columns of the list of guests. */
export function guestColumns(names: { profiles: Names; roles: Names; licenses: Names }): Column<Guest>[] {
  const named = (known: Names, id: string | null) =>
    id ? <span title={known.get(id)}>{known.get(id) ?? ''}</span> : <Nothing />;
  return [
    {
      key: 'guest',
      title: 'Guest',
      sort: 'last_name',
      cell: (guest) => <PersonLink person={guest} />,
    },
    { key: 'status', title: 'Status', width: 142, cell: (guest) => <StatusCell person={guest} /> },
    {
      key: 'ends',
      title: 'Ends on',
      sort: 'access_ends_on',
      width: 122,
      cell: (guest) => <EndsCell guest={guest} />,
    },
    {
      key: 'profile',
      title: 'Profile',
      width: 104,
      cell: (guest) => named(names.profiles, guest.profile_id),
    },
    { key: 'role', title: 'Role', width: 108, cell: (guest) => named(names.roles, guest.role_id) },
    { key: 'license', title: 'License', width: 88, cell: (guest) => named(names.licenses, guest.license_id) },
    { key: 'sponsor', title: 'Sponsor', width: 146, cell: (guest) => <SponsorCell guest={guest} /> },
    {
      key: 'last_sign_in',
      title: 'Last sign-in',
      sort: 'last_sign_in_at',
      width: 124,
      cell: (guest) => <RelativeTime value={guest.last_sign_in_at} none="Never" />,
    },
    {
      key: 'invited',
      title: 'Invited on',
      sort: 'created_at',
      width: 120,
      cell: (guest) => <DateText value={guest.created_at} />,
    },
    {
      key: 'claimed',
      title: 'Claimed on',
      sort: 'claimed_at',
      width: 120,
      cell: (guest) => <DateText value={guest.claimed_at} none="Not yet" />,
    },
    {
      key: 'reason',
      title: 'Reason',
      width: 240,
      cell: (guest) => (guest.reason ? <span title={guest.reason}>{guest.reason}</span> : <Nothing />),
    },
    {
      key: 'sign_in',
      title: 'Sign-in method',
      width: 130,
      cell: (guest) => (guest.sign_in === 'sso' ? 'Single sign-on' : 'Password'),
    },
    {
      key: 'external_id',
      title: 'External ID',
      width: 140,
      cell: (guest) => guest.external_id ?? <Nothing />,
    },
  ];
}

function Nothing() {
  return <span className="dimmed">–</span>;
}

/** Who answers for a guest; said loudly when nobody does any more. */
export function SponsorCell({ guest, link = false }: { guest: Guest; link?: boolean }) {
  if (!guest.sponsor_missing) return <PersonName id={guest.sponsor_id} link={link} />;
  return (
    <span
      className={`${classes.missing} ${classes.soon}`}
      title="The sponsor has left or was deactivated. Name a new one to extend access."
    >
      <IconAlertTriangle size={15} aria-hidden />
      Missing
    </span>
  );
}
