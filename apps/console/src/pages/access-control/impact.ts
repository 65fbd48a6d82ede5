import type { ActionImpacts, Levels } from '../../api/schema';
import { rank } from './levels';

/** One thing that a change of permissions brings about. */
export interface Effect {
  kind: 'gain' | 'loss';
  text: string;
}

/** What records of an object are called. */
export interface Noun {
  singular: string;
  plural: string;
}

function people(count: number): string {
  return count === 1 ? '1 person' : `${count.toLocaleString('en-GB')} people`;
}

/** `340 deals`, `1 deal`. */
export function counted(count: number, noun: Noun): string {
  return `${count.toLocaleString('en-GB')} ${lower(count === 1 ? noun.singular : noun.plural)}`;
}

/** A name within a sentence: `Deals` → `deals`, while `SLAs` stays. */
export function lower(name: string): string {
  return /^\p{Lu}\p{Ll}/u.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name;
}

function verb(count: number, word: 'gain' | 'lose'): string {
  return count === 1 ? `${word}s` : word;
}

/** What changes for the people on a profile, as sentences without a full stop; losses come last. */
export function effects(actions: ActionImpacts, noun: Noun, before?: Levels, after?: Levels): Effect[] {
  const gains: Effect[] = [];
  const losses: Effect[] = [];
  for (const key of ['view', 'edit', 'delete'] as const) {
    const { users_gaining, users_losing, records_gained, records_lost } = actions[key];
    if (users_gaining > 0) {
      const records = counted(records_gained, noun);
      gains.push({
        kind: 'gain',
        text: `${people(users_gaining)} ${verb(users_gaining, 'gain')} ${records} to ${key}`,
      });
    }
    if (users_losing > 0) {
      const records = counted(records_lost, noun);
      losses.push({
        kind: 'loss',
        text: `${people(users_losing)} ${verb(users_losing, 'lose')} ${records} to ${key}`,
      });
    }
  }
  const { users_gaining, users_losing } = actions.create;
  if (users_gaining > 0) {
    const first = before && rank(before.create) === 0;
    const text = first
      ? `may create ${lower(noun.plural)}`
      : `may create ${lower(noun.plural)} for more owners`;
    gains.push({ kind: 'gain', text: `${people(users_gaining)} ${text}` });
  }
  if (users_losing > 0) {
    const last = after && rank(after.create) === 0;
    const text = last
      ? `may no longer create ${lower(noun.plural)}`
      : `may create ${lower(noun.plural)} for fewer owners`;
    losses.push({ kind: 'loss', text: `${people(users_losing)} ${text}` });
  }
  return [...gains, ...losses];
}

/** What it comes to where nobody gains, or nobody loses. */
export function remainder(found: readonly Effect[]): string {
  const gains = found.some((effect) => effect.kind === 'gain');
  const losses = found.some((effect) => effect.kind === 'loss');
  if (gains && losses) return '';
  if (gains) return 'Nobody loses anything.';
  if (losses) return 'Nobody gains anything.';
  return 'Nobody gains or loses anything.';
}
