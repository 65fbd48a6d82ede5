import createClient from 'openapi-fetch';
import { ApiProblem, asProblem } from './problem';
import type { Problem, paths } from './schema';
import { sessionOver } from './sessionOver';

/** The typed client of the HTTP API. The browser sends the session cookie along by itself. */
export const api = createClient<paths>({ baseUrl: window.location.origin, credentials: 'same-origin' });

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** What the server answered, or an {@link ApiProblem} thrown. */
export async function data<T>(answer: Promise<Answer<T>>): Promise<T> {
  return (await versioned(answer)).value;
}

/** A value and the version under which changes to it may be sent back (`If-Match`). */
export interface Versioned<T> {
  value: T;
  etag: string;
}

/** As {@link data}, with the ETag. */
export async function versioned<T>(answer: Promise<Answer<T>>): Promise<Versioned<T>> {
  let got: Answer<T>;
  try {
    got = await answer;
  } catch (error) {
    throw asProblem(error);
  }
  if (!got.response.ok) {
    const body = typeof got.error === 'object' && got.error !== null ? (got.error as Partial<Problem>) : {};
    const wait = Number(got.response.headers.get('Retry-After'));
    const problem = new ApiProblem(got.response.status, body, wait > 0 ? wait : undefined);
    notice(problem, got.response);
    throw problem;
  }
  return { value: got.data as T, etag: got.response.headers.get('ETag') ?? '' };
}

/**
 * An ended session is noticed here, whoever asked: queries, forms, dialogs. Whether anybody is signed in at all is a
 * question that may be answered with no: `sessionQuery` decides what that means.
 */
function notice(problem: ApiProblem, response: Response): void {
  if (problem.status !== 401 || problem.code === 'sign_in_refused') return;
  if (new URL(response.url, window.location.origin).pathname !== '/api/v1/session') sessionOver(problem);
}

/** The header that makes a change depend on the version it was made from. */
export function ifMatch(etag: string | undefined): { 'If-Match': string } | undefined {
  return etag ? { 'If-Match': etag } : undefined;
}

/** One page of a list. */
export interface Page<T> {
  items: T[];
  next_cursor: string | null;
  total?: number;
}

/** Every item of a list whose length is bounded by the org itself: roles, profiles, licenses, objects. */
export async function everyItem<T>(page: (cursor: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const next = await page(cursor);
    items.push(...next.items);
    cursor = next.next_cursor ?? undefined;
  } while (cursor);
  return items;
}
