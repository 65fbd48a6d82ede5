import { Alert, Button, Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconDots, IconPencil } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import type { Versioned } from '../../api/client';
import { guestQuery } from '../../api/guests';
import { fullName } from '../../api/people';
import { isGone } from '../../api/problem';
import type { Guest } from '../../api/schema';
import { can, useSession } from '../../api/session';
import { ErrorState } from '../../components/EmptyState';
import { PageHeader } from '../../components/PageHeader';
import { StatusAndLock } from '../../components/StatusAndLock';
import { NotFoundPage } from '../../shell/NotFoundPage';
import classes from './Guest.module.css';
import { GuestFacts } from './GuestFacts';
import { ACTIONS, GuestMenu } from './GuestMenu';
import { GuestOwns } from './GuestOwns';
import { GuestReach } from './GuestReach';
import { GuestStay } from './GuestStay';
import listClasses from './Guests.module.css';
import { GuestTimeline } from './GuestTimeline';
import { actionsFor } from './guestActions';
import { type GuestActions, useGuestActions } from './useGuestActions';

const EditGuestDrawer = lazy(() => import('./EditGuestDrawer'));

const CRUMBS = [{ label: 'Guests', to: '/guests' }];

/** One guest: how long they stay, who they are, what they reach and own, and what happened so far. */
export function GuestPage() {
  const { guestId } = useParams({ strict: false });
  const guest = useQuery(guestQuery(guestId ?? ''));
  const navigate = useNavigate();
  const actions = useGuestActions({ onDeleted: () => void navigate({ to: '/guests' }) });
  const [editing, setEditing] = useState<Versioned<Guest> | null>(null);
  if (guest.isPending) return <Waiting />;
  if (guest.error && !guest.data) {
    if (isGone(guest.error)) return <NotFoundPage />;
    return (
      <>
        <PageHeader title="Guest" crumbs={CRUMBS} />
        <ErrorState error={guest.error} onRetry={() => void guest.refetch()} />
      </>
    );
  }
  const { value } = guest.data;
  return (
    <Stack gap="md">
      <PageHeader
        crumbs={CRUMBS}
        title={fullName(value)}
        badges={<StatusAndLock person={value} />}
        actions={<Buttons guest={value} actions={actions} onEdit={() => setEditing(guest.data)} />}
      />
      {value.sponsor_missing && value.status !== 'revoked' && (
        <Alert
          color="orange"
          variant="light"
          classNames={{ title: listClasses.soon, icon: listClasses.soon }}
          icon={<IconAlertTriangle size={18} />}
          title="Nobody answers for this guest"
        >
          <Text fz="sm">The sponsor has left or was deactivated. Name a new sponsor to extend access.</Text>
          <Button mt="xs" size="compact-sm" variant="default" onClick={() => setEditing(guest.data)}>
            Change sponsor
          </Button>
        </Alert>
      )}
      <Content guest={value} />
      {actions.dialogs}
      {editing && (
        <Suspense fallback={null}>
          <EditGuestDrawer read={editing} onClose={() => setEditing(null)} />
        </Suspense>
      )}
    </Stack>
  );
}

function Content({ guest }: { guest: Guest }) {
  const session = useSession();
  return (
    <div className={classes.columns}>
      <Stack gap="md">
        <Card>
          <GuestStay guest={guest} />
        </Card>
        <Card title="Details">
          <GuestFacts guest={guest} />
        </Card>
        {can(session, 'manage_access') && (
          <Card title="What they can reach">
            <GuestReach guest={guest} />
          </Card>
        )}
        <Card title="What they own">
          <GuestOwns guest={guest} />
        </Card>
      </Stack>
      <Card title="What happened">
        <GuestTimeline guest={guest} />
      </Card>
    </div>
  );
}

function Card({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <Paper component="section" withBorder p="md" bg="var(--vestibule-surface)">
      {title && (
        <Title order={2} fz="md" mb="md">
          {title}
        </Title>
      )}
      {children}
    </Paper>
  );
}

/** The most likely action as a button, editing, and the rest in a menu. */
function Buttons({ guest, actions, onEdit }: { guest: Guest; actions: GuestActions; onEdit: () => void }) {
  const [first = 'extend'] = actionsFor(guest).filter(
    (action) => action === 'extend' || action === 'reinstate',
  );
  const { label, icon: Icon } = ACTIONS[first];
  return (
    <Group gap="xs" onMouseEnter={actions.prepare} onFocus={actions.prepare}>
      <Button variant="default" leftSection={<IconPencil size={16} aria-hidden />} onClick={onEdit}>
        Edit
      </Button>
      <GuestMenu guest={guest} onAct={actions.askFor}>
        <Button variant="default" rightSection={<IconDots size={16} aria-hidden />}>
          More
        </Button>
      </GuestMenu>
      <Button leftSection={<Icon size={16} aria-hidden />} onClick={() => actions.askFor(first, guest)}>
        {label}
      </Button>
    </Group>
  );
}

function Waiting() {
  return (
    <Stack gap="md" aria-busy="true" role="status" aria-label="Loading">
      <Skeleton h={20} w={120} />
      <Skeleton h={32} w={260} />
      <Skeleton h={110} />
      <Skeleton h={280} />
    </Stack>
  );
}
