import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import { keepPreviousData, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useGuestCommand } from '../../api/guests';
import { sentence } from '../../api/problem';
import { orgQuery } from '../../api/queries';
import type { BulkResult } from '../../api/schema';
import { Dialog } from '../../components/Dialog';
import { ErrorAlert } from '../../components/ErrorAlert';
import { done } from '../../components/notify';
import { BulkFields } from './BulkFields';
import { BulkForeseen, Refusals } from './BulkForeseen';
import { argsOf, BULK, type BulkArguments, buttonWords, foreseenQuery, runInParts } from './bulkCommand';
import { undoOf } from './bulkUndo';
import { type GuestAction, guestsOf, guestsWords, sizeOf, type Target } from './guestActions';
import { planOf } from './lastDays';
import { addDays, todayIn } from './orgDays';

interface Props {
  action: GuestAction;
  target: Target;
  onClose: () => void;
  onDone: () => void;
}

/** One command for many guests: what would happen is shown before, how it goes on while it does, what failed after. */
export function BulkDialog({ action, target, onClose, onDone }: Props) {
  const bulk = BULK[action];
  if (!bulk) throw new Error(`${action} is for one guest`);
  const { data: org } = useSuspenseQuery(orgQuery);
  const today = todayIn(org.time_zone);
  const [given, setGiven] = useState<BulkArguments>({
    day: addDays(today, Math.min(30, org.guest_max_days)),
    reason: '',
    profile: null,
    license: null,
    heir: null,
    sponsor: null,
  });
  // Nobody who is to be extended loses days by mistake.
  const [spare, setSpare] = useState(true);
  const [through, setThrough] = useState<number | null>(null);
  const [refused, setRefused] = useState<BulkResult[] | null>(null);
  const [error, setError] = useState<string | null>(null);
  const running = through !== null;
  const asking = !running && refused === null;

  // How many need a new sponsor is still to be told when one is named; until then, this and the next are one question.
  const unsponsored = argsOf(bulk.command, { ...given, sponsor: null });
  const { data: without } = useQuery({
    ...foreseenQuery(bulk.command, target, unsponsored, asking),
    placeholderData: keepPreviousData,
  });
  const needSponsor = without?.results.filter(({ error }) => error?.code === 'sponsor_missing').length ?? 0;
  const args = needSponsor > 0 ? argsOf(bulk.command, given) : unsponsored;
  const foreseen = useQuery(foreseenQuery(bulk.command, target, args, asking));

  const { results = [], late } = foreseen.data ?? {};
  const day = bulk.command === 'extend' ? given.day : null;
  const plan = planOf(results, { day, late: late ?? [], spare });
  const total = plan.ids.length;

  const run = useGuestCommand(() => runInParts(bulk.command, plan.ids, args ?? {}, setThrough));
  const takeBack = useGuestCommand((undo: () => Promise<unknown>) => undo());

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setThrough(0);
    setError(null);
    try {
      const changed = await run(undefined);
      const succeeded = new Set(
        changed.filter((result) => result.status === 'ok').map((result) => result.id),
      );
      const before = guestsOf(target).filter((guest) => succeeded.has(guest.id));
      const undo =
        before.length === succeeded.size ? undoOf(bulk.command, args ?? {}, before, today) : undefined;
      const past = bulk.past[succeeded.size === 1 ? 0 : 1];
      done(`${guestsWords(succeeded.size)} ${past}.`, undo && (() => takeBack(undo)));
      onDone();
      const failed = changed.filter((result) => result.status !== 'ok');
      if (failed.length === 0) onClose();
      else setRefused(failed);
    } catch (failure) {
      setError(sentence(failure));
      void foreseen.refetch();
    } finally {
      setThrough(null);
    }
  };

  return (
    <Dialog
      opened
      size="lg"
      onClose={onClose}
      running={running}
      title={`${bulk.title}: ${guestsWords(sizeOf(target))}`}
    >
      {refused ? (
        <Stack gap="md">
          <Refusals
            results={refused}
            known={guestsOf(target)}
            title={`${guestsWords(refused.length)} could not be changed`}
          />
          <Group justify="flex-end">
            <Button onClick={onClose}>Close</Button>
          </Group>
        </Stack>
      ) : (
        <form onSubmit={submit}>
          <Stack gap="md">
            <BulkFields
              command={bulk.command}
              given={given}
              onChange={(patch) => setGiven((now) => ({ ...now, ...patch }))}
              without={guestsOf(target).map((guest) => guest.id)}
              needSponsor={needSponsor}
            />
            {args && (
              <BulkForeseen
                query={foreseen}
                plan={plan}
                will={bulk.will}
                known={[...guestsOf(target), ...(late ?? [])]}
                day={day}
                spare={spare}
                onSpare={setSpare}
              />
            )}
            {error && <ErrorAlert>{error}</ErrorAlert>}
            {running && (
              <Stack gap={4} role="status">
                <Progress value={total ? (100 * through) / total : 100} animated aria-label="Progress" />
                <Text fz="xs" c="dimmed" className="tabular">
                  {through.toLocaleString()} of {total.toLocaleString()}
                </Text>
              </Stack>
            )}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={onClose} disabled={running}>
                Cancel
              </Button>
              <Button
                type="submit"
                color={bulk.danger ? 'red.8' : undefined}
                loading={running}
                disabled={total === 0 || foreseen.isFetching}
              >
                {buttonWords(bulk.command, bulk.verb, plan)}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}
