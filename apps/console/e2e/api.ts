// The API as the tests use it: to arrange what a page should show, and to look at what it has done.
import { PASSWORD, type Person } from './people';

export interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
}

// biome-ignore lint/suspicious/noExplicitAny: the tests look at single members of many answers
export type Json = any;

export class Api {
  constructor(
    private readonly url: string,
    private readonly token?: string,
  ) {}

  /** Sends a request and answers whatever comes back; `path` is below /api/v1. */
  async send<T = Json>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const answer = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        ...(this.token && { authorization: `Bearer ${this.token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text ? JSON.parse(text) : undefined };
  }

  async get<T = Json>(path: string): Promise<T> {
    return this.good('GET', path);
  }

  async post<T = Json>(path: string, body: unknown = {}): Promise<T> {
    return this.good('POST', path, body);
  }

  async put<T = Json>(path: string, body: unknown): Promise<T> {
    return this.good('PUT', path, body);
  }

  async patch<T = Json>(path: string, body: unknown): Promise<T> {
    return this.good('PATCH', path, body);
  }

  async delete(path: string, body?: unknown): Promise<void> {
    await this.good('DELETE', path, body);
  }

  private async good<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.send<T>(method, path, body);
    if (answer.status >= 300) {
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    }
    return answer.body;
  }

  /** The first item of a list, which has to have one. */
  async first(path: string): Promise<Json> {
    const [item] = (await this.get(path)).items;
    if (!item) throw new Error(`nothing in ${path}`);
    return item;
  }

  /** The user or guest with this email. */
  async person(email: string): Promise<Json> {
    const query = `email=${encodeURIComponent(email)}`;
    const guests = (await this.get(`/guests?${query}`)).items;
    const found = guests[0] ?? (await this.get(`/users?${query}`)).items[0];
    if (!found) throw new Error(`nobody is ${email}`);
    return found;
  }

  /** The profile of this name. */
  async profile(name: string): Promise<Json> {
    const found = (await this.get('/profiles?limit=200')).items.find((p: Json) => p.name === name);
    if (!found) throw new Error(`no profile is named ${name}`);
    return found;
  }

  /** The first record of an object that matches; the query as in the list of records, without a question mark. */
  async record(object: string, query = ''): Promise<Json> {
    return this.first(`/objects/${object}/records?limit=1&${query}`);
  }

  /** Invites a guest of this name, for 30 days on the Partner profile unless told otherwise. */
  async invite(first: string, last: string, more: Record<string, unknown> = {}): Promise<Json> {
    return this.post('/guests', {
      first_name: first,
      last_name: last,
      email: `${ascii(first)}.${ascii(last)}@guests.example`,
      profile_id: (await this.profile('Partner')).id,
      access_ends_on: inDays(30),
      reason: 'Made by a test',
      ...more,
    });
  }

  /** Claims an account with the token of a link such as "/claim#token=…". */
  async claim(link: string, password = PASSWORD): Promise<void> {
    await new Api(this.url).post('/claims', { token: tokenOf(link), password });
  }

  /** Signs in; answers the token of the session and when it ends. */
  async signIn(org: string, person: Pick<Person, 'email'>, password = PASSWORD): Promise<SignedIn> {
    return new Api(this.url).post('/sessions', { org, email: person.email, password });
  }
}

export interface SignedIn {
  token: string;
  expires_at: string;
}

/** The token in a mailed link. */
export function tokenOf(link: string): string {
  const token = new URLSearchParams(link.split('#')[1]).get('token');
  if (!token) throw new Error(`no token in ${link}`);
  return token;
}

/** The date so many days from today, as YYYY-MM-DD, where the sample organization lives. */
export function inDays(days: number): string {
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Berlin' }).format(new Date());
  const date = new Date(`${today}T12:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** A name as it stands in an address. */
function ascii(name: string): string {
  return name
    .normalize('NFD')
    .replace(/[^a-z]/gi, '')
    .toLowerCase();
}
