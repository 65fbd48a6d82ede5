import { Button } from '@mantine/core';
import { IconTableOff } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useSession } from '../../api/session';
import { EmptyState } from '../../components/EmptyState';
import { PageHeader } from '../../components/PageHeader';

/** An object that doesn't exist, or none of whose records this person's profile reaches. */
export function NoSuchObject() {
  const session = useSession();
  return (
    <>
      <PageHeader title="Records" />
      <EmptyState
        icon={IconTableOff}
        title="These records don’t exist, or aren’t for your profile"
        action={
          <Button variant="default" mt="sm" renderRoot={(props) => <Link to="/" {...props} />}>
            Go home
          </Button>
        }
      >
        Your profile, {session.profile.name}, reaches no records under this address. An administrator of{' '}
        {session.org.name} can change that.
      </EmptyState>
    </>
  );
}
