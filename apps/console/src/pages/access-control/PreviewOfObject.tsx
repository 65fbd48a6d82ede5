import { Box, Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconArrowRight, IconTrendingDown, IconTrendingUp } from '@tabler/icons-react';
import { useState } from 'react';
import { asSentence } from '../../api/problem';
import type { AffectedUser, Levels, PermissionObjectPreview, PermissionWarning } from '../../api/schema';
import { PersonAvatar } from '../../components/PersonName';
import { type Effect, effects, type Noun, remainder } from './impact';
import classes from './Level.module.css';
import { LevelText } from './LevelMeter';
import { ACTIONS } from './levels';
import { WARNING } from './warning';

/** How many people are named before somebody asks for more. */
const FEW = 5;

interface Props {
  preview: PermissionObjectPreview;
  noun: Noun | undefined;
}

/** What new levels for one object would do: who gains and loses what, and who most of all. */
export function PreviewOfObject({ preview, noun = { singular: 'record', plural: 'records' } }: Props) {
  const found = effects(preview.actions, noun, preview.current, preview.proposed);
  return (
    <Stack gap="sm" component="section" aria-label={`What changes for ${noun.plural}`}>
      <Title order={3} fz="md">
        {noun.plural}
      </Title>
      <LevelChanges before={preview.current} after={preview.proposed} />
      <Effects found={found} />
      <Warnings warnings={preview.warnings} />
      <MostAffected people={preview.most_affected} />
    </Stack>
  );
}

/** `Edit records: None → Anyone`, for each level that changes. */
export function LevelChanges({ before, after }: { before: Levels; after: Levels }) {
  return (
    <Stack gap={4}>
      {ACTIONS.filter(({ key }) => before[key] !== after[key]).map(({ key, title }) => (
        <div key={key} className={classes.change}>
          <Text span fz="sm" c="dimmed">
            {title}
          </Text>
          <Group gap={8} fz="sm">
            <LevelText level={before[key]} />
            <IconArrowRight size={14} aria-label="becomes" />
            <Text span fz="sm" fw={570}>
              <LevelText level={after[key]} />
            </Text>
          </Group>
        </div>
      ))}
    </Stack>
  );
}

/** Gains and losses as sentences. */
export function Effects({ found }: { found: Effect[] }) {
  const rest = remainder(found);
  return (
    <Stack gap={6}>
      {found.map(({ kind, text }) => (
        <Group key={text} gap={8} wrap="nowrap" align="flex-start">
          {kind === 'gain' ? (
            <IconTrendingUp
              size={18}
              aria-hidden
              style={{ flex: 'none', marginTop: 1, color: 'var(--mantine-color-anchor)' }}
            />
          ) : (
            <IconTrendingDown
              size={18}
              aria-hidden
              style={{ flex: 'none', marginTop: 1, color: 'var(--mantine-color-error)' }}
            />
          )}
          <Text fz="sm" fw={550}>
            {text}.
          </Text>
        </Group>
      ))}
      {rest && (
        <Text fz="sm" c={found.length > 0 ? 'dimmed' : undefined}>
          {rest}
        </Text>
      )}
    </Stack>
  );
}

/** What the server finds odd about the levels. */
export function Warnings({ warnings }: { warnings: PermissionWarning[] }) {
  return warnings.map((warning) => (
    <Group key={warning.code} gap={8} wrap="nowrap" align="flex-start">
      <IconAlertTriangle size={18} aria-hidden style={{ flex: 'none', marginTop: 1, color: WARNING }} />
      <Text fz="sm">{warningWords(warning)}</Text>
    </Group>
  ));
}

function warningWords({ code, detail }: PermissionWarning): string {
  if (code === 'edit_exceeds_view')
    return 'Edit is set higher than view, so it reaches no further than view does.';
  if (code === 'delete_exceeds_view')
    return 'Delete is set higher than view, so it reaches no further than view does.';
  return asSentence(detail);
}

function MostAffected({ people }: { people: AffectedUser[] }) {
  const [all, setAll] = useState(false);
  if (people.length === 0) return null;
  const shown = all ? people : people.slice(0, FEW);
  return (
    <Box>
      <Text fz="xs" c="dimmed" fw={550} mb={4}>
        Most affected
      </Text>
      <Stack gap={4} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
        {shown.map((person) => (
          <Group key={person.user_id} component="li" gap="xs" wrap="nowrap">
            <PersonAvatar name={person.name} size={22} />
            <Text fz="sm" truncate flex={1}>
              {person.name}
            </Text>
            <Text fz="sm" className="tabular" style={{ whiteSpace: 'nowrap' }}>
              {amounts(person)}
            </Text>
          </Group>
        ))}
      </Stack>
      {people.length > FEW && (
        <Button variant="subtle" color="gray" size="compact-sm" mt={4} onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show ${people.length - FEW} more`}
        </Button>
      )}
    </Box>
  );
}

/** `+120`, `−3`, `+120 −3`. */
function amounts({ gained, lost }: AffectedUser): string {
  const parts = [
    gained > 0 && `+${gained.toLocaleString('en-GB')}`,
    lost > 0 && `−${lost.toLocaleString('en-GB')}`,
  ];
  return parts.filter(Boolean).join(' ');
}
