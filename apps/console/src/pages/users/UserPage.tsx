import { Button, Skeleton, Stack } from '@mantine/core';
import { IconChevronDown, IconPencil, IconUserX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { fullName } from '../../api/people';
import { asProblem } from '../../api/problem';
import { profilesQuery } from '../../api/queries';
import type { User } from '../../api/schema';
import { can, useSession } from '../../api/session';
import { userQuery } from '../../api/users';
import { EmptyState, ErrorState } from '../../components/EmptyState';
import { PageHeader } from '../../components/PageHeader';
import { StatusAndLock } from '../../components/StatusAndLock';
import { SponsoredGuests } from './SponsoredGuests';
import { UserActivity } from './UserActivity';
import { UserFacts } from './UserFacts';
import { UserMenu } from './UserMenu';
import { UserOwns } from './UserOwns';
import { UserReach } from './UserReach';
import classes from './Users.module.css';
import { mayAdminister } from './userActions';
import { useUserActions } from './useUserActions';

const CRUMBS = [{ label: 'Users', to: '/users' }];

/** Everything about one user. */
export function UserPage() {
  const { userId } = useParams({ strict: false }) as { userId: string };
  const { data, error, refetch } = useQuery(userQuery(userId));
  if (data) return <Loaded key={userId} user={data.value} />;
  if (error) {
    return (
      <Stack gap="md">
        <PageHeader title="User" crumbs={CRUMBS} />
        {asProblem(error).status === 404 ? (
          <EmptyState icon={IconUserX} title="There is no such user">
            They may have been deleted, or the link is wrong.
          </EmptyState>
        ) : (
          <ErrorState error={error} onRetry={() => void refetch()} />
        )}
      </Stack>
    );
  }
  return (
    <Stack gap="md" aria-busy>
      <PageHeader title="User" crumbs={CRUMBS} />
      <Skeleton h={320} radius="md" />
    </Stack>
  );
}

function Loaded({ user }: { user: User }) {
  const session = useSession();
  const navigate = useNavigate();
  const { data: profiles = [] } = useQuery(profilesQuery);
  const manages = mayAdminister(session, profiles, user);
  const actions = useUserActions(() => void navigate({ to: '/users' }));
  const name = fullName(user);
  return (
    <Stack gap="md">
      <PageHeader
        title={name}
        crumbs={CRUMBS}
        badges={<StatusAndLock person={user} />}
        actions={
          manages && (
            <>
              <Button
                variant="default"
                leftSection={<IconPencil size={16} aria-hidden />}
                onClick={() => actions.ask('edit', user)}
              >
                Edit
              </Button>
              <UserMenu user={user} onAct={actions.ask} onOpen={actions.prepare}>
                <Button variant="default" rightSection={<IconChevronDown size={16} aria-hidden />}>
                  Actions
                </Button>
              </UserMenu>
            </>
          )
        }
      />
      <div className={classes.columns}>
        <div className={classes.stack}>
          <UserReach user={user} />
          {can(session, 'view_audit') && <UserActivity user={user} />}
        </div>
        <div className={classes.stack}>
          <UserFacts user={user} />
          {can(session, 'manage_guests') && <SponsoredGuests user={user} />}
          <UserOwns user={user} />
        </div>
      </div>
      {actions.dialogs}
    </Stack>
  );
}
