// The six pictures of the README, into docs/images: `npm run screenshots -- --grep README`.
import type { Page } from '@playwright/test';
import { type ConsolePage, guestInvitation } from './pages';
import { ADMIN, SALES } from './people';
import type { Vestibule } from './server';

/** Valentina is in sales; this deal belongs to somebody in another region. */
async function somebodyElsesDeal({ api }: Vestibule): Promise<string> {
  const sales = await api.person(SALES.email);
  const people = await api.get(`/users?profile_id=${sales.profile_id}&status=active&limit=200`);
  const owner = people.items.find(
    (person: { role_id: string | null }) => person.role_id && person.role_id !== sales.role_id,
  );
  const deal = await api.post('/objects/deal/records', {
    fields: { name: 'Harbour crane', amount: 218_750, owner: owner.id },
  });
  return `/records/deal/${deal.id}`;
}

async function askWhyValentina(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Why?' }).first().click();
  const why = page.getByRole('dialog');
  await why.getByRole('combobox', { name: 'Person' }).fill(SALES.name);
  await page
    .getByRole('option', { name: new RegExp(SALES.name) })
    .first()
    .click();
  await why.getByRole('heading', { name: /can’t see/ }).waitFor();
  await why.getByRole('list', { name: 'What the colours mean' }).waitFor();
}

async function previewOfSales(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Deals, View records:/ }).click();
  await page.getByRole('menuitemradio', { name: /^Owned by anyone/ }).click();
  await page.getByRole('button', { name: 'Preview and save' }).click();
  await page
    .getByRole('dialog')
    .getByText(/people gain/)
    .first()
    .waitFor();
}

/** In the order in which the README shows them. */
export const PICTURES: (ConsolePage & { phone?: boolean; height?: number })[] = [
  { name: 'guests', path: '/guests', as: ADMIN },
  {
    name: 'profile',
    path: async ({ api }) => `/access-control/${(await api.profile('Sales')).id}`,
    as: ADMIN,
    prepare: previewOfSales,
  },
  { name: 'why', path: somebodyElsesDeal, as: ADMIN, prepare: askWhyValentina, height: 1180 },
  {
    name: 'roles',
    path: async ({ api }) => `/roles?person=${(await api.get('/users?q=Hiroshi%20Zhang')).items[0].id}`,
    as: ADMIN,
  },
  { name: 'access-calendar', path: '/access-calendar', as: ADMIN },
  { name: 'claim-phone', path: guestInvitation, phone: true },
];
