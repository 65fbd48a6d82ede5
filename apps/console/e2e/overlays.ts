// Everything that opens over a page: dialogs, drawers, menus, popovers and pickers, with what opens each. They are
// checked as pages are; overlays.spec.ts says for what.
import type { Locator, Page } from '@playwright/test';
import type { Api } from './api';
import { type ConsolePage, PAGES } from './pages';
import { SALES } from './people';

type Find = (page: Page) => Locator;

export interface Overlay {
  /** What opens it, and has the focus again when it is closed. */
  opener: Find;
  /** The entry to choose of the menu that opens first. */
  entry?: string;
  shows: Find;
  /** The field that opens it keeps the focus, for one may go on typing. */
  typing?: boolean;
  /** One walks through it with the arrow keys, which scroll it. */
  walked?: boolean;
  /** The key that opens it, where a click doesn’t. */
  key?: string;
  /** Where it can be opened, when not on both. */
  only?: 'desk' | 'phone';
  /** What opens over it. */
  holds?: Overlay[];
}

export interface Place extends Pick<ConsolePage, 'name' | 'path' | 'as' | 'prepare'> {
  overlays: Overlay[];
}

const button =
  (name: string | RegExp): Find =>
  (page) =>
    page.getByRole('button', { name, exact: true }).first();
const box =
  (name: string): Find =>
  (page) =>
    page.getByRole('combobox', { name, exact: true });
const menu =
  (name?: string | RegExp): Find =>
  (page) =>
    page.getByRole('menu', { name, exact: true });
const dialog =
  (name: string | RegExp): Find =>
  (page) =>
    page.getByRole('dialog', { name });
const options =
  (name: string): Find =>
  (page) =>
    page.getByRole('listbox', { name, exact: true });

/** A button that opens a dialog. */
const opens = (name: string | RegExp, title: string | RegExp, holds?: Overlay[]): Overlay => ({
  opener: button(name),
  shows: dialog(title),
  holds,
});

/** A button that opens a menu. */
const menuOf = (name: string | RegExp, more: Partial<Overlay> = {}): Overlay => ({
  opener: button(name),
  shows: menu(name),
  ...more,
});

/** An entry of a menu that opens another one beside it. */
const submenu = (name: string): Overlay => ({
  opener: (page) => page.getByRole('menuitem', { name, exact: true }),
  key: 'Enter',
  shows: menu(name),
  walked: true,
});

/** An entry of a menu that opens a dialog. */
const chosen = (
  name: string | RegExp,
  entry: string,
  title: string | RegExp,
  holds?: Overlay[],
): Overlay => ({
  opener: button(name),
  entry,
  shows: dialog(title),
  holds,
});

/** A field with options to pick from. */
const picks = (name: string): Overlay => ({ opener: box(name), shows: options(name), typing: true });

/** A day that is typed, or picked from a calendar. */
const typesDay = (name: string): Overlay => ({
  opener: (page) => page.getByRole('textbox', { name, exact: true }),
  shows: (page) => page.getByRole('table').filter({ hasText: /Mo\s*Tu\s*We/ }),
  typing: true,
});

/** The editor of a value of the first record in the list, by the number of its column. */
const edits = (column: number, title: string): Overlay => ({
  opener: (page) => page.getByRole('row').nth(1).getByRole('gridcell').nth(column),
  key: 'F2',
  shows: dialog(title),
  only: 'desk',
});

/** A page of the list of pages, at another address or as it is. */
function on(name: string, overlays: Overlay[], path?: ConsolePage['path']): Place {
  const page = PAGES.find((page) => page.name === name);
  if (!page) throw new Error(`there is no page ${name}`);
  return { name, as: page.as, path: path ?? page.path, overlays };
}

const NOAH = 'Actions for Noah Zhang';
const VALENTINA = 'Actions for Valentina Weber';

export const PLACES: Place[] = [
  on('home', [
    {
      opener: button('Open the menu'),
      shows: (page) => page.getByRole('navigation', { name: 'Main' }),
      only: 'phone',
    },
    { ...menuOf('Ada Admin: settings and sign out'), only: 'desk' },
    { opener: button(/^Find/), shows: dialog('Find'), only: 'desk' },
  ]),
  on(
    'guests',
    [
      opens('Add guest', 'Add a guest', [typesDay('Last day'), picks('Profile'), picks('Sponsor')]),
      menuOf('Filter', { holds: [submenu('Status')] }),
      menuOf('Status: Active'),
      { ...menuOf('Choose columns'), only: 'desk' },
      menuOf('Newest first'),
      menuOf(NOAH),
      chosen(NOAH, 'Extend access', 'Extend access: Noah Zhang', [typesDay('Last day')]),
      chosen(NOAH, 'Shorten access', 'Shorten access: Noah Zhang'),
      chosen(NOAH, 'Change profile', 'Change profile: Noah Zhang', [picks('Profile')]),
      chosen(NOAH, 'Change license', 'Change license: Noah Zhang', [picks('License')]),
      chosen(NOAH, 'Revoke access', 'Revoke access: Noah Zhang'),
      chosen(NOAH, 'Delete', 'Delete Noah Zhang'),
    ],
    '/guests?status=active&q=noah',
  ),
  {
    ...on(
      'guests',
      [
        { ...menuOf('More'), only: 'desk' },
        opens('Extend', /^Change the last day: \d+ guests/),
        opens('Revoke', /^Revoke access: \d+ guests/),
        chosen('More', 'Change profile', /^Change profile: \d+ guests/),
        chosen('More', 'Delete', /^Delete guests: \d+ guests/),
      ],
      '/guests?q=helpdesk-plus',
    ),
    name: 'guests, some picked',
    prepare: async (page) => {
      for (const box of (await page.getByRole('checkbox', { name: /^Select (?!all)/ }).all()).slice(0, 2)) {
        await box.click();
      }
      await page.getByRole('region', { name: 'Selected guests' }).waitFor();
    },
  },
  on('guest', [
    opens('Edit', 'Edit Noah Zhang', [picks('Sponsor')]),
    menuOf('More'),
    opens('Extend access', /^Extend access/),
  ]),
  on(
    'users',
    [
      opens('Add user', 'Add a user', [picks('Role')]),
      menuOf('Filter', { holds: [submenu('Role')] }),
      { ...menuOf('Choose columns'), only: 'desk' },
      menuOf(VALENTINA),
      chosen(VALENTINA, 'Change profile', 'Change profile: Valentina Weber'),
      chosen(VALENTINA, 'Change role', 'Change role: Valentina Weber'),
      chosen(VALENTINA, 'Change license', 'Change license: Valentina Weber'),
      chosen(VALENTINA, 'Deactivate', 'Deactivate Valentina Weber'),
      chosen(VALENTINA, 'Delete', 'Delete Valentina Weber'),
    ],
    '/users?q=valentina weber',
  ),
  on('user', [opens('Edit', 'Edit Valentina Weber'), menuOf('Actions')]),
  on('licenses', [
    opens('Add license', 'Add license'),
    menuOf('Actions for Full'),
    chosen('Actions for Full', 'Name and seats', 'Edit Full'),
    chosen('Actions for Full', 'Delete', 'Delete Full'),
  ]),
  on(
    'roles',
    [
      picks('Find a role'),
      picks('Find a person in the roles'),
      opens('Move to…', 'Move Support Director', [picks('Below')]),
      opens('Rename', 'Rename Support Director'),
      opens('Add below', 'Add role'),
      opens('Delete', 'Delete Support Director'),
    ].map((overlay) => ({ ...overlay, only: 'desk' as const })),
    async ({ api }) => `/roles?role=${(await api.first('/roles?q=Support%20Director')).id}`,
  ),
  {
    ...on('roles', [
      picks('Find a role'),
      {
        opener: (page) =>
          page.getByRole('region', { name: 'User roles' }).getByRole('button', { name: /^Chief Executive/ }),
        shows: dialog('Role'),
        only: 'phone',
        holds: [opens('Move to…', 'Move Chief Executive'), opens('Delete', 'Delete Chief Executive')],
      },
    ]),
    name: 'roles on a phone',
  },
  on('profiles', [
    opens('Add a profile', 'Add a profile'),
    opens('Set many at once', 'Set many at once', [picks('View records')]),
    menuOf('Actions for Sales'),
    chosen('Actions for Sales', 'Copy', 'Copy Sales'),
    chosen('Actions for Sales', 'Rename', 'Rename Sales'),
    chosen('Actions for Sales', 'Delete', 'Sales is in use'),
  ]),
  on('profile', [
    { opener: button(/^Deals, View records:/), shows: menu(/^Deals, View records/) },
    menuOf('Actions for Sales'),
    opens('Copy', 'Copy Sales'),
  ]),
  {
    ...on('profile', [
      opens('Preview and save', 'What this changes for Sales'),
      {
        opener: (page) => page.getByRole('link', { name: 'Access control' }).last(),
        shows: dialog('Leave without saving?'),
      },
    ]),
    name: 'profile, changed',
    prepare: async (page) => {
      await page.getByRole('button', { name: /^Deals, View records:/ }).click();
      await page.getByRole('menuitemradio', { name: /^Owned by anyone/ }).click();
    },
  },
  on('objects', [
    opens('Add an object', 'Add an object'),
    menuOf('Actions for Deals'),
    chosen('Actions for Deals', 'Delete', 'Delete Deals?'),
  ]),
  on('object', [
    opens('Add a field', 'Add a field to deals', [picks('Type')]),
    { ...opens('Edit Amount', 'Edit Amount'), only: 'desk' },
    menuOf('Actions for Amount'),
    chosen('Actions for Amount', 'Edit', 'Edit Amount'),
    chosen('Actions for Amount', 'Delete', 'Delete the field Amount?'),
    menuOf('Actions for Deals'),
    chosen('Actions for Deals', 'Rename', 'Rename Deals'),
    chosen('Actions for Deals', 'Delete', 'Delete Deals?'),
  ]),
  on(
    'records',
    [
      opens('Add a deal', 'Add: Deal'),
      opens('Filter', 'Filter', [picks('Field'), picks('Comparison')]),
      opens('Why can’t someone see a deal?', /^Why can somebody/, [picks('Person'), picks('Deal')]),
      { ...menuOf('Choose columns'), only: 'desk' },
      menuOf('Actions for Harbour crane'),
      chosen('Actions for Harbour crane', 'Why?', /^Why can somebody/),
      chosen('Actions for Harbour crane', 'Delete', 'Delete Harbour crane?'),
      opens('Why do I see Harbour crane?', /^Why can somebody/),
      edits(0, 'Edit Name'),
      edits(1, 'Edit Owner'),
    ],
    async ({ api }) => {
      await harbourCrane(api);
      return '/records/deal?q=harbour';
    },
  ),
  on(
    'record',
    [
      opens('Why?', /^Why can somebody/),
      menuOf('Actions for Harbour crane'),
      chosen('Actions for Harbour crane', 'Delete', 'Delete Harbour crane?'),
      opens('Edit Name', 'Edit Name'),
      opens('Edit Owner', 'Edit Owner'),
      opens('Edit Stage', 'Edit Stage'),
      opens('Edit Closes on', 'Edit Closes on'),
    ],
    async ({ api }) => `/records/deal/${await harbourCrane(api)}`,
  ),
  on('audit-log', [picks('Done by'), picks('What happened'), opens('From and until', 'From and until')]),
  on('settings', [picks('Time zone'), opens('Shut out all guests', 'Shut out every guest?')]),
  on(
    'api-tokens',
    [
      opens('New token', 'New API token', [picks('It ends')]),
      opens('Delete Nightly export', 'Delete “Nightly export”?'),
    ],
    async ({ api }) => {
      await api.post('/api-tokens', { name: 'Nightly export', kind: 'user', scopes: ['read'] });
      return '/api-tokens';
    },
  ),
  on('my-settings', [picks('Time zone'), picks('Language')]),
];

async function harbourCrane(api: Api): Promise<string> {
  const { id } = await api.person(SALES.email);
  const deal = await api.post('/objects/deal/records', { fields: { name: 'Harbour crane', owner: id } });
  return deal.id;
}
