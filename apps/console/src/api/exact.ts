/*
 * Numbers of records are exact decimals of up to 28 digits, which a JavaScript number can't always hold. Those that
 * don't fit travel through the console as the digits that the server sent, as text.
 */

interface ReviverContext {
  source?: string;
}

interface ExactJson {
  parse: (
    text: string,
    reviver: (key: string, value: unknown, context?: ReviverContext) => unknown,
  ) => unknown;
  rawJSON?: (digits: string) => unknown;
}

const exact = JSON as ExactJson;

/** Parses an answer; numbers that would lose digits are kept as text. */
export function parseExact<T>(text: string): T {
  return exact.parse(text, (_, value, context) => {
    if (typeof value !== 'number' || context?.source === undefined) return value;
    return isShort(value, context.source) ? value : context.source;
  }) as T;
}

/** A number as the JSON value with exactly these digits. */
export function exactNumber(digits: string): unknown {
  // Browsers without raw JSON send what a number can hold.
  return exact.rawJSON ? exact.rawJSON(digits) : Number(digits);
}

/** Whether a JavaScript number holds all of it, and is written without an exponent. */
function isShort(value: number, source: string): boolean {
  const digits = source
    .replace(/[eE].*$/, '')
    .replace(/\D/g, '')
    .replace(/^0+/, '');
  return digits.length <= 15 && !String(value).includes('e');
}

/** What somebody typed as a number, as JSON writes it; `null` if it isn't one. */
export function typedNumber(typed: string): string | null {
  const text = typed.replace(/[\s\u00a0\u202f_]/g, '').replace('\u2212', '-');
  // Commas as thousands separators only; a lone decimal comma is a decimal point.
  const plain = /^[-+]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(text)
    ? text.replaceAll(',', '')
    : text.replace(',', '.');
  const match = /^([-+]?)(\d*)(?:\.(\d*))?(?:e([-+]?\d{1,2}))?$/i.exec(plain);
  if (!match || (!match[2] && !match[3])) return null;
  const [before, after] = shifted(match[2] ?? '', match[3] ?? '', Number(match[4] ?? 0));
  const whole = before.replace(/^0+(?=\d)/, '') || '0';
  return `${match[1] === '-' ? '-' : ''}${whole}${after ? `.${after}` : ''}`;
}

/** The digits before and after the point, once it has moved so many places to the right. */
function shifted(before: string, after: string, places: number): [string, string] {
  if (places >= 0) {
    const digits = after.padEnd(places, '0');
    return [before + digits.slice(0, places), digits.slice(places)];
  }
  const digits = before.padStart(-places, '0');
  return [digits.slice(0, places), digits.slice(places) + after];
}

/** `12,345.5`: digits in groups, none lost. */
export function numberWords(value: number | string, options: Intl.NumberFormatOptions = {}): string {
  const format = new Intl.NumberFormat(undefined, { maximumFractionDigits: 20, ...options });
  // Text is formatted digit by digit.
  return format.format(value as number);
}
