import { Badge, Button, Group, Text } from '@mantine/core';
import { IconListCheck, IconPlus, IconShieldLock } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useState } from 'react';
import { profilesQuery } from '../../api/queries';
import type { Profile } from '../../api/schema';
import { can, useSession } from '../../api/session';
import { type Column, DataTable } from '../../components/DataTable';
import { RelativeTime } from '../../components/DateText';
import { EmptyState } from '../../components/EmptyState';
import { ListPage } from '../../components/ListPage';
import { ListToolbar } from '../../components/ListToolbar';
import { PageHeader } from '../../components/PageHeader';
import type { List } from '../../components/useList';
import { useListState } from '../../components/useListState';
import { BuiltIn } from './BuiltIn';
import { capabilityTitle } from './capabilities';
import { ProfileActions } from './ProfileActions';
import { ProfilePeople } from './ProfilePeople';
import classes from './ProfilesPage.module.css';

const AddProfileDrawer = lazy(() =>
  import('./AddProfileDrawer').then((m) => ({ default: m.AddProfileDrawer })),
);
const SetManyDialog = lazy(() => import('./SetManyDialog').then((m) => ({ default: m.SetManyDialog })));

const COLUMNS: Column<Profile>[] = [
  {
    key: 'name',
    title: 'Profile',
    sort: 'name',
    width: 250,
    cell: (profile) => (
      <Group gap="xs" wrap="nowrap" miw={0}>
        <Link to="/access-control/$profileId" params={{ profileId: profile.id }} className={classes.name}>
          {profile.name}
        </Link>
        {profile.built_in && <BuiltIn kind={profile.built_in} />}
      </Group>
    ),
  },
  {
    key: 'people',
    title: 'People',
    sort: 'user_count',
    width: 190,
    cell: (profile) => <ProfilePeople profile={profile} />,
  },
  { key: 'capabilities', title: 'May administer', cell: (profile) => <Capabilities profile={profile} /> },
  {
    key: 'updated_at',
    title: 'Changed',
    sort: 'updated_at',
    width: 150,
    cell: (profile) => <RelativeTime value={profile.updated_at} />,
  },
];

/** Every profile of the organization. There are few enough to have them all here, sort and search them. */
export function ProfilesPage() {
  const session = useSession();
  const navigate = useNavigate();
  const state = useListState({ sort: 'name' });
  const profiles = useQuery(profilesQuery);
  const [open, setOpen] = useState<'add' | 'many' | null>(null);
  const shown = useMemo(
    () => narrowed(profiles.data ?? [], state.q, state.sort),
    [profiles.data, state.q, state.sort],
  );
  const list: List<Profile> = {
    items: shown,
    total: profiles.data && shown.length,
    isPending: profiles.isPending,
    isStale: false,
    error: profiles.error,
    hasMore: false,
    isLoadingMore: false,
    loadMore: () => {},
    retry: () => void profiles.refetch(),
  };
  const editable = can(session, 'manage_access');
  return (
    <ListPage>
      <PageHeader
        title="Access control"
        description="A profile says whose records its people reach, and what they may administer."
        actions={
          editable && (
            <>
              <Button
                variant="default"
                leftSection={<IconListCheck size={16} aria-hidden />}
                onClick={() => setOpen('many')}
              >
                Set many at once
              </Button>
              <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setOpen('add')}>
                Add a profile
              </Button>
            </>
          )
        }
      />
      <ListToolbar
        state={state}
        placeholder="Search profiles"
        columns={COLUMNS.slice(1)}
        total={list.total}
        noun={['profile', 'profiles']}
      />
      <DataTable
        label="Profiles"
        list={list}
        columns={COLUMNS}
        hidden={state.hidden}
        idOf={(profile) => profile.id}
        nameOf={(profile) => profile.name}
        sort={state.sort}
        onSort={state.setSort}
        onOpen={({ id }) => void navigate({ to: '/access-control/$profileId', params: { profileId: id } })}
        actions={editable ? (profile) => <ProfileActions profile={profile} /> : undefined}
        empty={
          <EmptyState icon={IconShieldLock} title="No profile found">
            No profile is called “{state.q}”.
          </EmptyState>
        }
      />
      <Suspense fallback={null}>
        {open === 'add' && <AddProfileDrawer onClose={() => setOpen(null)} />}
        {open === 'many' && <SetManyDialog onClose={() => setOpen(null)} />}
      </Suspense>
    </ListPage>
  );
}

const KEYS = ['name', 'user_count', 'updated_at'] as const;

function narrowed(profiles: readonly Profile[], q: string, sort: string): Profile[] {
  const down = sort.startsWith('-');
  const key = KEYS.find((known) => known === sort.replace(/^-/, '')) ?? 'name';
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  return profiles
    .filter((profile) => words.every((word) => profile.name.toLowerCase().includes(word)))
    .sort((a, b) => {
      const order = key === 'user_count' ? a[key] - b[key] : a[key].localeCompare(b[key]);
      return (down ? -order : order) || a.name.localeCompare(b.name);
    });
}

/** How many capabilities fit beside each other before they are only counted. */
const FIT = 3;

function Capabilities({ profile }: { profile: Profile }) {
  const { capabilities, built_in } = profile;
  if (built_in === 'admin') return <Text fz="sm">Everything</Text>;
  if (capabilities.length === 0)
    return (
      <Text fz="sm" c="dimmed">
        Nothing
      </Text>
    );
  const rest = capabilities.slice(FIT);
  return (
    <Group gap={6} wrap="nowrap" className={classes.chips}>
      {capabilities.slice(0, FIT).map((key) => (
        <Badge key={key} variant="default" tt="none" fw={500}>
          {capabilityTitle(key)}
        </Badge>
      ))}
      {rest.length > 0 && (
        <Text fz="xs" c="dimmed" title={rest.map(capabilityTitle).join(', ')}>
          +{rest.length} more
        </Text>
      )}
    </Group>
  );
}
