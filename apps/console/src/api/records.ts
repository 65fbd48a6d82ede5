import { queryOptions } from '@tanstack/react-query';
import { api, data, ifMatch, type Versioned, versioned } from './client';
import { parseExact } from './exact';
import type {
  CustomObject,
  FieldType,
  NewRecord,
  RecordPage,
  RecordPatch,
  RecordWithNames,
  Record as StoredRecord,
} from './schema';

/** A record with the names of what it names. */
export type NamedRecord = RecordWithNames;

/** What is asked of a list of records. */
export interface RecordListQuery {
  filter?: string;
  sort?: string;
  cursor?: string;
  limit?: number;
  count?: boolean;
}

/** One page of an object's records, with names. */
export async function recordPage(object: string, asked: RecordListQuery): Promise<RecordPage> {
  const query = { ...asked, names: true };
  const text = await data(
    api.GET('/api/v1/objects/{key}/records', { params: { path: { key: object }, query }, parseAs: 'text' }),
  );
  return parseExact<RecordPage>(text);
}

/** One record, with names, and the version to change it from. */
export async function loadRecord(object: string, id: string): Promise<Versioned<NamedRecord>> {
  const { value, etag } = await versioned(
    api.GET('/api/v1/objects/{key}/records/{id}', {
      params: { path: { key: object, id }, query: { names: true } },
      parseAs: 'text',
    }),
  );
  return { value: parseExact<NamedRecord>(value), etag };
}

/** {@link loadRecord}, kept. */
export function recordQuery(object: string, id: string) {
  return queryOptions({ queryKey: ['record', object, id], queryFn: () => loadRecord(object, id) });
}

/** Changes a record as it was at this version. */
export async function changeRecord(
  object: string,
  id: string,
  etag: string | undefined,
  patch: RecordPatch,
): Promise<Versioned<StoredRecord>> {
  const { value, etag: after } = await versioned(
    api.PATCH('/api/v1/objects/{key}/records/{id}', {
      params: { path: { key: object, id } },
      headers: ifMatch(etag),
      body: patch,
      parseAs: 'text',
    }),
  );
  return { value: parseExact<StoredRecord>(value), etag: after };
}

/** Makes a record. */
export async function addRecord(object: string, body: NewRecord): Promise<StoredRecord> {
  const text = await data(
    api.POST('/api/v1/objects/{key}/records', { params: { path: { key: object } }, body, parseAs: 'text' }),
  );
  return parseExact<StoredRecord>(text);
}

/** Deletes a record. */
export function deleteRecord(object: string, id: string): Promise<unknown> {
  return data(api.DELETE('/api/v1/objects/{key}/records/{id}', { params: { path: { key: object, id } } }));
}

/** An object, and the version to change it from. */
export function objectQuery(key: string) {
  return queryOptions({
    queryKey: ['object', key],
    queryFn: () => versioned(api.GET('/api/v1/objects/{key}', { params: { path: { key } } })),
  });
}

/** A few records whose words contain this text, for pickers. */
export function recordSearchQuery(object: CustomObject | undefined, q: string) {
  return queryOptions({
    queryKey: ['records', object?.key ?? '', 'search', q],
    queryFn: () =>
      recordPage(object?.key ?? '', { filter: (object && searchFilter(object, q)) || undefined, limit: 20 }),
    staleTime: 30_000,
  });
}

const WORDS: readonly FieldType[] = ['text', 'email', 'url', 'phone', 'choice'];

/** The filter for records with this text in one of their words; none for no text. */
export function searchFilter(object: CustomObject, q: string): string {
  const text = q.trim();
  if (!text) return '';
  // A filter may have a hundred comparisons; twenty leave room for what else is asked.
  const keys = object.fields.filter((field) => WORDS.includes(field.type)).map((field) => field.key);
  return [...keys.slice(0, 20), 'external_id'].map((key) => `${key} co ${JSON.stringify(text)}`).join(' or ');
}
