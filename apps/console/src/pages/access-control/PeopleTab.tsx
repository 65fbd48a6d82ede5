import { Group, SegmentedControl, Stack } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { api, data } from '../../api/client';
import { fullName } from '../../api/people';
import type { Guest, Profile, User } from '../../api/schema';
import { can, useSession } from '../../api/session';
import { usersPage } from '../../api/users';
import { type Column, DataTable } from '../../components/DataTable';
import { RelativeTime } from '../../components/DateText';
import { EmptyState } from '../../components/EmptyState';
import { SearchBox } from '../../components/ListToolbar';
import { PersonLink } from '../../components/PersonName';
import { StatusCell } from '../../components/StatusAndLock';
import { useList } from '../../components/useList';
import { useListState } from '../../components/useListState';

type Person = User | Guest;

/** Who is on a profile: users, and guests for those who look after guests. */
export function PeopleTab({ profile }: { profile: Profile }) {
  const session = useSession();
  const state = useListState({ sort: 'last_name' });
  const seesGuests = can(session, 'manage_guests');
  const guests = seesGuests && state.search.kind === 'guest';
  return (
    <Stack gap="md" h={{ sm: 'max(420px, calc(100dvh - 250px))' }}>
      <Group gap="xs">
        <SearchBox value={state.q} onChange={(q) => state.set({ q })} placeholder="Search by name or email" />
        {seesGuests && (
          <SegmentedControl
            aria-label="Which people"
            value={guests ? 'guest' : 'standard'}
            onChange={(kind) => state.set({ kind: kind === 'guest' ? kind : undefined })}
            data={[
              { value: 'standard', label: 'Users' },
              { value: 'guest', label: 'Guests' },
            ]}
          />
        )}
      </Group>
      <People
        key={String(guests)}
        profile={profile}
        guests={guests}
        q={state.q}
        sort={state.sort}
        onSort={state.setSort}
      />
    </Stack>
  );
}

interface Props {
  profile: Profile;
  guests: boolean;
  q: string;
  sort: string;
  onSort: (sort: string) => void;
}

function People({ profile, guests, q, sort, onSort }: Props) {
  const navigate = useNavigate();
  const kind = guests ? 'guests' : 'users';
  const list = useList<Person>([kind, 'on-profile', profile.id, q, sort], (cursor, count) => {
    const query = { profile_id: profile.id, q: q || undefined, sort, limit: 50, cursor, count };
    return guests
      ? data(api.GET('/api/v1/guests', { params: { query } }))
      : usersPage({ profile_id: profile.id, q: query.q }, { sort, limit: 50, cursor, count });
  });
  const columns: Column<Person>[] = [
    {
      key: 'name',
      title: 'Name',
      sort: 'last_name',
      cell: (person) => <PersonLink person={person} />,
    },
    { key: 'status', title: 'Status', width: 150, cell: (person) => <StatusCell person={person} /> },
    {
      key: 'last_sign_in_at',
      title: 'Last sign-in',
      sort: 'last_sign_in_at',
      width: 170,
      cell: (person) => <RelativeTime value={person.last_sign_in_at} none="Never" />,
    },
  ];
  const noun = guests ? 'guest' : 'user';
  return (
    <DataTable
      label={guests ? 'Guests on this profile' : 'Users on this profile'}
      list={list}
      columns={columns}
      idOf={(person) => person.id}
      nameOf={fullName}
      sort={sort}
      onSort={onSort}
      onOpen={({ id }) =>
        void (guests
          ? navigate({ to: '/guests/$guestId', params: { guestId: id } })
          : navigate({ to: '/users/$userId', params: { userId: id } }))
      }
      empty={
        q ? (
          <EmptyState title={`No ${noun} found`}>
            Nobody on {profile.name} matches “{q}”.
          </EmptyState>
        ) : (
          <EmptyState icon={IconUsers} title={`No ${noun} is on ${profile.name}`}>
            Profiles are given on the page of a {noun}.
          </EmptyState>
        )
      }
    />
  );
}
