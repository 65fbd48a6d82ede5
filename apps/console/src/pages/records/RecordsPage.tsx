import { Button, Skeleton } from '@mantine/core';
import { IconPlus, IconSettings } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { asProblem } from '../../api/problem';
import { objectQuery } from '../../api/records';
import type { CustomObject } from '../../api/schema';
import { can, canAny, useSession } from '../../api/session';
import { article } from '../../components/article';
import { ErrorState } from '../../components/EmptyState';
import { ListPage } from '../../components/ListPage';
import { PageHeader } from '../../components/PageHeader';
import { WhyButton } from '../../components/why/WhyButton';
import { NoSuchObject } from './NoSuchObject';
import { RecordList } from './RecordList';

const AddRecordDrawer = lazy(() =>
  import('./AddRecordDrawer').then((module) => ({ default: module.AddRecordDrawer })),
);

/** The records of one object that this person may see. */
export function RecordsPage() {
  const { objectKey } = useParams({ strict: false });
  const object = useQuery({ ...objectQuery(objectKey ?? ''), retry: false });
  if (object.error && asProblem(object.error).status === 404) return <NoSuchObject />;
  if (!object.data) {
    // Once there is something, it stays: what couldn't be asked again is no reason to take away what is being typed.
    if (object.error) return <ErrorState error={object.error} onRetry={() => void object.refetch()} />;
    return (
      <ListPage>
        <PageHeader title="Records" />
        <Skeleton h={36} maw={420} aria-busy />
        <Skeleton flex={1} mih={280} />
      </ListPage>
    );
  }
  // What is picked and typed for one object means nothing to the next.
  return <Records key={object.data.value.key} object={object.data.value} />;
}

function Records({ object }: { object: CustomObject }) {
  const session = useSession();
  const [adding, setAdding] = useState(false);
  const others = can(session, 'manage_access');
  const singular = object.singular.toLowerCase();
  return (
    <ListPage>
      <PageHeader
        title={object.plural}
        actions={
          <>
            {canAny(session, ['manage_objects', 'manage_access']) && (
              <Button
                variant="default"
                leftSection={<IconSettings size={18} aria-hidden />}
                renderRoot={(props) => (
                  <Link to="/objects/$objectKey" params={{ objectKey: object.key }} {...props} />
                )}
              >
                Fields
              </Button>
            )}
            <WhyButton object={object.key}>
              {others
                ? `Why can’t someone see ${article(singular)} ${singular}?`
                : `Why can’t I see ${article(singular)} ${singular}?`}
            </WhyButton>
            {object.can.create && (
              <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setAdding(true)}>
                Add {article(singular)} {singular}
              </Button>
            )}
          </>
        }
      />
      <RecordList object={object} onAdd={object.can.create ? () => setAdding(true) : undefined} />
      {adding && (
        <Suspense fallback={null}>
          <AddRecordDrawer object={object} onClose={() => setAdding(false)} />
        </Suspense>
      )}
    </ListPage>
  );
}
