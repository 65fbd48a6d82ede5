import { Button, Group } from '@mantine/core';
import { IconEyeOff } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { CustomObject } from '../../api/schema';
import { can, useSession } from '../../api/session';
import { EmptyState } from '../../components/EmptyState';
import { PageHeader } from '../../components/PageHeader';
import { WhyButton } from '../../components/why/WhyButton';
import { copyRecordLink } from './copyRecordLink';

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

interface Props {
  objectKey: string;
  recordId: string;
  /** Unknown where the object itself is out of reach. */
  object: CustomObject | undefined;
}

/** A record that is gone or out of reach, which are the same to who asks; and how to find out more. */
export function NoSuchRecord({ objectKey, recordId, object }: Props) {
  const session = useSession();
  const others = can(session, 'manage_access');
  const known = object && ID.test(recordId);
  return (
    <>
      <PageHeader
        title="Not found"
        crumbs={object && [{ label: object.plural, to: `/records/${object.key}` }]}
      />
      <EmptyState
        icon={IconEyeOff}
        title="There is nothing here, or nothing that you may see"
        action={
          <Group gap="xs" mt="sm" justify="center">
            {known && (
              <WhyButton object={objectKey} record={recordId} subject={session.user.id}>
                {others ? 'Why can’t somebody see it?' : 'Why can’t I see it?'}
              </WhyButton>
            )}
            {!others && known && (
              <Button variant="default" onClick={() => copyRecordLink(objectKey, recordId)}>
                Copy the link
              </Button>
            )}
            {object ? (
              <Button
                variant="default"
                renderRoot={(props) => (
                  <Link to="/records/$objectKey" params={{ objectKey: object.key }} {...props} />
                )}
              >
                All {object.plural.toLowerCase()}
              </Button>
            ) : (
              <Button variant="default" renderRoot={(props) => <Link to="/" {...props} />}>
                Go home
              </Button>
            )}
          </Group>
        }
      >
        {others
          ? 'The record was deleted, or your own profile doesn’t reach it.'
          : 'The record was deleted, or it belongs to somebody whose records your profile doesn’t reach. An administrator can look up which.'}
      </EmptyState>
    </>
  );
}
