import { Alert, Box, Button, Group, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconInfoCircle, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { objectsQuery } from '../../api/queries';
import type { Level, PermissionCell, Profile } from '../../api/schema';
import { can, useSession } from '../../api/session';
import { EmptyState, ErrorState } from '../../components/EmptyState';
import { LeaveDialog } from '../../components/LeaveDialog';
import { LevelLegend } from './LevelLegend';
import { LevelMenu, type Spot, spotOf } from './LevelMenu';
import { actionTitle } from './levels';
import { PermissionCards } from './PermissionCards';
import { PermissionMatrix, type Place } from './PermissionMatrix';
import classes from './PermissionMatrix.module.css';
import { PreviewDialog } from './PreviewDialog';
import { matrixQuery } from './permissions';
import { usePendingLevels } from './usePendingLevels';

/** With more objects than this one can search among them. */
const MANY = 8;
/** Beside the navigation, five columns need about this much. */
const NARROW = '(max-width: 64em)';
const NO_CELLS: PermissionCell[] = [];

/** Which records people on a profile reach. */
export function PermissionsTab({ profile }: { profile: Profile }) {
  const session = useSession();
  const readable = can(session, 'manage_access') || session.profile.id === profile.id;
  const matrix = useQuery({ ...matrixQuery(profile.id), enabled: readable });
  const objects = useQuery({ ...objectsQuery, enabled: readable });
  const narrow = useMediaQuery(NARROW, undefined, { getInitialValueInEffect: false });
  const pending = usePendingLevels(matrix.data?.value.permissions ?? NO_CELLS, objects.data ?? []);
  const [q, setQ] = useState('');
  const [open, setOpen] = useState<{ place: Place; spot: Spot; from: HTMLElement } | null>(null);
  const [previewing, setPreviewing] = useState(false);
  const box = useRef<HTMLDivElement>(null);

  if (!readable) {
    return (
      <EmptyState title="These levels are not shown to you" icon={IconInfoCircle}>
        Seeing what other profiles permit needs “Manage access”, which your profile, {session.profile.name},
        doesn’t include.
      </EmptyState>
    );
  }
  const failed = [matrix, objects].find(({ error, data }) => error && !data);
  if (failed)
    return (
      <ErrorState
        error={failed.error}
        onRetry={() => void Promise.all([matrix.refetch(), objects.refetch()])}
      />
    );
  if (matrix.isPending || objects.isPending) return <Waiting />;
  if (pending.rows.length === 0) {
    return (
      <EmptyState title="No objects yet">
        Permissions are about the records of objects. Once there is an object, it appears here, closed to
        everybody but Admin.
      </EmptyState>
    );
  }

  const editable = can(session, 'manage_access') && profile.built_in !== 'admin';
  const wanted = q.trim().toLowerCase();
  const rows = pending.rows.filter((row) => `${row.plural} ${row.object}`.toLowerCase().includes(wanted));
  const close = () => {
    open?.from.focus({ preventScroll: true });
    setOpen(null);
  };
  const pick = (level: Level) => {
    const { object, action } = open?.place ?? {};
    if (object && action) pending.set(object, { [action]: level });
    else if (object) pending.setRow(object, level);
    else if (action) pending.setColumn(action, level);
    close();
  };
  const row = pending.rows.find((one) => one.object === open?.place.object);
  const Matrix = narrow ? PermissionCards : PermissionMatrix;
  return (
    <Stack gap="md" pos="relative" ref={box}>
      <Explanation profile={profile} editable={editable} />
      {pending.rows.length > MANY && (
        <TextInput
          type="search"
          w={{ base: '100%', xs: 260 }}
          aria-label="Find an object"
          placeholder="Find an object"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={q}
          onChange={(event) => setQ(event.currentTarget.value)}
        />
      )}
      {rows.length === 0 ? (
        <EmptyState title="No such object">No object is called “{q}”.</EmptyState>
      ) : (
        <Matrix
          label={`What ${profile.name} permits`}
          rows={rows}
          pending={pending}
          onOpen={
            editable
              ? (place, from) => {
                  if (box.current) setOpen({ place, from, spot: spotOf(from, box.current) });
                }
              : undefined
          }
        />
      )}
      <LevelLegend />
      <LevelMenu
        spot={open?.spot ?? null}
        label={menuLabel(open?.place, row?.plural)}
        title={open?.place.object && open.place.action ? undefined : menuLabel(open?.place, row?.plural)}
        level={row && open?.place.action ? row.levels[open.place.action] : undefined}
        owned={row?.owned ?? true}
        onPick={pick}
        onClose={close}
      />
      {pending.count > 0 && (
        <Group className={classes.bar} gap="xs" wrap="nowrap" role="region" aria-label="Unsaved changes">
          <Text fz="sm" fw={550} mr="auto" pr="xs" role="status" style={{ whiteSpace: 'nowrap' }}>
            {pending.count === 1 ? '1 change' : `${pending.count} changes`}
            <Text span fz="sm" c="dimmed" fw={400} visibleFrom="xs">
              {' '}
              {pending.changes.size === 1
                ? 'not saved yet'
                : `in ${pending.changes.size} objects, not saved yet`}
            </Text>
          </Text>
          <Button variant="subtle" color="gray" px="sm" flex="none" onClick={pending.discard}>
            Discard
          </Button>
          <Button px="sm" flex="none" onClick={() => setPreviewing(true)}>
            Preview and save
          </Button>
        </Group>
      )}
      {previewing && (
        <PreviewDialog
          profile={profile}
          pending={pending}
          onClose={() => setPreviewing(false)}
          onSaved={pending.discard}
        />
      )}
      <LeaveDialog count={pending.count} what={profile.name} />
    </Stack>
  );
}

function menuLabel(place: Place | undefined, plural: string | undefined): string {
  if (!place) return '';
  if (place.object && place.action) return `${plural}, ${actionTitle(place.action)}`;
  if (place.action) return `${actionTitle(place.action)}, for every object`;
  return `${plural}: view, edit, delete and create`;
}

function Explanation({ profile, editable }: { profile: Profile; editable: boolean }) {
  if (profile.built_in === 'admin') {
    return (
      <Alert
        color="gray"
        variant="light"
        icon={<IconInfoCircle size={18} />}
        title="Admin reaches everything"
      >
        So that nobody locks the organization out of itself, this stays as it is. A copy of Admin begins with
        the same levels and can be changed.
      </Alert>
    );
  }
  return (
    <Text fz="sm" c="dimmed" maw={760}>
      Whose records people on this profile reach.
      {editable && ' Nothing changes until you have seen the preview and saved.'}
    </Text>
  );
}

function Waiting() {
  return (
    <Box aria-busy>
      {['a', 'b', 'c', 'd', 'e'].map((row) => (
        <Skeleton key={row} h={40} mb="xs" />
      ))}
    </Box>
  );
}
