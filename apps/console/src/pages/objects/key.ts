/** A key proposed for a name: `Sales order` → `sales_order`. A lower-case letter first, at most 40 characters. */
export function keyFor(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .replace(/ß/g, 'ss')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+/, '')
    .slice(0, 40)
    .replace(/_+$/, '');
}

/** A guess at the plural, to be corrected where it is wrong. */
export function pluralFor(singular: string): string {
  const name = singular.trim();
  if (!name) return '';
  if (/[^aeiou]y$/i.test(name)) return `${name.slice(0, -1)}ies`;
  if (/(s|x|z|ch|sh)$/i.test(name)) return `${name}es`;
  return `${name}s`;
}

/** Why a key can't be one; `null` if it can. */
export function keyProblem(key: string): string | null {
  return /^[a-z][a-z0-9_]{0,39}$/.test(key)
    ? null
    : 'A lower-case letter, then lower-case letters, digits and underscores, 40 at most.';
}
