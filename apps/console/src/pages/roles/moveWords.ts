/** Who comes along. */
export function movedWords(people: number, role: string): string {
  if (people === 0) return `Nobody is in ${role} or below it, so nobody moves along.`;
  if (people === 1) return `1 person moves along with ${role} and what is below it.`;
  return `${people.toLocaleString('en-GB')} people move along with ${role} and what is below it.`;
}

/** Whose reports change. */
export function reportsWords(gaining: number, losing: number): string {
  if (gaining === 0 && losing === 0) return 'Nobody’s reports change.';
  const gains = `${count(gaining)} ${gaining === 1 ? 'gains' : 'gain'} reports`;
  const loses = `${count(losing)} ${losing === 1 ? 'loses' : 'lose'} some`;
  if (losing === 0) return `${gains}; nobody loses any.`;
  if (gaining === 0) return `${count(losing)} ${losing === 1 ? 'loses' : 'lose'} reports; nobody gains any.`;
  return `${gains}; ${loses}.`;
}

/** So many people are named in a sentence; more are counted. */
const NAMED = 3;

/**
 * "1 person gains 1,303 deals to view", with the names of the people whose reports come, or go.
 *
 * Nobody else gains or loses records by a move: where as many gain records as get reports, they are the same people.
 */
export function withNames(text: string, names: readonly string[]): string {
  const counted = `${count(names.length)} `;
  if (names.length === 0 || names.length > NAMED || !text.startsWith(counted)) return text;
  return `${new Intl.ListFormat('en-GB').format(names)} ${text.slice(counted.length)}`;
}

function count(people: number): string {
  return people === 1 ? '1 person' : `${people.toLocaleString('en-GB')} people`;
}
