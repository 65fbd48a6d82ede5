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

function count(people: number): string {
  return people === 1 ? '1 person' : `${people.toLocaleString('en-GB')} people`;
}
