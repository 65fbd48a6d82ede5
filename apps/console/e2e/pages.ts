// Every page of the console, as src/routes.tsx maps them, and who looks at it. Accessibility is checked on all of
// them, and the screenshots show all of them.
import type { Page } from '@playwright/test';
import { ADMIN, GUEST, ORG, type Person } from './people';
import type { Vestibule } from './server';

export interface ConsolePage {
  /** Its name in reports and the name of its pictures. */
  name: string;
  /** The path, or how to find one. */
  path: string | ((vestibule: Vestibule) => Promise<string>);
  /** Who looks at it; nobody is signed in when left out. */
  as?: Person;
  /** What to do there before looking. */
  prepare?: (page: Page) => Promise<void>;
  /** Whether the server answers this page with a refusal on purpose: status, and path below the origin. */
  refused?: { status: number; path: RegExp };
}

const guest = async ({ api }: Vestibule) => `/guests/${(await api.person(GUEST.email)).id}`;

export const PAGES: ConsolePage[] = [
  { name: 'sign-in', path: '/sign-in' },
  { name: 'claim', path: guestInvitation },
  { name: 'claim-used', path: '/claim#token=nothing', refused: { status: 410, path: /claims\/preview$/ } },
  { name: 'reset', path: '/reset' },
  { name: 'reset-link', path: resetLink },
  { name: 'access-ended', path: '/access-ended' },

  { name: 'home', path: '/', as: ADMIN },
  { name: 'guests', path: '/guests', as: ADMIN },
  { name: 'guest', path: guest, as: ADMIN },
  { name: 'access-calendar', path: '/access-calendar', as: ADMIN },
  { name: 'users', path: '/users', as: ADMIN },
  {
    name: 'user',
    path: async ({ api }) => `/users/${(await api.person('valentina.weber21@acme.example')).id}`,
    as: ADMIN,
  },
  { name: 'licenses', path: '/licenses', as: ADMIN },
  { name: 'roles', path: '/roles', as: ADMIN },
  { name: 'profiles', path: '/access-control', as: ADMIN },
  {
    name: 'profile',
    path: async ({ api }) => `/access-control/${(await api.profile('Sales')).id}`,
    as: ADMIN,
  },
  { name: 'objects', path: '/objects', as: ADMIN },
  { name: 'object', path: '/objects/deal', as: ADMIN },
  { name: 'records', path: '/records/deal', as: ADMIN },
  { name: 'record', path: async ({ api }) => `/records/deal/${(await api.record('deal')).id}`, as: ADMIN },
  { name: 'audit-log', path: '/audit-log', as: ADMIN },
  { name: 'settings', path: '/settings', as: ADMIN },
  { name: 'api-tokens', path: '/api-tokens', as: ADMIN },
  { name: 'my-settings', path: '/me', as: ADMIN },
  { name: 'not-found', path: '/no-such-page', as: ADMIN },

  { name: 'guest-home', path: '/', as: GUEST },
  { name: 'guest-records', path: '/records/deal', as: GUEST },
  { name: 'guest-api-tokens', path: '/api-tokens', as: GUEST },
  { name: 'guest-my-settings', path: '/me', as: GUEST },
  { name: 'guest-not-allowed', path: '/guests', as: GUEST },
];

/** The path of a page on this server. */
export async function pathOf({ path }: ConsolePage, vestibule: Vestibule): Promise<string> {
  return typeof path === 'string' ? path : path(vestibule);
}

/** The path that the mail to somebody invited just now leads to. */
export async function guestInvitation({ api, mail }: Vestibule): Promise<string> {
  const guest = await api.invite('Petra', 'Lindgren');
  return mail.link(guest.email, 'claim');
}

async function resetLink({ api, mail }: Vestibule): Promise<string> {
  await api.post('/password-resets', { org: ORG, email: GUEST.email });
  return mail.link(GUEST.email, 'reset');
}
