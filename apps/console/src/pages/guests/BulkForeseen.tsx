import { Box, Group, Loader, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { fullName } from '../../api/people';
import { sentence } from '../../api/problem';
import type { BulkReport, BulkResult, Guest, GuestBulkAction } from '../../api/schema';
import { dateWords } from '../../components/DateText';
import { PersonName } from '../../components/PersonName';
import { refusalWords } from './bulkCommand';
import classes from './Guests.module.css';
import { guestsWords } from './guestActions';

interface Props {
  query: UseQueryResult<BulkReport>;
  command: GuestBulkAction;
  /** "will be revoked" */
  will: string;
  known: Guest[];
  /** The new last day, where there is one. */
  day: string | null;
}

/** What would become of each guest. */
export function BulkForeseen({ query, command, will, known, day }: Props) {
  if (query.isPending || query.isFetching) {
    return (
      <Group gap="xs" role="status">
        <Loader size="xs" />
        <Text fz="sm" c="dimmed">
          Looking what would happen…
        </Text>
      </Group>
    );
  }
  if (query.error) {
    return (
      <Text fz="sm" c="var(--mantine-color-error)" role="alert">
        {sentence(query.error)}
      </Text>
    );
  }
  const fine = new Set(
    query.data.results.filter((result) => result.status === 'ok').map((result) => result.id),
  );
  const refused = query.data.results.filter((result) => !fine.has(result.id));
  const changed = known.filter((guest) => fine.has(guest.id));
  return (
    <Stack gap="sm" role="status">
      <Group gap={8} wrap="nowrap" align="flex-start">
        <IconCircleCheck size={18} className={classes.good} aria-hidden />
        <Text fz="sm" fw={550}>
          {(command === 'extend' && day && extendWords(changed, day, fine.size)) ||
            `${guestsWords(fine.size)} ${will}`}
          {refused.length > 0 ? `, ${refused.length.toLocaleString()} can’t be.` : '.'}
        </Text>
      </Group>
      {command === 'extend' && day && changed.length > 0 && (
        <Lines label="Changes" many={changed.length > 4}>
          {changed.map((guest) => (
            <Text key={guest.id} fz="sm" component="li">
              {fullName(guest)}{' '}
              <Text span inherit c="dimmed">
                {endsWords(guest, day)}
              </Text>
            </Text>
          ))}
        </Lines>
      )}
      {refused.length > 0 && <Refusals results={refused} known={known} title="These stay as they are" />}
    </Stack>
  );
}

function endsWords(guest: Guest, day: string): string {
  if (guest.access_ends_on === day) return `ends on ${dateWords(day)} already`;
  const sooner = day < guest.access_ends_on ? ', so sooner' : '';
  return `ends on ${dateWords(day)} instead of ${dateWords(guest.access_ends_on)}${sooner}`;
}

/** What changing the last day means for so many guests; who of them are known tells which way it goes. */
function extendWords(guests: Guest[], day: string, all: number): string | null {
  if (guests.length < all) return null;
  const counts: [number, string][] = [
    [guests.filter((guest) => guest.access_ends_on < day).length, 'extended'],
    [guests.filter((guest) => guest.access_ends_on > day).length, 'shortened'],
  ];
  const told = counts
    .filter(([count]) => count > 0)
    .map(([count, word]) => [guestsWords(count), word] as const);
  const [first, second] = told;
  if (!first) return 'Nothing changes for them';
  const more = second ? `, ${second[0]} ${second[1]}` : '';
  return `${first[0]} will be ${first[1]}${more}`;
}

/** Who was refused, and why. */
export function Refusals({
  results,
  known,
  title,
}: {
  results: BulkResult[];
  known: Guest[];
  title: string;
}) {
  const names = new Map(known.map((guest) => [guest.id, fullName(guest)]));
  return (
    <Stack gap={4}>
      <Group gap={8} wrap="nowrap">
        <IconAlertTriangle size={18} className={classes.soon} aria-hidden />
        <Text fz="sm" fw={550}>
          {title}
        </Text>
      </Group>
      <Lines label={title} many={results.length > 4}>
        {results.slice(0, 200).map((result) => (
          <Text key={result.id} fz="sm" component="li">
            {names.get(result.id) ?? <PersonName id={result.id} />}:{' '}
            <Text span inherit c="dimmed">
              {refusalWords(result.error)}
            </Text>
          </Text>
        ))}
        {results.length > 200 && (
          <Text fz="sm" component="li" c="dimmed">
            and {(results.length - 200).toLocaleString()} more
          </Text>
        )}
      </Lines>
    </Stack>
  );
}

function Lines({ label, many, children }: { label: string; many: boolean; children: React.ReactNode }) {
  return (
    <Box
      className={classes.lines}
      // A region that scrolls must be reachable by keyboard.
      {...(many && { tabIndex: 0, role: 'region', 'aria-label': label })}
    >
      <ul>{children}</ul>
    </Box>
  );
}
