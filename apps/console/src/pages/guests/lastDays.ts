import type { BulkResult, Guest } from '../../api/schema';

/** What a new last day does to somebody's access. */
export type Turn = 'longer' | 'shorter' | 'same';

export function turnOf(former: string, day: string): Turn {
  if (former === day) return 'same';
  return former < day ? 'longer' : 'shorter';
}

/** What a command would do to whom. */
export interface Plan {
  /** Whom it is sent for. */
  ids: string[];
  refused: BulkResult[];
  /** Of those that it could be sent for, where there is a new last day: whom it does what to. */
  turns: Record<Turn, string[]>;
}

/**
 * Sorts out what was foreseen. `day` is the new last day, where there is one, and `late` are those whose access doesn't
 * end before it. Whoever has that day already is left out; those who would lose days are too when they are to be spared.
 */
export function planOf(
  results: BulkResult[],
  { day, late, spare }: { day: string | null; late: Pick<Guest, 'id' | 'access_ends_on'>[]; spare: boolean },
): Plan {
  const plan: Plan = { ids: [], refused: [], turns: { longer: [], shorter: [], same: [] } };
  const former = new Map(late.map((guest) => [guest.id, guest.access_ends_on]));
  for (const result of results) {
    if (result.status !== 'ok') {
      plan.refused.push(result);
      continue;
    }
    const turn = day && turnOf(former.get(result.id) ?? '', day);
    if (turn) plan.turns[turn].push(result.id);
    if (turn !== 'same' && !(spare && turn === 'shorter')) plan.ids.push(result.id);
  }
  return plan;
}
