import { Box, Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { asSentence } from '../../api/problem';
import { objectsQuery, profilesQuery } from '../../api/queries';
import type { CustomObject, PermissionBulkReport, PermissionBulkResult } from '../../api/schema';
import { effects } from './impact';
import { Effects, LevelChanges, Warnings } from './PreviewOfObject';
import type { Many } from './permissions';
import classes from './SetMany.module.css';

/** More results than this are shown when somebody asks for them. */
const FIRST = 40;

/** How many cells are refused. */
export function refusedIn(report: PermissionBulkReport): number {
  return report.results.filter((result) => result.status === 'refused').length;
}

/** The choice without the profiles and objects that are refused everywhere. */
export function withoutRefused(many: Many, report: PermissionBulkReport): Many {
  const refused = (pick: (result: PermissionBulkResult) => boolean) =>
    report.results.filter(pick).every((result) => result.status === 'refused');
  const profiles = many.profiles.filter((id) => !refused((result) => result.profile_id === id));
  // A profile that is refused altogether says nothing about the objects.
  const objects = many.objects.filter(
    (key) => !refused((result) => result.object === key && profiles.includes(result.profile_id)),
  );
  return { ...many, profiles, objects };
}

/** What setting many at once would do: all together, then profile by profile. */
export function SetManyPreview({ report }: { report: PermissionBulkReport }) {
  const { data: profiles = [] } = useQuery(profilesQuery);
  const { data: objects = [] } = useQuery(objectsQuery);
  const [all, setAll] = useState(false);
  const telling = report.results.filter((result) => result.status !== 'unchanged');
  const unchanged = report.results.length - telling.length;
  const changed = telling.filter((result) => result.status === 'changed');
  const shown = all ? telling : telling.slice(0, FIRST);
  const refused = refusedIn(report);
  const nameOf = (id: string) => profiles.find((profile) => profile.id === id)?.name ?? 'A deleted profile';
  return (
    <Stack gap="md">
      <Box className={classes.totals} component="section" aria-label="All together">
        <Text fz="sm" fw={570} mb={6}>
          {headline(
            changed.length,
            new Set(changed.map((result) => result.profile_id)).size,
            unchanged,
            refused,
          )}
        </Text>
        {report.totals && (
          <Effects found={effects(report.totals, { singular: 'record', plural: 'records' })} />
        )}
        {telling.length > 1 && (
          <Text fz="xs" c="dimmed" mt={6}>
            People are counted once for each object.
          </Text>
        )}
      </Box>
      {refused > 0 && (
        <Text fz="sm" role="alert">
          All of it is saved or nothing: as long as something is refused, nothing can be saved.
        </Text>
      )}
      {[...new Set(shown.map((result) => result.profile_id))].map((id) => (
        <Box key={id} className={classes.profile} component="section" aria-label={nameOf(id)}>
          <Title order={3} fz="sm">
            {nameOf(id)}
          </Title>
          {shown
            .filter((result) => result.profile_id === id)
            .map((result) => (
              <Result
                key={result.object}
                result={result}
                object={objects.find((one) => one.key === result.object)}
              />
            ))}
        </Box>
      ))}
      {telling.length > shown.length && (
        <Button variant="default" onClick={() => setAll(true)}>
          Show {telling.length - shown.length} more
        </Button>
      )}
    </Stack>
  );
}

function headline(changed: number, profiles: number, unchanged: number, refused: number): string {
  const where = profiles === 1 ? 'one profile' : `${profiles} profiles`;
  const parts = [
    changed === 0 ? 'Nothing changes' : `${changed === 1 ? '1 change' : `${changed} changes`} on ${where}`,
    unchanged > 0 && `${unchanged} ${unchanged === 1 ? 'is' : 'are'} like this already`,
    refused > 0 && `${refused} ${refused === 1 ? 'is' : 'are'} refused`,
  ];
  return `${parts.filter(Boolean).join(', ')}.`;
}

function Result({ result, object }: { result: PermissionBulkResult; object: CustomObject | undefined }) {
  const { before, after, impact, error } = result;
  const noun = object ?? { singular: 'record', plural: 'records' };
  return (
    <div className={classes.result}>
      <Text fz="sm" fw={550}>
        {object?.plural ?? result.object}
      </Text>
      <Stack gap={8}>
        {error && (
          <Group gap={8} wrap="nowrap" align="flex-start" c="var(--mantine-color-error)">
            <IconAlertCircle size={18} aria-hidden style={{ flex: 'none', marginTop: 1 }} />
            <Text fz="sm">Refused: {asSentence(error.detail)}</Text>
          </Group>
        )}
        {before && after && <LevelChanges before={before} after={after} />}
        {impact && before && after && <Effects found={effects(impact, noun, before, after)} />}
        {after && <Warnings warnings={after.warnings} />}
      </Stack>
    </div>
  );
}
