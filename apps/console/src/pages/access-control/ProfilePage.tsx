import { Stack, Tabs, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { isGone } from '../../api/problem';
import { ErrorState } from '../../components/EmptyState';
import { PageHeader } from '../../components/PageHeader';
import { NotFoundPage } from '../../shell/NotFoundPage';
import { PageSkeleton } from '../../shell/PageSkeleton';
import { BuiltIn } from './BuiltIn';
import { CapabilitiesTab } from './CapabilitiesTab';
import { PeopleTab } from './PeopleTab';
import { PermissionsTab } from './PermissionsTab';
import { ProfileActions } from './ProfileActions';
import { ProfilePeople } from './ProfilePeople';
import { profileQuery } from './permissions';

const TABS = ['permissions', 'capabilities', 'people'];

/** One profile: which records its people reach, what they may administer, and who they are. */
export function ProfilePage() {
  const { profileId } = useParams({ strict: false }) as { profileId: string };
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  const { data: profile, error, isPending, refetch } = useQuery(profileQuery(profileId));
  if (isPending) return <PageSkeleton />;
  if (isGone(error)) return <NotFoundPage />;
  if (error && !profile) {
    return (
      <>
        <PageHeader title="Profile" crumbs={CRUMBS} />
        <ErrorState error={error} onRetry={() => void refetch()} />
      </>
    );
  }
  const tab = TABS.find((known) => known === search.tab) ?? 'permissions';
  const { id, name, built_in, capabilities } = profile.value;
  return (
    <Stack gap="md" key={id}>
      <PageHeader
        title={name}
        crumbs={CRUMBS}
        badges={built_in && <BuiltIn kind={built_in} />}
        description={<ProfilePeople profile={profile.value} full />}
        actions={<ProfileActions profile={profile.value} etag={profile.etag} spread />}
      />
      <Tabs
        value={tab}
        onChange={(to) =>
          void navigate({
            to: '.',
            replace: true,
            search: { tab: to === 'permissions' || !to ? undefined : to },
          })
        }
      >
        <Tabs.List mb="md" style={{ flexWrap: 'nowrap', overflowX: 'auto', overflowY: 'hidden' }}>
          <Tabs.Tab value="permissions">Permissions</Tabs.Tab>
          <Tabs.Tab
            value="capabilities"
            rightSection={
              <Text span fz="xs" c="dimmed" className="tabular">
                {capabilities.length}
              </Text>
            }
          >
            Capabilities
          </Tabs.Tab>
          <Tabs.Tab
            value="people"
            rightSection={
              <Text span fz="xs" c="dimmed" className="tabular">
                {profile.value.user_count.toLocaleString('en-GB')}
              </Text>
            }
          >
            People
          </Tabs.Tab>
        </Tabs.List>
        {/* Hidden tabs stay as they are: what was picked in one isn't lost by looking at another. */}
        <Tabs.Panel value="permissions">
          <PermissionsTab profile={profile.value} />
        </Tabs.Panel>
        <Tabs.Panel value="capabilities">
          <CapabilitiesTab profile={profile} />
        </Tabs.Panel>
        <Tabs.Panel value="people">{tab === 'people' && <PeopleTab profile={profile.value} />}</Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

const CRUMBS = [{ label: 'Access control', to: '/access-control' }];
