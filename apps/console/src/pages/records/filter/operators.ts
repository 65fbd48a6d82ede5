import type { CustomObject, Field, FieldType } from '../../../api/schema';
import { isNumeric } from '../../../components/fields/fieldTypes';
import type { Operator } from './scim';

const FILLED: [Operator, string][] = [
  ['pr', 'is filled in'],
  ['empty', 'is empty'],
];
const TEXT: [Operator, string][] = [
  ['co', 'contains'],
  ['eq', 'is'],
  ['ne', 'is not'],
  ['sw', 'starts with'],
  ['ew', 'ends with'],
  ...FILLED,
];
const NUMBER: [Operator, string][] = [
  ['eq', 'is'],
  ['ne', 'is not'],
  ['gt', 'is more than'],
  ['ge', 'is at least'],
  ['lt', 'is less than'],
  ['le', 'is at most'],
  ...FILLED,
];
const DAY: [Operator, string][] = [
  ['ge', 'is on or after'],
  ['gt', 'is after'],
  ['le', 'is on or before'],
  ['lt', 'is before'],
  ['eq', 'is on'],
  ['ne', 'is not on'],
  ...FILLED,
];
/** A moment is hardly ever the very same. */
const MOMENT = DAY.filter(([operator]) => operator !== 'eq' && operator !== 'ne');
const ONE_OF: [Operator, string][] = [['eq', 'is'], ['ne', 'is not'], ...FILLED];
const SEVERAL: [Operator, string][] = [['eq', 'includes'], ['ne', 'doesn’t include'], ...FILLED];

/** How values of a type can be compared, in words; the first is the one that is proposed. */
export function operatorsOf(type: FieldType): [Operator, string][] {
  if (isNumeric(type)) return NUMBER;
  switch (type) {
    case 'date':
      return DAY;
    case 'date_time':
      return MOMENT;
    case 'choice':
    case 'boolean':
    case 'user':
    case 'record':
      return ONE_OF;
    case 'multi_choice':
      return SEVERAL;
    default:
      return TEXT;
  }
}

/** The words of an operator. */
export function operatorWords(type: FieldType, operator: Operator): string {
  return operatorsOf(type).find(([known]) => known === operator)?.[1] ?? operator;
}

const BASE = { help: null, required: false, unique: false };

/** What records can be filtered by besides their fields. */
export const RECORD_FIELDS: Field[] = [
  { ...BASE, key: 'created_at', label: 'Created', type: 'date_time' },
  { ...BASE, key: 'updated_at', label: 'Last changed', type: 'date_time' },
  { ...BASE, key: 'external_id', label: 'External ID', type: 'text' },
];

/** Everything that an object's records can be filtered by. */
export function filterFields(object: CustomObject): Field[] {
  const own = new Set(object.fields.map((field) => field.key));
  return [...object.fields, ...RECORD_FIELDS.filter((field) => !own.has(field.key))];
}

/** Whether values of this type stand in a filter without quotes. */
export function isBare(type: FieldType): boolean {
  return isNumeric(type) || type === 'boolean';
}
