import { Button, Group, SegmentedControl, Select, Skeleton, Stack, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import type { Role } from '../../api/schema';
import { rolePath } from '../pickers';
import { forestOf, reveal, shownOf } from './forest';
import { Legend, type Lit, type LitWords } from './lit';
import { RoleList } from './RoleList';
import classes from './RoleTree.module.css';

const RoleDrawing = lazy(() => import('./RoleDrawing'));

interface Props {
  roles: Role[];
  /** What the drawing is of, for screen readers: "User roles". */
  label: string;
  /** Roles in colour, and why. */
  lit?: ReadonlyMap<string, Lit>;
  /** Why roles are lit, in words that fit better here than the usual ones. */
  litWords?: LitWords;
  /** What the legend says instead, where there is more to tell: numbers, names. */
  legend?: LitWords;
  /** The role in the middle; changing it goes there. */
  focus?: string;
  /** Draws just these. */
  only?: ReadonlySet<string>;
  selected?: string;
  onSelect?: (id: string) => void;
  /** Takes a role that was dragged onto another one, or to the top (`null`). Without it nothing can be dragged. */
  onMove?: (id: string, parent: string | null) => void;
  /** In pixels. Without it the drawing fills what is around it, and the wheel zooms at once. */
  height?: number;
  /** Whether to offer a search and folding; by default for more than a few roles. */
  searchable?: boolean;
  /** Further controls, in front. */
  children?: ReactNode;
}

const NONE: ReadonlyMap<string, Lit> = new Map();
const FEW = 12;

/**
 * The user roles: as a drawing, or as nested lists, which phones start with. The drawing is loaded when it is shown.
 */
export default function RoleTree(props: Props) {
  const {
    roles,
    label,
    lit = NONE,
    litWords,
    focus,
    only,
    selected,
    onSelect,
    onMove,
    height,
    children,
  } = props;
  const phone = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false });
  const [view, setView] = useState<string>(phone ? 'list' : 'tree');
  const forest = useMemo(
    () => forestOf(only ? roles.filter((role) => only.has(role.id)) : roles),
    [roles, only],
  );
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [look, setLook] = useState<{ id: string } | null>(null);
  const [overview, setOverview] = useState(0);
  const shown = useMemo(
    () => shownOf(forest, toggled, [...lit.keys(), selected ?? '', focus ?? '']),
    [forest, toggled, lit, selected, focus],
  );

  const toggle = useCallback(
    (id: string, open: boolean) => setToggled((before) => new Map(before).set(id, open)),
    [],
  );
  const lookFor = useCallback(
    (id: string) => {
      setToggled((before) => reveal(forest, before, [id]));
      setLook({ id });
    },
    [forest],
  );
  // What is lit, chosen or looked at is never inside a folded branch.
  useEffect(() => {
    setToggled((before) => reveal(forest, before, [...lit.keys(), ...(selected ? [selected] : [])]));
  }, [forest, lit, selected]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it follows what is looked for, not how the forest changes.
  useEffect(() => {
    if (focus && forest.byId.has(focus)) lookFor(focus);
  }, [focus]);

  const setAll = (open: (id: string) => boolean) => {
    setToggled(new Map([...forest.byId.keys()].map((id) => [id, open(id)])));
    setOverview((before) => before + 1);
  };
  const searchable = props.searchable ?? forest.byId.size > FEW;
  const shared = { label, forest, shown, lit, words: litWords, selected, look, onSelect, onToggle: toggle };
  const folds = searchable && forest.byId.size > FEW;
  return (
    <Stack className={classes.frame} gap="xs" h={height ? undefined : '100%'}>
      <Group gap="xs">
        {children}
        {searchable && (
          <RoleSearch
            roles={[...forest.byId.values()]}
            onPick={(id) => {
              lookFor(id);
              onSelect?.(id);
            }}
          />
        )}
        <Legend lit={lit} words={{ ...litWords, ...props.legend }} />
        <Group gap="xs" ml="auto">
          {folds && (
            <Group gap={2}>
              <Button variant="subtle" color="gray" size="compact-sm" onClick={() => setAll(() => true)}>
                Unfold all
              </Button>
              <Button
                variant="subtle"
                color="gray"
                size="compact-sm"
                onClick={() => setAll((id) => forest.roots.some((root) => root.id === id))}
              >
                Fold all
              </Button>
            </Group>
          )}
          <SegmentedControl
            size="xs"
            aria-label="How to show the roles"
            value={view}
            onChange={setView}
            data={[
              { value: 'tree', label: 'Tree' },
              { value: 'list', label: 'List' },
            ]}
          />
        </Group>
      </Group>
      <div style={height ? { height, display: 'flex' } : { flex: 1, minHeight: 320, display: 'flex' }}>
        {view === 'tree' ? (
          <Suspense fallback={<Skeleton h="100%" radius="md" />}>
            <RoleDrawing {...shared} overview={overview} wheel={height === undefined} onMove={onMove} />
          </Suspense>
        ) : (
          <RoleList {...shared} />
        )}
      </div>
    </Stack>
  );
}

function RoleSearch({ roles, onPick }: { roles: Role[]; onPick: (id: string) => void }) {
  const byId = useMemo(() => new Map(roles.map((role) => [role.id, role])), [roles]);
  const data = useMemo(() => roles.map((role) => ({ value: role.id, label: role.name })), [roles]);
  return (
    <Select
      w={{ base: '100%', xs: 230 }}
      aria-label="Find a role"
      placeholder="Find a role"
      leftSection={<IconSearch size={16} aria-hidden />}
      searchable
      selectFirstOptionOnChange
      limit={50}
      nothingFoundMessage="No such role"
      value={null}
      onChange={(id) => id && onPick(id)}
      data={data}
      renderOption={({ option }) => (
        <Stack gap={0}>
          <Text fz="sm">{option.label}</Text>
          <Text fz="xs" c="dimmed">
            {rolePath(byId, option.value)}
          </Text>
        </Stack>
      )}
    />
  );
}
