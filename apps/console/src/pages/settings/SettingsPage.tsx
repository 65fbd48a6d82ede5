import { Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ErrorState } from '../../components/EmptyState';
import { PageHeader } from '../../components/PageHeader';
import { OrgForm } from './OrgForm';
import { orgSettingsQuery } from './org';

/** The organization: its name, its days, its passwords, its guests. */
export function SettingsPage() {
  const org = useQuery(orgSettingsQuery);
  return (
    <Stack gap="md">
      <PageHeader
        title="Organization settings"
        description="They hold for everybody, from the next request on."
      />
      {org.error && !org.data && <ErrorState error={org.error} onRetry={() => org.refetch()} />}
      {org.isPending && (
        <Stack aria-busy="true">
          <Skeleton h={140} />
          <Skeleton h={260} />
          <Skeleton h={180} />
        </Stack>
      )}
      {org.data && <OrgForm key={org.data.value.id} org={org.data} />}
    </Stack>
  );
}
