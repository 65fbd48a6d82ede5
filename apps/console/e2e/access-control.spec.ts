// Access control: profiles, what they permit on which records, and what their people may administer.
import type { Page } from '@playwright/test';
import type { Api, Json } from './api';
import { expectAccessible, expectNoSidewaysScroll } from './axe';
import { expect, PHONE, settled, test } from './fixtures';
import { ADMIN, GUEST_DESK, SALES } from './people';

test.use({ as: ADMIN });

/** Opens the page of a profile. */
async function openProfile(page: Page, api: Api, name: string): Promise<string> {
  const { id } = await api.profile(name);
  await page.goto(`/access-control/${id}`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
  await settled(page);
  return id;
}

/** A cell of the matrix: "Deals, Edit records". */
const cell = (page: Page, name: string) => page.getByRole('button', { name: new RegExp(`^${name}:`) });

/** Picks a level for a cell, as the contract words it. */
async function pick(page: Page, name: string, level: string): Promise<void> {
  await cell(page, name).click();
  await page.getByRole('menuitemradio', { name: new RegExp(`^${level}(?! and|,)`) }).click();
}

const preview = (page: Page) => page.getByRole('button', { name: 'Preview and save' }).click();

test('a level is changed after a look at who gains what, reaches others at once, and is taken back', async ({
  page,
  api,
  browse,
}) => {
  const theirs = await browse(SALES);
  await theirs.goto('/');
  await settled(theirs);
  const deals = async () =>
    (await (await theirs.request.get('/api/v1/objects/deal/records?limit=1&count=true')).json()).total;
  const before = await deals();

  const id = await openProfile(page, api, 'Sales');
  await pick(page, 'Deals, View records', 'Owned by anyone');
  await expect(cell(page, 'Deals, View records')).toHaveAccessibleName(/Not saved yet; was Assigned to them/);
  await preview(page);
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText(/\d+ people gain 10,000 deals to view\./);
  await expect(dialog).toContainText('Nobody loses anything.');
  await expect(dialog.getByRole('listitem').first()).toContainText(/\+9,\d{3}/);
  expect(await deals(), 'nothing holds before it is saved').toBe(before);

  await dialog.getByRole('button', { name: 'Save change' }).click();
  await expect(page.getByText('Saved 1 change to Sales.')).toBeVisible();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('button', { name: 'Preview and save' })).toBeHidden();
  expect(await deals(), 'what another browser is answered next').toBe(10_000);

  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Taken back.')).toBeVisible();
  await expect(cell(page, 'Deals, View records')).toHaveAccessibleName(/Assigned to them and their reports/);
  expect((await api.get(`/profiles/${id}/permissions/deal`)).view).toBe('own_and_reports');
  expect(await deals()).toBe(before);
});

test('a level above view says what is in effect and is put right with one click', async ({ page, api }) => {
  await openProfile(page, api, 'Sales');
  const edit = cell(page, 'Tickets, Edit records');
  await pick(page, 'Tickets, Edit records', 'Owned by anyone');
  await expect(edit).toHaveAccessibleName(/In effect: Assigned to them\./);
  await expect(page.getByText(/Edit reaches no further than view/)).toBeVisible();
  await expectAccessible(page);

  await page.getByRole('button', { name: 'Lower edit to view' }).click();
  await expect(edit).toHaveAccessibleName(/^Tickets, Edit records: Assigned to them\. Not saved/);
  await expect(page.getByText(/Edit reaches no further than view/)).toBeHidden();

  await pick(page, 'Tickets, Edit records', 'Owned by anyone');
  await page.getByRole('button', { name: 'Raise view to match' }).click();
  await expect(cell(page, 'Tickets, View records')).toHaveAccessibleName(
    /^Tickets, View records: Owned by anyone/,
  );

  // Nobody owns an account: what lies between none and anyone is said to make no difference.
  await pick(page, 'Accounts, Delete records', 'Assigned to them');
  await expect(page.getByText(/No field of accounts represents ownership/)).toBeVisible();
});

test('the matrix is filled with the keyboard, a whole row and column at once, and saved as one', async ({
  page,
  api,
}) => {
  const id = await openProfile(page, api, 'Default');
  await cell(page, 'Accounts, View records').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await expect(cell(page, 'Deals, Edit records')).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(cell(page, 'Deals, Edit records')).toBeFocused();
  await expect(cell(page, 'Deals, Edit records')).toHaveAccessibleName(/Edit records: Assigned to them\./);

  await page.getByRole('button', { name: 'View records: set the whole column' }).click();
  await page.getByRole('menuitemradio', { name: /^Owned by anyone/ }).click();
  await page.getByRole('button', { name: 'Tickets: set the whole row' }).click();
  await page.getByRole('menuitemradio', { name: /^Assigned to them Records/ }).click();
  await expect(page.getByText(/^7 changes/)).toBeVisible();

  await preview(page);
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Nobody is on Default yet.');
  await dialog.getByRole('button', { name: 'Save 7 changes' }).click();
  await expect(page.getByText('Saved 7 changes to Default.')).toBeVisible();
  const levels = async (object: string) => {
    const { view, edit, delete: remove, create } = await api.get(`/profiles/${id}/permissions/${object}`);
    return [view, edit, remove, create];
  };
  expect(await levels('account')).toEqual(['anyone', 'none', 'none', 'none']);
  expect(await levels('deal')).toEqual(['anyone', 'own', 'none', 'none']);
  expect(await levels('ticket')).toEqual(['own', 'own', 'own', 'own']);

  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Taken back.')).toBeVisible();
  expect(await levels('deal')).toEqual(['none', 'none', 'none', 'none']);
});

test('a preview that the world has overtaken is shown anew instead of saved', async ({
  page,
  api,
  watch,
}) => {
  const id = await openProfile(page, api, 'Sales');
  const deal = `/profiles/${id}/permissions/deal`;
  await pick(page, 'Deals, View records', 'Owned by anyone');
  await preview(page);
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('10,000 deals to view');

  const { view, edit, create } = await api.get(deal);
  await api.put(deal, { view, edit, delete: 'own_and_reports', create });
  watch.expect(412, /\/permissions$/);
  await dialog.getByRole('button', { name: 'Save change' }).click();
  await expect(dialog.getByRole('alert')).toContainText('Something changed since the preview');
  expect((await api.get(deal)).view, 'nothing was saved').toBe(view);

  await dialog.getByRole('button', { name: 'Save change' }).click();
  await expect(page.getByText('Saved 1 change to Sales.')).toBeVisible();
  expect(await api.get(deal)).toMatchObject({ view: 'anyone', edit, delete: 'own_and_reports' });
});

test('several objects are saved as they were previewed, or previewed anew', async ({ page, api, watch }) => {
  const id = await openProfile(page, api, 'Sales');
  const levels = () => api.get(`/profiles/${id}/permissions`);
  const before = await levels();
  await pick(page, 'Deals, View records', 'Owned by anyone');
  await pick(page, 'Tickets, View records', 'Owned by anyone');
  await preview(page);
  const dialog = page.getByRole('dialog');
  const deals = dialog.getByRole('region', { name: 'What changes for Deals' });
  const tickets = dialog.getByRole('region', { name: 'What changes for Tickets' });
  await expect(deals).toContainText('10,000 deals to view');
  await expect(tickets).toContainText('8,000 tickets to view');
  await expect(dialog.getByRole('region')).toHaveCount(2);

  // A role moves: what Sales permits is still the same, and what it comes to is not.
  const role = (await api.get('/roles?limit=200')).items.find((one: Json) => one.parent_id);
  await api.patch(`/roles/${role.id}`, { parent_id: null });
  watch.expect(412, /\/permissions$/);
  await dialog.getByRole('button', { name: 'Save 2 changes' }).click();
  await expect(dialog.getByRole('alert')).toContainText('Something changed since the preview');
  expect(await levels(), 'nothing was saved').toEqual(before);
  await expectAccessible(page);

  // Somebody else makes one of the two changes: then that is none any more, and the other one is shown alone.
  const theirs = { ...before.permissions.find((one: Json) => one.object === 'ticket'), view: 'anyone' };
  const { view, edit, delete: remove, create } = theirs;
  await api.put(`/profiles/${id}/permissions/ticket`, { view, edit, delete: remove, create });
  watch.expect(412, /\/permissions$/);
  await dialog.getByRole('button', { name: 'Save 2 changes' }).click();
  await expect(tickets).toBeHidden();
  await expect(deals).toBeVisible();
  await dialog.getByRole('button', { name: 'Save change' }).click();
  await expect(page.getByText('Saved 1 change to Sales.')).toBeVisible();
  expect((await api.get(`/profiles/${id}/permissions/deal`)).view).toBe('anyone');

  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Taken back.')).toBeVisible();
  expect((await api.get(`/profiles/${id}/permissions/deal`)).view).toBe('own_and_reports');
  expect((await api.get(`/profiles/${id}/permissions/ticket`)).view, 'theirs stays').toBe('anyone');
});

test('a profile is added, copied, renamed, and deleted once nobody is on it', async ({
  page,
  api,
  watch,
}) => {
  await page.goto('/access-control');
  await settled(page);
  await page.getByRole('button', { name: 'Add a profile' }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByRole('textbox', { name: 'Name' }).fill('Support');
  watch.expect(409, /\/profiles$/);
  await drawer.getByRole('button', { name: 'Add the profile' }).click();
  await expect(drawer.getByText(/in use/i)).toBeVisible();
  await drawer.getByRole('textbox', { name: 'Name' }).fill('Field service');
  await drawer.getByRole('checkbox', { name: 'View the audit log' }).check();
  await drawer.getByRole('button', { name: 'Add the profile' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Field service');
  expect((await api.profile('Field service')).capabilities).toEqual(['view_audit']);

  await openProfile(page, api, 'Sales');
  await page.getByRole('button', { name: 'Copy' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Sales, reading');
  await page.getByRole('button', { name: 'Make the copy' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sales, reading');
  await expect(cell(page, 'Deals, View records')).toHaveAccessibleName(/Assigned to them and their reports/);

  await page.getByRole('button', { name: 'Actions for Sales, reading' }).click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Sales readers');
  await page.getByRole('button', { name: 'Rename', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sales readers');

  await page.getByRole('button', { name: 'Actions for Sales readers' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Delete the profile' }).click();
  await expect(page).toHaveURL(/\/access-control$/);
  await expect(page.getByRole('link', { name: 'Sales readers' })).toBeHidden();

  await page.getByRole('button', { name: 'Actions for Sales' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(page.getByRole('dialog')).toContainText(/\d+ people are on this profile/);
  await expect(page.getByRole('button', { name: 'Delete the profile' })).toBeHidden();
});

test('many profiles and objects are set at once after one preview of all of it', async ({
  page,
  api,
  watch,
}) => {
  await page.goto('/access-control');
  await settled(page);
  await page.getByRole('button', { name: 'Set many at once' }).click();
  const dialog = page.getByRole('dialog');
  for (const name of ['Partner', 'Support', 'Deals', 'Tickets']) {
    await dialog.getByRole('checkbox', { name }).check();
  }
  await dialog.getByRole('combobox', { name: 'View records' }).click();
  await page.getByRole('option', { name: 'Owned by anyone' }).click();
  await dialog.getByRole('button', { name: 'Preview' }).click();
  await expect(dialog.getByText('4 changes on 2 profiles.')).toBeVisible();
  await expect(dialog.getByRole('region', { name: 'Support' })).toContainText(
    /\d+ people gain 10,000 deals to view/,
  );
  await expect(dialog.getByRole('region', { name: 'Partner' })).toContainText(
    /\d+ people gain 8,000 tickets to view/,
  );

  // Somebody else changes one of them meanwhile: what was previewed doesn't hold any more.
  const support = (await api.profile('Support')).id;
  const ticket = `/profiles/${support}/permissions/ticket`;
  const { view, edit, create } = await api.get(ticket);
  await api.put(ticket, { view, edit, delete: 'own', create });
  watch.expect(412, /\/permissions\/bulk$/);
  await dialog.getByRole('button', { name: 'Save 4 changes' }).click();
  await expect(dialog.getByRole('alert')).toContainText('Something changed since the preview');
  expect((await api.get(ticket)).view, 'nothing was saved').toBe(view);
  await dialog.getByRole('button', { name: 'Save 4 changes' }).click();
  await expect(page.getByText('Saved. Levels changed on 2 profiles.')).toBeVisible();
  expect(await api.get(ticket)).toMatchObject({ view: 'anyone', edit, delete: 'own' });

  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Taken back.')).toBeVisible();
  expect((await api.get(ticket)).view).toBe(view);
});

test('when one of many is refused nothing is saved until it is left out', async ({ page, api }) => {
  const gone = await api.post('/profiles', { name: 'Short-lived' });
  await page.goto('/access-control');
  await settled(page);
  await page.getByRole('button', { name: 'Set many at once' }).click();
  const dialog = page.getByRole('dialog');
  for (const name of ['Short-lived', 'Partner', 'Deals'])
    await dialog.getByRole('checkbox', { name }).check();
  await dialog.getByRole('combobox', { name: 'Edit records' }).click();
  await page.getByRole('option', { name: 'None' }).click();
  await api.delete(`/profiles/${gone.id}`);
  await dialog.getByRole('button', { name: 'Preview' }).click();
  await expect(dialog.getByText(/Refused:/)).toBeVisible();
  await expect(dialog.getByRole('button', { name: /^Save/ })).toBeHidden();
  await dialog.getByRole('button', { name: 'Leave out what is refused' }).click();
  await expect(dialog.getByText('1 change on one profile.')).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Save change' }).click();
  await expect(page.getByText('Saved. Levels changed on 1 profile.')).toBeVisible();
});

test('capabilities are switched, and what another admin saved meanwhile is not overwritten', async ({
  page,
  api,
  watch,
}) => {
  const id = await openProfile(page, api, 'Support');
  await page.getByRole('tab', { name: /Capabilities/ }).click();
  await page.getByRole('switch', { name: 'Manage guests' }).press('Space');
  await expect(page.getByText(/people gain “Manage guests”/)).toBeVisible();

  await api.patch(`/profiles/${id}`, { capabilities: ['view_audit'] });
  watch.expect(412, /\/profiles\//);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Somebody changed this meanwhile')).toBeVisible();
  await page.getByRole('button', { name: 'Look at the current version' }).click();
  await expect(page.getByRole('switch', { name: 'View the audit log' })).toBeChecked();
  await expect(page.getByRole('switch', { name: 'Manage guests' })).toBeChecked();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved what people on Support may administer.')).toBeVisible();
  expect((await api.profile('Support')).capabilities.sort()).toEqual(['manage_guests', 'view_audit']);
});

test('what is switched while switches are being saved stays switched', async ({ page, api }) => {
  const id = await openProfile(page, api, 'Support');
  await page.getByRole('tab', { name: /Capabilities/ }).click();
  let answer = () => {};
  const asked = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route(`**/api/v1/profiles/${id}`, async (route) => {
    if (route.request().method() === 'PATCH') await asked;
    await route.fallback();
  });
  const [guests, audit] = ['Manage guests', 'View the audit log'].map((name) =>
    page.getByRole('switch', { name }),
  );
  await guests?.press('Space');
  const sent = page.waitForRequest((request) => request.method() === 'PATCH');
  await page.getByRole('button', { name: 'Save' }).click();
  await sent;
  await audit?.press('Space');
  await guests?.press('Space');
  answer();
  await expect(page.getByText('Saved what people on Support may administer.')).toBeVisible();
  await expect(page.getByText(/people gain “View the audit log” and lose “Manage guests”/)).toBeVisible();
  expect((await api.profile('Support')).capabilities).toEqual(['manage_guests']);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('button', { name: 'Save' })).toBeHidden();
  expect((await api.profile('Support')).capabilities).toEqual(['view_audit']);
});

test('what was switched outlives an answer that failed', async ({ page, api, watch }) => {
  const id = await openProfile(page, api, 'Support');
  await page.getByRole('tab', { name: /Capabilities/ }).click();
  await page.getByRole('switch', { name: 'Manage guests' }).press('Space');
  await api.patch(`/profiles/${id}`, { capabilities: ['view_audit'] });
  watch.expect(412, /\/profiles\//);
  watch.expect(500, /\/profiles\//);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.route(`**/api/v1/profiles/${id}`, (route) => route.fulfill({ status: 500 }), { times: 1 });
  const failed = page.waitForResponse((response) => response.status() === 500);
  await page.getByRole('button', { name: 'Look at the current version' }).click();
  await failed;
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Look at the current version' }).click();
  await expect(page.getByRole('switch', { name: 'View the audit log' })).toBeChecked();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved what people on Support may administer.')).toBeVisible();
  expect((await api.profile('Support')).capabilities.sort()).toEqual(['manage_guests', 'view_audit']);
});

test('a profile that there isn’t is said not to be there', async ({ page, watch }) => {
  watch.expect(404, /\/profiles\//);
  await page.goto('/access-control/00000000-0000-0000-0000-000000000000');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Not found');
});

test('Admin is shown and not offered for change, and who lacks the capability changes nothing', async ({
  page,
  api,
  browse,
}) => {
  await openProfile(page, api, 'Admin');
  await expect(page.getByText('Admin reaches everything')).toBeVisible();
  await expect(page.getByRole('table').getByText('Anyone').first()).toBeVisible();
  await expect(page.getByRole('table').getByRole('button')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Actions for Admin' })).toBeHidden();

  const desk = await browse(GUEST_DESK);
  await openProfile(desk, api, 'Sales');
  await expect(desk.getByText('These levels are not shown to you')).toBeVisible();
  await expect(desk.getByRole('button', { name: 'Copy' })).toBeHidden();
  await desk.getByRole('tab', { name: /Capabilities/ }).click();
  await expect(desk.getByText('Manage users')).toBeVisible();
  await expect(desk.getByRole('switch')).toHaveCount(0);
  await desk.getByRole('tab', { name: /People/ }).click();
  await expect(
    desk.getByRole('region', { name: 'Users on this profile' }).getByRole('link').first(),
  ).toBeVisible();
});

test('on a phone the matrix is a card for each object', async ({ browse, api }) => {
  const phone = await browse(ADMIN, PHONE);
  await openProfile(phone, api, 'Partner');
  await expectNoSidewaysScroll(phone);
  await pick(phone, 'Deals, Delete records', 'Owned by anyone');
  const card = phone.getByRole('group', { name: 'Deals' });
  await expect(card.getByText(/Delete reaches no further than view/)).toBeVisible();
  await card.getByRole('button', { name: 'Lower delete to view' }).click();
  await preview(phone);
  await expect(phone.getByRole('dialog')).toContainText(/gain \d[\d,]* deals? to delete/);
  await expectNoSidewaysScroll(phone);
});

test('who administers nothing is told that this page is not for them', async ({ browse }) => {
  const page = await browse(SALES);
  await page.goto('/access-control');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Not for your profile');
});
