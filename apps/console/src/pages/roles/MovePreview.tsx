import { Group, List, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { IconMinus, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { objectsQuery } from '../../api/queries';
import type { MovedReports, Role, RoleMovePreview } from '../../api/schema';
import { effects } from '../access-control/impact';
import { movedWords, reportsWords, withNames } from './moveWords';

/** What a move would do, as sentences. */
export function MovePreview({ preview, role }: { preview: RoleMovePreview; role: Role }) {
  const { data: objects = [] } = useQuery(objectsQuery);
  const more = preview.users_gaining + preview.users_losing - preview.most_affected.length;
  const gaining = preview.most_affected.filter(({ gained }) => gained > 0).map(({ name }) => name);
  const losing = preview.most_affected.filter(({ lost }) => lost > 0).map(({ name }) => name);
  return (
    <Stack gap="md" role="status" aria-label="What the move would do">
      <Stack gap={4}>
        <Text fz="sm">{movedWords(preview.people_moved, role.name)}</Text>
        <Text fz="sm">{reportsWords(preview.users_gaining, preview.users_losing)}</Text>
      </Stack>
      {preview.most_affected.length > 0 && (
        <Stack gap={6}>
          <Title order={3} fz="sm">
            Reports
          </Title>
          <List
            listStyleType="none"
            spacing={2}
            mah={190}
            tabIndex={0}
            aria-label="Whose reports change"
            style={{ overflowY: 'auto' }}
          >
            {preview.most_affected.map((person) => (
              <List.Item key={person.user_id} fz="sm">
                <Reports person={person} />
              </List.Item>
            ))}
          </List>
          {more > 0 && (
            <Text fz="xs" c="dimmed">
              And {more.toLocaleString()} more.
            </Text>
          )}
        </Stack>
      )}
      <Stack gap={6}>
        <Title order={3} fz="sm">
          Records
        </Title>
        {preview.objects.length === 0 && <Text fz="sm">Nobody gains or loses access to any record.</Text>}
        {preview.objects.map(({ object, plural, actions }) => {
          const singular = objects.find((each) => each.key === object)?.singular ?? plural;
          return (
            <List key={object} listStyleType="none" spacing={4} aria-label={plural}>
              {effects(actions, { singular, plural }).map(({ kind, text }) => (
                <List.Item key={text} fz="sm">
                  <Group gap={8} wrap="nowrap" align="center">
                    <Sign gain={kind === 'gain'} />
                    <span>{withNames(text, more > 0 ? [] : kind === 'gain' ? gaining : losing)}</span>
                  </Group>
                </List.Item>
              ))}
            </List>
          );
        })}
      </Stack>
    </Stack>
  );
}

function Reports({ person }: { person: MovedReports }) {
  const swapped = person.gained > 0 && person.lost > 0;
  return (
    <Group gap={8} wrap="nowrap">
      <Sign gain={person.reports_after >= person.reports_before} />
      <span>
        {person.name}:{' '}
        <span className="tabular">
          {person.reports_before} → {person.reports_after} reports
        </span>
        {swapped && ` (${person.gained} new, ${person.lost} gone)`}
      </span>
    </Group>
  );
}

/** More or less, as a shape beside the words. */
function Sign({ gain }: { gain: boolean }) {
  const Icon = gain ? IconPlus : IconMinus;
  return (
    <ThemeIcon size={18} radius="xl" variant="light" color={gain ? 'moss' : 'orange'} aria-hidden>
      <Icon size={12} />
    </ThemeIcon>
  );
}
