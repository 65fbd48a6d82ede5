import type { CustomObject, Field, FieldPatch, FieldType, NewField } from '../../api/schema';
import { type Draft, draftOf, editorValue, sameDraft } from '../../components/fields/values';
import { type Merged, threeWay } from '../../components/merging/threeWay';

/** A field while it is made or changed. */
export interface FieldForm extends Record<string, unknown> {
  type: FieldType;
  label: string;
  key: string;
  help: string;
  required: boolean;
  unique: boolean;
  represents_ownership: boolean;
  /** One a line. */
  options: string;
  object: string | null;
  default: Draft;
}

export function takesOptions(type: FieldType): boolean {
  return type === 'choice' || type === 'multi_choice';
}

export function mayBeUnique(type: FieldType): boolean {
  return !['boolean', 'multi_choice', 'user', 'record'].includes(type);
}

export function takesDefault(type: FieldType): boolean {
  return type !== 'user' && type !== 'record';
}

/** The options, as typed: one a line, without blanks and doubles. */
export function optionsOf(text: string): string[] {
  return [
    ...new Set(
      text
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean),
    ),
  ];
}

/** The form of a field, or of a new one. */
export function formOf(field: Field | undefined): FieldForm {
  const type = field?.type ?? 'text';
  return {
    type,
    label: field?.label ?? '',
    key: field?.key ?? '',
    help: field?.help ?? '',
    required: field?.required ?? false,
    unique: field?.unique ?? false,
    represents_ownership: field?.represents_ownership ?? false,
    options: (field?.options ?? []).join('\n'),
    object: field?.object ?? null,
    default: draftOf({ type }, field?.default),
  };
}

/** What to send to add a field. */
export function newField(form: FieldForm): NewField {
  const { type } = form;
  return {
    key: form.key,
    label: form.label,
    type,
    help: form.help.trim() || null,
    required: form.required,
    unique: form.unique && mayBeUnique(type),
    ...(type === 'user' && { represents_ownership: form.represents_ownership }),
    ...(takesOptions(type) && { options: optionsOf(form.options) }),
    ...(type === 'record' && { object: form.object }),
    ...(takesDefault(type) && { default: editorValue({ type }, form.default) }),
  };
}

/** What to send to change a field: only what differs. */
export function fieldPatch(before: Field, form: FieldForm): FieldPatch {
  const was = formOf(before);
  return {
    ...(form.label !== was.label && { label: form.label }),
    ...(form.help.trim() !== was.help && { help: form.help.trim() || null }),
    ...(form.required !== was.required && { required: form.required }),
    ...(form.unique !== was.unique && { unique: form.unique }),
    ...(takesOptions(form.type) &&
      optionsOf(form.options).join('\n') !== was.options && { options: optionsOf(form.options) }),
    ...(takesDefault(form.type) &&
      !sameDraft(form.default, was.default) && { default: editorValue({ type: form.type }, form.default) }),
    ...(form.represents_ownership !== was.represents_ownership && {
      represents_ownership: form.represents_ownership,
    }),
  };
}

/**
 * Brings a field that somebody else has changed together with what was typed on how it was before. Both may have added
 * and taken away options: each of these counts.
 */
export function mergeField(before: Field, typed: FieldForm, now: Field): Merged<FieldForm> {
  const merged = threeWay(formOf(before), typed, formOf(now));
  if (!merged.both.includes('options')) return merged;
  const [was, mine, theirs] = [before.options ?? [], optionsOf(typed.options), now.options ?? []];
  const options = [
    ...theirs.filter((option) => mine.includes(option) || !was.includes(option)),
    ...mine.filter((option) => !was.includes(option) && !theirs.includes(option)),
  ];
  return {
    ...merged,
    values: { ...merged.values, options: options.join('\n') },
    both: merged.both.filter((path) => path !== 'options'),
  };
}

/** What follows when the owners of records change their meaning, in sentences. */
export function ownershipWords(object: CustomObject, field: Field | undefined, owning: boolean): string[] {
  const plural = object.plural.toLowerCase();
  const others = object.fields.filter((other) => other.represents_ownership && other.key !== field?.key);
  const names = others.map(({ label }) => `“${label}”`).join(', ');
  const after = owning
    ? [
        others.length > 0
          ? `Records belong to the people in this field and to those in ${names}. Anybody who reaches one of them reaches the record.`
          : 'Records belong to the people in this field. Levels such as “Assigned to them and their reports” count from them.',
      ]
    : [
        others.length > 0
          ? `The people in this field own nothing by it any more. Records belong to those in ${names}.`
          : `Nobody owns ${plural} any more: only profiles with “Owned by anyone” reach them.`,
      ];
  return [
    ...after,
    `The owners of all ${plural} are worked out anew. With many records that takes a while; until it is done, the old meaning holds.`,
  ];
}
