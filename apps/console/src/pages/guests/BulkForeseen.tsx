import { Box, Checkbox, Group, Loader, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { fullName } from '../../api/people';
import { sentence } from '../../api/problem';
import type { BulkResult, Guest } from '../../api/schema';
import { dateWords } from '../../components/DateText';
import { PersonName } from '../../components/PersonName';
import { type Foreseen, refusalWords } from './bulkCommand';
import classes from './Guests.module.css';
import { guestsWords } from './guestActions';
import { type Plan, turnOf } from './lastDays';
import { daysBetween, daysWords } from './orgDays';

interface Props {
  query: UseQueryResult<Foreseen>;
  plan: Plan;
  /** "will be revoked" */
  will: string;
  known: Guest[];
  /** The new last day, where there is one. */
  day: string | null;
  /** Whether those who would lose days are left as they are. */
  spare: boolean;
  onSpare: (spare: boolean) => void;
}

/** What would become of each guest. */
export function BulkForeseen({ query, plan, will, known, day, spare, onSpare }: Props) {
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
  const losing = plan.turns.shorter.length;
  return (
    <Stack gap="sm">
      <Stack gap={6} role="status">
        {losing > 0 && (
          <Headline warning>
            {guestsWords(losing)} would lose days{spare ? ', so they stay as they are.' : '.'}
          </Headline>
        )}
        <Changed plan={plan} will={will} day={day} />
      </Stack>
      {losing > 0 && (
        <Checkbox
          label="Leave those who would lose days as they are"
          checked={spare}
          onChange={(event) => onSpare(event.currentTarget.checked)}
        />
      )}
      {day && <NewLastDays plan={plan} known={known} day={day} spare={spare} />}
      {plan.refused.length > 0 && (
        <Refusals results={plan.refused} known={known} title="These stay as they are" />
      )}
    </Stack>
  );
}

/** How many will be changed as they were meant to be, and how many can’t be. */
function Changed({ plan, will, day }: Pick<Props, 'plan' | 'will' | 'day'>) {
  const { longer, shorter, same } = plan.turns;
  const count = day ? longer.length : plan.ids.length;
  if (count === 0 && plan.refused.length === 0 && same.length > 0) {
    return shorter.length === 0 && <Headline>Nothing changes for them.</Headline>;
  }
  if (count === 0 && shorter.length > 0) return null;
  return (
    <Headline warning={count === 0}>
      {guestsWords(count)} {will}
      {plan.refused.length > 0 ? `, ${plan.refused.length.toLocaleString()} can’t be.` : '.'}
    </Headline>
  );
}

function Headline({ warning = false, children }: { warning?: boolean; children: ReactNode }) {
  const Icon = warning ? IconAlertTriangle : IconCircleCheck;
  return (
    <Group gap={8} wrap="nowrap" align="flex-start">
      <Icon size={18} className={warning ? classes.soon : classes.good} aria-hidden />
      <Text fz="sm" fw={550} className={warning ? classes.soon : undefined}>
        {children}
      </Text>
    </Group>
  );
}

/** So many guests are listed at most. */
const LISTED = 200;

/** Guest by guest, those who would lose days first. */
function NewLastDays({ plan, known, day, spare }: Pick<Props, 'plan' | 'known' | 'spare'> & { day: string }) {
  const { shorter, longer, same } = plan.turns;
  const all = [...shorter, ...longer, ...same];
  const guests = new Map(known.map((guest) => [guest.id, guest]));
  const listed = all.flatMap((id) => guests.get(id) ?? []).slice(0, LISTED);
  if (listed.length === 0) return null;
  return (
    <Lines label="Changes" many={all.length > 4}>
      {listed.map((guest) => (
        <Text key={guest.id} fz="sm" component="li">
          {fullName(guest)} <EndsWords former={guest.access_ends_on} day={day} spare={spare} />
        </Text>
      ))}
      <More count={all.length - listed.length} />
    </Lines>
  );
}

function EndsWords({ former, day, spare }: { former: string; day: string; spare: boolean }) {
  const turn = turnOf(former, day);
  const sooner = turn === 'shorter' && daysWords(daysBetween(day, former));
  let words = `ends on ${dateWords(day)} instead of ${dateWords(former)}`;
  if (turn === 'same') words = `ends on ${dateWords(day)} already`;
  if (sooner && spare) words = `keeps ${dateWords(former)}: the new day is ${sooner} sooner`;
  return (
    <>
      <Text span inherit c="dimmed">
        {words}
      </Text>
      {sooner && !spare && (
        <Text span inherit fw={550} className={classes.soon}>
          {' '}
          ({sooner} sooner than now)
        </Text>
      )}
    </>
  );
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
        {results.slice(0, LISTED).map((result) => (
          <Text key={result.id} fz="sm" component="li">
            {names.get(result.id) ?? <PersonName id={result.id} />}:{' '}
            <Text span inherit c="dimmed">
              {refusalWords(result.error)}
            </Text>
          </Text>
        ))}
        <More count={results.length - LISTED} />
      </Lines>
    </Stack>
  );
}

/** How many there are beside those in the list. */
function More({ count }: { count: number }) {
  return (
    count > 0 && (
      <Text fz="sm" component="li" c="dimmed">
        and {count.toLocaleString()} more
      </Text>
    )
  );
}

function Lines({ label, many, children }: { label: string; many: boolean; children: ReactNode }) {
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
