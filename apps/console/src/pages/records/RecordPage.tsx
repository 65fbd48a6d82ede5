import { ActionIcon, Badge, Box, Menu, Skeleton, Stack, Tabs } from '@mantine/core';
import { IconDots, IconEye, IconHistory, IconLink, IconListDetails } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { isGone } from '../../api/problem';
import { type NamedRecord, objectQuery, recordQuery } from '../../api/records';
import type { CustomObject } from '../../api/schema';
import { can, useSession } from '../../api/session';
import { DeleteItem } from '../../components/DeleteItem';
import { ErrorState } from '../../components/EmptyState';
import { recordTitle } from '../../components/fields/fieldTypes';
import { PageHeader } from '../../components/PageHeader';
import { useListState } from '../../components/useListState';
import { WhyButton } from '../../components/why/WhyButton';
import { copyRecordLink } from './copyRecordLink';
import { NoSuchRecord } from './NoSuchRecord';
import { RecordDetails } from './RecordDetails';

const RecordAccessTab = lazy(() =>
  import('./RecordAccessTab').then((module) => ({ default: module.RecordAccessTab })),
);
const RecordHistory = lazy(() =>
  import('./RecordHistory').then((module) => ({ default: module.RecordHistory })),
);
const DeleteRecordDialog = lazy(() =>
  import('./DeleteRecordDialog').then((module) => ({ default: module.DeleteRecordDialog })),
);

/** One record: what it holds, who owns it, who sees it and why. */
export function RecordPage() {
  const { objectKey = '', recordId = '' } = useParams({ strict: false });
  const object = useQuery({ ...objectQuery(objectKey), retry: false });
  const record = useQuery({
    ...recordQuery(objectKey, recordId),
    retry: false,
    // What isn't there now isn't looked for behind one's back: it would take away what is open on its page.
    refetchOnWindowFocus: ({ state }) => state.status !== 'error',
  });
  if (isGone(record.error) || isGone(object.error)) {
    return <NoSuchRecord objectKey={objectKey} recordId={recordId} object={object.data?.value} />;
  }
  if (!object.data || !record.data) {
    // Once there is something, it stays: what couldn't be asked again is no reason to take away what is being typed.
    const error = record.error ?? object.error;
    if (error) {
      return (
        <ErrorState error={error} onRetry={() => void Promise.all([object.refetch(), record.refetch()])} />
      );
    }
    return (
      <Stack aria-busy="true" role="status" aria-label="Loading">
        <Skeleton h={28} w={260} />
        <Skeleton h={320} radius="md" />
      </Stack>
    );
  }
  return <Loaded key={recordId} object={object.data.value} record={record.data.value} />;
}

function Loaded({ object, record }: { object: CustomObject; record: NamedRecord }) {
  const session = useSession();
  const navigate = useNavigate();
  const state = useListState({ sort: '' });
  const [deleting, setDeleting] = useState(false);
  const title = recordTitle(object, record);
  const seesAccess = can(session, 'manage_access');
  const seesHistory = can(session, 'view_audit');
  const tab = typeof state.search.tab === 'string' ? state.search.tab : 'details';
  return (
    <Stack gap="md">
      <PageHeader
        title={title}
        crumbs={[{ label: object.plural, to: `/records/${object.key}` }]}
        badges={
          !record.can.edit && (
            <Badge variant="default" tt="none" fw={500}>
              Read only
            </Badge>
          )
        }
        actions={
          <>
            <WhyButton object={object.key} record={record.id} subject={session.user.id} />
            <Menu>
              <Menu.Target>
                <ActionIcon variant="default" aria-label={`Actions for ${title}`}>
                  <IconDots size={18} />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item
                  leftSection={<IconLink size={16} aria-hidden />}
                  onClick={() => copyRecordLink(object.key, record.id)}
                >
                  Copy link
                </Menu.Item>
                {record.can.delete && <DeleteItem onClick={() => setDeleting(true)} />}
              </Menu.Dropdown>
            </Menu>
          </>
        }
      />
      {seesAccess || seesHistory ? (
        <Tabs
          value={tab}
          onChange={(next) => state.set({ tab: next === 'details' ? undefined : (next ?? undefined) })}
          keepMounted={false}
        >
          <Tabs.List mb="md">
            <Tabs.Tab value="details" leftSection={<IconListDetails size={16} aria-hidden />}>
              Details
            </Tabs.Tab>
            {seesAccess && (
              <Tabs.Tab value="access" leftSection={<IconEye size={16} aria-hidden />}>
                Who can see this
              </Tabs.Tab>
            )}
            {seesHistory && (
              <Tabs.Tab value="history" leftSection={<IconHistory size={16} aria-hidden />}>
                History
              </Tabs.Tab>
            )}
          </Tabs.List>
          <Tabs.Panel value="details">
            <RecordDetails object={object} record={record} />
          </Tabs.Panel>
          <Suspense fallback={<Skeleton h={280} radius="md" />}>
            {seesAccess && (
              <Tabs.Panel value="access">
                <RecordAccessTab object={object} record={record} />
              </Tabs.Panel>
            )}
            {seesHistory && (
              <Tabs.Panel value="history">
                <RecordHistory object={object} record={record} />
              </Tabs.Panel>
            )}
          </Suspense>
        </Tabs>
      ) : (
        <Box>
          <RecordDetails object={object} record={record} />
        </Box>
      )}
      {deleting && (
        <Suspense fallback={null}>
          <DeleteRecordDialog
            object={object}
            record={record}
            onClose={() => setDeleting(false)}
            onDeleted={() => navigate({ to: '/records/$objectKey', params: { objectKey: object.key } })}
          />
        </Suspense>
      )}
    </Stack>
  );
}
