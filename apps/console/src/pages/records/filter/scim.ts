/*
 * Filters of records in the grammar of SCIM (RFC 7644, section 3.4.2.2): what the builder can show of it, written and
 * read. Whatever else the server understands can be typed as text.
 */

/** How a value is compared. `empty` is `not (… pr)`. */
export type Operator = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le' | 'pr' | 'empty';

export interface Condition {
  field: string;
  operator: Operator;
  /** As text; of no meaning to `pr` and `empty`. */
  value: string;
}

export interface Filter {
  join: 'and' | 'or';
  conditions: Condition[];
}

/** Whether an operator compares with a value. */
export function takesValue(operator: Operator): boolean {
  return operator !== 'pr' && operator !== 'empty';
}

/** The filter as text; `bare` says which fields' values stand without quotes: numbers, yes and no. */
export function writeFilter(filter: Filter, bare: (field: string) => boolean): string {
  return filter.conditions
    .map(({ field, operator, value }) => {
      if (operator === 'empty') return `not (${field} pr)`;
      if (operator === 'pr') return `${field} pr`;
      return `${field} ${operator} ${bare(field) ? value : JSON.stringify(value)}`;
    })
    .join(` ${filter.join} `);
}

const TOKEN = /\s*(?:("(?:[^"\\]|\\.)*")|([()])|([^\s()"]+))/y;

type Token =
  | { kind: 'text'; value: string }
  | { kind: 'word'; value: string }
  | { kind: '(' }
  | { kind: ')' };

function tokens(text: string): Token[] | null {
  const found: Token[] = [];
  let at = 0;
  while (text.slice(at).trim() !== '') {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (!match) return null;
    at = TOKEN.lastIndex;
    const [, quoted, parenthesis, word] = match;
    if (quoted !== undefined) {
      try {
        found.push({ kind: 'text', value: JSON.parse(quoted) as string });
      } catch {
        return null;
      }
    } else if (parenthesis === '(' || parenthesis === ')') found.push({ kind: parenthesis });
    else if (word !== undefined) found.push({ kind: 'word', value: word });
  }
  return found;
}

const COMPARING: readonly string[] = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'];

/** What the builder can show of a filter; `null` for what only the text can say. */
export function readFilter(text: string): Filter | null {
  const all = tokens(text);
  if (!all) return null;
  const conditions: Condition[] = [];
  let join: Filter['join'] | undefined;
  let at = 0;
  const word = (offset = 0): string | undefined => {
    const token = all[at + offset];
    return token?.kind === 'word' ? token.value : undefined;
  };
  const condition = (): Condition | null => {
    if (word()?.toLowerCase() === 'not' && all[at + 1]?.kind === '(' && all[at + 4]?.kind === ')') {
      const field = word(2);
      if (!field || word(3)?.toLowerCase() !== 'pr') return null;
      at += 5;
      return { field, operator: 'empty', value: '' };
    }
    const field = word();
    const operator = word(1)?.toLowerCase();
    if (!field || !operator) return null;
    if (operator === 'pr') {
      at += 2;
      return { field, operator: 'pr', value: '' };
    }
    const value = all[at + 2];
    if (!COMPARING.includes(operator) || !value || value.kind === '(' || value.kind === ')') return null;
    at += 3;
    return { field, operator: operator as Operator, value: value.value };
  };
  while (at < all.length) {
    const next = condition();
    if (!next) return null;
    conditions.push(next);
    if (at === all.length) break;
    const joined = word()?.toLowerCase();
    if ((joined !== 'and' && joined !== 'or') || (join && join !== joined) || at + 1 === all.length)
      return null;
    join = joined;
    at += 1;
  }
  return { join: join ?? 'and', conditions };
}
