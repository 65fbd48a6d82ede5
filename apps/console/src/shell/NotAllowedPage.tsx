import { Button } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useSession } from '../api/session';
import { EmptyState } from '../components/EmptyState';
import { PageHeader } from '../components/PageHeader';

/** A page that this person's profile doesn't open. */
export function NotAllowedPage() {
  const session = useSession();
  return (
    <>
      <PageHeader title="Not for your profile" />
      <EmptyState
        icon={IconLock}
        title="You can’t open this page"
        action={
          <Button variant="default" mt="sm" renderRoot={(props) => <Link to="/" {...props} />}>
            Go home
          </Button>
        }
      >
        Your profile, {session.profile.name}, doesn’t include it. An administrator of {session.org.name} can
        change that.
      </EmptyState>
    </>
  );
}
