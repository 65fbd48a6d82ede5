/** "an" before a vowel. Names of objects are the organization's own, so this is a guess. */
export function article(noun: string): 'a' | 'an' {
  return /^[aeiou]/i.test(noun) ? 'an' : 'a';
}
