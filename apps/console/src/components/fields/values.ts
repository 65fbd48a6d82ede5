import { exactNumber, numberWords, typedNumber } from '../../api/exact';
import type { Field } from '../../api/schema';
import { dateWords, instantWords } from '../DateText';
import { isNumeric } from './fieldTypes';
import { writtenDay } from './writtenDay';

/** A value while it is edited. Numbers are text, so that no digit is lost. */
export type Draft = string | string[];

/** The draft of a stored value. */
export function draftOf(field: Pick<Field, 'type'>, value: unknown): Draft {
  if (field.type === 'multi_choice') return Array.isArray(value) ? value.map(String) : [];
  if (value === null || value === undefined) return '';
  return String(value);
}

/** The value to store for a draft; `null` for none. Throws a sentence for what can't be one. */
export function editorValue(field: Pick<Field, 'type'>, draft: Draft): unknown {
  if (Array.isArray(draft)) return draft.length > 0 ? draft : null;
  if (draft.trim() === '') return null;
  if (field.type === 'boolean') return draft === 'true';
  if (isNumeric(field.type)) {
    const digits = typedNumber(draft);
    if (digits === null) throw new Error('This isn’t a number.');
    return exactNumber(digits);
  }
  if (field.type === 'date' && writtenDay(draft) === null)
    throw new Error('This isn’t a day, such as 14 Mar 2026.');
  return draft;
}

/** What is wrong with a draft, before the server says more; `null` if nothing is. */
export function draftProblem(field: Pick<Field, 'type' | 'required'>, draft: Draft): string | null {
  if (field.required && draft.length === 0) return 'A value is needed here.';
  try {
    editorValue(field, draft);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Whether two drafts are the same value. */
export function sameDraft(a: Draft, b: Draft): boolean {
  return Array.isArray(a) && Array.isArray(b) ? a.join('\n') === b.join('\n') : a === b;
}

/** A value in plain words, for messages. */
export function valueWords(
  field: Pick<Field, 'type'>,
  value: unknown,
  names: { readonly [id: string]: string } = {},
): string {
  if (value === null || value === undefined || value === '') return 'nothing';
  if (Array.isArray(value)) return value.length > 0 ? value.join(', ') : 'nothing';
  switch (field.type) {
    case 'boolean':
      return String(value) === 'true' ? 'Yes' : 'No';
    case 'number':
      return numberWords(value as number);
    case 'currency':
      return numberWords(value as number, { minimumFractionDigits: 2 });
    case 'percentage':
      return `${numberWords(value as number)} %`;
    case 'date':
      return dateWords(String(value));
    case 'date_time':
      return instantWords(String(value));
    case 'user':
      return names[String(value)] ?? 'a deleted person';
    case 'record':
      return names[String(value)] ?? 'a record';
    default:
      return String(value);
  }
}
