import { Alert, Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { IconGitMerge } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { asProblem } from '../../api/problem';
import { patchRole, roleMoveQuery, useRoleCommand } from '../../api/roles';
import type { Role } from '../../api/schema';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { ErrorState } from '../../components/EmptyState';
import { done } from '../../components/notify';
import { branchOf, type Forest } from '../../components/role-tree/forest';
import { MovePreview } from './MovePreview';
import { OtherRolePicker } from './OtherRolePicker';

interface Props {
  role: Role;
  forest: Forest;
  /** Where it was dropped; without one it is still to be picked. */
  dropped: string | null | undefined;
  onClose: () => void;
}

/** What stands for "below nobody" in the list of roles. */
const TOP = 'top';

/** Moves a role with everything below it, after telling whose reach changes. */
export function MoveRoleDialog({ role, forest, dropped, onClose }: Props) {
  const [picked, setPicked] = useState<string | null>(dropped === undefined ? null : (dropped ?? TOP));
  const [outdated, setOutdated] = useState(false);
  const parent = picked === TOP ? null : picked;
  const {
    data: preview,
    error,
    isFetching,
    refetch,
  } = useQuery({
    ...roleMoveQuery(role.id, parent),
    enabled: picked !== null,
    refetchOnWindowFocus: false,
  });
  const move = useRoleCommand(({ to, etag }: { to: string | null; etag?: string }) =>
    patchRole(role.id, { parent_id: to }, etag),
  );
  const choices = useMemo(() => {
    const own = branchOf(forest, role.id);
    return [...forest.byId.values()].filter(({ id }) => !own.has(id) && id !== role.parent_id);
  }, [forest, role]);
  const place = picked === TOP ? 'the top' : forest.byId.get(picked ?? '')?.name;

  const confirm = async () => {
    try {
      const after = await move({ to: parent, etag: preview?.etag });
      const text =
        picked === TOP ? `${role.name} stands at the top now.` : `${role.name} is below ${place} now.`;
      done(text, () => move({ to: role.parent_id, etag: after.etag }));
      return true;
    } catch (problem) {
      if (asProblem(problem).status !== 412) throw problem;
      setOutdated(true);
      return false;
    }
  };
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      size="lg"
      title={`Move ${role.name}`}
      confirm={place ? (picked === TOP ? 'Move to the top' : `Move below ${place}`) : 'Move'}
      blocked={!preview || isFetching || outdated}
      onConfirm={confirm}
    >
      {/* After a drop there is nothing to pick: the preview is what one wants to see, not an open list. */}
      <Stack
        gap="md"
        tabIndex={-1}
        data-autofocus={dropped !== undefined || undefined}
        style={{ outline: 'none' }}
      >
        <OtherRolePicker
          label="Below"
          placeholder="Pick a role"
          clearable={false}
          allowDeselect={false}
          data-autofocus={dropped === undefined || undefined}
          first={role.parent_id === null ? undefined : { value: TOP, label: 'The top, below nobody' }}
          roles={choices}
          value={picked}
          onChange={(next) => {
            setOutdated(false);
            setPicked(next);
          }}
        />
        {picked === null && (
          <Text fz="sm" c="dimmed">
            Everything below {role.name} moves along. Once you pick a place, this tells whose reach would
            change.
          </Text>
        )}
        {picked !== null && error && <ErrorState error={error} onRetry={() => void refetch()} />}
        {picked !== null && !error && (isFetching || !preview) && (
          <Stack gap="xs" aria-busy aria-label="Working out whose reach changes">
            <Skeleton h={16} w="60%" />
            <Skeleton h={16} w="80%" />
            <Skeleton h={16} w="45%" />
          </Stack>
        )}
        {preview && !isFetching && !outdated && <MovePreview preview={preview.value} role={role} />}
        {outdated && (
          <Alert
            color="yellow"
            variant="light"
            icon={<IconGitMerge size={18} />}
            title="Somebody changed something meanwhile"
            role="alert"
          >
            <Text fz="sm">
              The move would do something else now than what was shown here, so nothing was moved.
            </Text>
            <Group mt="xs">
              <Button
                size="compact-sm"
                variant="default"
                onClick={async () => {
                  await refetch();
                  setOutdated(false);
                }}
              >
                Work it out again
              </Button>
            </Group>
          </Alert>
        )}
      </Stack>
    </ConfirmDialog>
  );
}
