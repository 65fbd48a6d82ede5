import { Button } from '@mantine/core';
import { IconDoorOff } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { EmptyState } from '../components/EmptyState';
import { PageHeader } from '../components/PageHeader';

/** Nothing under this address. */
export function NotFoundPage() {
  return (
    <>
      <PageHeader title="Not found" />
      <EmptyState
        icon={IconDoorOff}
        title="There is nothing here, or nothing that you may see"
        action={
          <Button variant="default" mt="sm" renderRoot={(props) => <Link to="/" {...props} />}>
            Go home
          </Button>
        }
      >
        The link may be old, or what it led to is gone.
      </EmptyState>
    </>
  );
}
