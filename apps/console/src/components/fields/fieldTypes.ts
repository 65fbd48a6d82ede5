import {
  type Icon,
  IconAt,
  IconCalendar,
  IconCalendarClock,
  IconCoin,
  IconHash,
  IconLetterCase,
  IconLink,
  IconListCheck,
  IconPercentage,
  IconPhone,
  IconSelect,
  IconTableShare,
  IconToggleLeft,
  IconUser,
} from '@tabler/icons-react';
import type { CustomObject, Field, FieldType } from '../../api/schema';

interface TypeWords {
  label: string;
  /** What it is for, in a few words. */
  description: string;
  icon: Icon;
}

/** What people call the types of fields, in the order in which they are offered. */
export const FIELD_TYPES: { [type in FieldType]: TypeWords } = {
  text: { label: 'Text', description: 'Words, up to 10,000 characters', icon: IconLetterCase },
  number: { label: 'Number', description: 'An exact number, such as 12 or 0.75', icon: IconHash },
  currency: { label: 'Money', description: 'An exact amount with up to 4 decimals', icon: IconCoin },
  percentage: { label: 'Percentage', description: 'An exact share, such as 12.5 %', icon: IconPercentage },
  boolean: { label: 'Yes or no', description: 'One of two', icon: IconToggleLeft },
  date: { label: 'Date', description: 'A day, without a time', icon: IconCalendar },
  date_time: {
    label: 'Date and time',
    description: 'An exact moment, in every time zone',
    icon: IconCalendarClock,
  },
  choice: { label: 'Choice', description: 'One of a few options', icon: IconSelect },
  multi_choice: { label: 'Several choices', description: 'Any of a few options', icon: IconListCheck },
  email: { label: 'Email', description: 'An email address', icon: IconAt },
  url: { label: 'Link', description: 'The address of a web page', icon: IconLink },
  phone: { label: 'Phone', description: 'A phone number', icon: IconPhone },
  user: { label: 'Person', description: 'Somebody in your organization; may mean ownership', icon: IconUser },
  record: { label: 'Record', description: 'A record of this or another object', icon: IconTableShare },
};

/** Types whose values compare as numbers, and stand right-aligned. */
export function isNumeric(type: FieldType): boolean {
  return type === 'number' || type === 'currency' || type === 'percentage';
}

/** Types whose values are words to search in. */
export function isWords(type: FieldType): boolean {
  return type === 'text' || type === 'email' || type === 'url' || type === 'phone';
}

/** The field that names a record of this object: the first text. */
export function titleField(object: CustomObject): Field | undefined {
  return object.fields.find((field) => field.type === 'text');
}

/** The fields whose people own the records. */
export function ownershipFields(object: CustomObject): Field[] {
  return object.fields.filter((field) => field.represents_ownership);
}

/** What a record is called: its first text, else its external id, else the end of its id. */
export function recordTitle(
  object: CustomObject,
  record: { id: string; external_id: string | null; fields: { [key: string]: unknown } },
): string {
  const field = titleField(object);
  const title = field && record.fields[field.key];
  if (typeof title === 'string' && title.trim()) return title;
  return record.external_id ?? `${object.singular} …${record.id.slice(-6)}`;
}
