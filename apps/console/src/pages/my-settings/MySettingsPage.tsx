import { Anchor, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useSession } from '../../api/session';
import { ErrorState } from '../../components/EmptyState';
import { PageHeader } from '../../components/PageHeader';
import { SettingsSection } from '../../components/SettingsSection';
import { myAccountQuery } from './account';
import { ChangePasswordForm } from './ChangePasswordForm';
import { GovernedFacts } from './GovernedFacts';
import { GuestStay } from './GuestStay';
import { PersonalForm } from './PersonalForm';

/** What is mine to change, and the rest, explained. */
export function MySettingsPage() {
  const session = useSession();
  const account = useQuery(myAccountQuery);
  const me = account.data?.value;
  return (
    <Stack gap="md">
      <PageHeader title="My settings" description={`Your account at ${session.org.name}.`} />
      {account.error && !me && <ErrorState error={account.error} onRetry={() => account.refetch()} />}
      {account.isPending && (
        <Stack aria-busy="true">
          <Skeleton h={140} />
          <Skeleton h={220} />
        </Stack>
      )}
      {account.data && me && (
        <div>
          {me.access_ends_on && <GuestStay me={me} />}
          <PersonalForm key={me.id} account={account.data} />
          <SettingsSection
            title="Your place"
            description={
              <>
                Set by the people who administer {session.org.name}
                {me.kind === 'guest' && ', not by guests themselves'}.
              </>
            }
          >
            <GovernedFacts me={me} />
          </SettingsSection>
          {me.sign_in === 'password' && (
            <SettingsSection title="Password" description="Changing it signs you out everywhere else.">
              <ChangePasswordForm me={me} />
            </SettingsSection>
          )}
          <SettingsSection title="API tokens" description="For programs that work in your name.">
            <Text fz="sm">
              A token lets a script do what you may do, without your password.{' '}
              <Anchor inherit underline="always" renderRoot={(props) => <Link to="/api-tokens" {...props} />}>
                Manage your API tokens
              </Anchor>
            </Text>
          </SettingsSection>
        </div>
      )}
    </Stack>
  );
}
