import { Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Versioned } from '../../api/client';
import { patchGuest, reinstateGuest, useGuestCommand } from '../../api/guests';
import { fullName } from '../../api/people';
import { asProblem, sentence } from '../../api/problem';
import { orgQuery } from '../../api/queries';
import type { Guest } from '../../api/schema';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { dateWords } from '../../components/DateText';
import { done } from '../../components/notify';
import { PersonPicker } from '../../components/PersonPicker';
import { EndDateField } from './EndDateField';
import classes from './Guests.module.css';
import type { OneGuest } from './guestActions';
import { turnOf } from './lastDays';
import { addDays, daysBetween, daysWords, todayIn } from './orgDays';

type Change = 'extend' | 'shorten' | 'reinstate';

const TITLES: Record<Change, string> = {
  extend: 'Extend access',
  shorten: 'Shorten access',
  reinstate: 'Reinstate',
};

const REFUSED_FOR_SPONSOR = ['sponsor_missing', 'sponsor_id'];

/** Gives a guest another last day: later, earlier, or one again after access was revoked. */
export function ChangeEndDialog({ change, guest, onClose, onDone }: OneGuest & { change: Change }) {
  const { data: org } = useSuspenseQuery(orgQuery);
  const today = todayIn(org.time_zone);
  const [day, setDay] = useState<string | null>(() =>
    proposed(change, guest.access_ends_on, today, org.guest_max_days),
  );
  const [sponsor, setSponsor] = useState<string | null>(null);
  const [needsSponsor, setNeedsSponsor] = useState(guest.sponsor_missing);
  const [dayError, setDayError] = useState<string | null>(null);
  const [sponsorError, setSponsorError] = useState<string | null>(null);
  const name = fullName(guest);
  const former = guest.access_ends_on;

  const run = useGuestCommand((to: string) => {
    const body = { access_ends_on: to, ...(sponsor && { sponsor_id: sponsor }) };
    return change === 'reinstate' ? reinstateGuest(guest.id, body) : patchGuest(guest.id, body);
  });
  const takeBack = useGuestCommand((etag: string) => patchGuest(guest.id, { access_ends_on: former }, etag));

  const confirm = async () => {
    if (!day) return false;
    setDayError(null);
    setSponsorError(null);
    if (needsSponsor && !sponsor) {
      setSponsorError('Somebody has to answer for this guest.');
      return false;
    }
    let saved: Versioned<Guest>;
    try {
      saved = await run(day);
    } catch (failure) {
      const problem = asProblem(failure);
      const at = problem.fields.map((field) => field.pointer);
      if (at.includes('/access_ends_on')) {
        setDayError(sentence(problem));
      } else if (REFUSED_FOR_SPONSOR.includes(problem.code) || at.includes('/sponsor_id')) {
        setNeedsSponsor(true);
        setSponsorError(sentence(problem));
      } else {
        throw failure;
      }
      return false;
    }
    const instead = change === 'reinstate' ? '' : ` instead of ${dateWords(former)}`;
    const undoable = change !== 'reinstate' && guest.status !== 'expired' && former >= today;
    done(
      `${name}: access ends on ${dateWords(day)}${instead}.`,
      undoable ? () => takeBack(saved.etag) : undefined,
    );
    onDone();
    return true;
  };

  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`${TITLES[change]}: ${name}`}
      confirm={day && change !== 'reinstate' ? buttonWords(day, former) : TITLES[change]}
      blocked={!day || (change !== 'reinstate' && day === former && guest.status !== 'expired')}
      onConfirm={confirm}
    >
      <Stack gap="md">
        <Text fz="sm">{introduction(change, guest)}</Text>
        <EndDateField label="Last day" value={day} onChange={setDay} error={dayError} />
        {needsSponsor && (
          <PersonPicker
            kind="standard"
            label="New sponsor"
            description="The former sponsor is gone. Somebody has to answer for this guest."
            withAsterisk
            value={sponsor}
            onChange={setSponsor}
            error={sponsorError}
          />
        )}
        {day && change !== 'reinstate' && (
          <Difference from={former} to={day} over={guest.status === 'expired'} />
        )}
      </Stack>
    </ConfirmDialog>
  );
}

function introduction(change: Change, guest: OneGuest['guest']): string {
  const ended = dateWords(guest.access_ends_on);
  if (change === 'reinstate') {
    return guest.claimed_at
      ? 'They can sign in again at once with their password, and take up a seat of their license again. Sessions that were ended stay ended.'
      : 'They get a new invitation by mail, and take up a seat of their license again.';
  }
  if (guest.status === 'expired')
    return `Access ended on ${ended}. With a new last day they can sign in again at once.`;
  return `Access ends on ${ended} so far. The guest gets a mail about the change.`;
}

function buttonWords(day: string, former: string): string {
  return day < former ? `Shorten to ${dateWords(day)}` : `Extend to ${dateWords(day)}`;
}

/** How much longer or shorter it gets. */
function Difference({ from, to, over }: { from: string; to: string; over: boolean }) {
  const turn = turnOf(from, to);
  if (turn === 'shorter' && !over) {
    return (
      <Group gap={8} wrap="nowrap" align="flex-start" className={classes.soon}>
        <IconAlertTriangle size={18} aria-hidden />
        <Text fz="sm" fw={550}>
          {daysWords(daysBetween(to, from))} shorter than before (until {dateWords(from)}).
        </Text>
      </Group>
    );
  }
  let words = `${daysWords(daysBetween(from, to))} longer than before (until ${dateWords(from)}).`;
  if (turn === 'same') words = 'That is the last day already.';
  if (over) words = `Access ended on ${dateWords(from)} and will go on until ${dateWords(to)}.`;
  return (
    <Text fz="sm" c="dimmed">
      {words}
    </Text>
  );
}

/** The day to begin with: a month ahead when extending, half of what is left when shortening. */
function proposed(change: Change, former: string, today: string, cap: number): string {
  if (change === 'shorten') return addDays(today, Math.max(0, Math.floor(daysBetween(today, former) / 2)));
  const month = addDays(today, Math.min(30, cap));
  if (change === 'reinstate') return former > today ? former : month;
  return former >= month ? addDays(today, cap) : month;
}
