// The user roles as a drawing: finding, moving with a preview, and what keyboards and phones have instead of a mouse.
import type { Page } from '@playwright/test';
import { expectAccessible } from './axe';
import { expect, PHONE, settled, test } from './fixtures';
import { ADMIN, GUEST_DESK, SALES } from './people';

test.use({ as: ADMIN });

/** A role in the drawing. */
const drawn = (page: Page, name: string) =>
  page.getByRole('region', { name: 'User roles' }).getByRole('button', { name: new RegExp(`^${name}, \\d`) });

/** Drags a role onto another one, as a hand does. */
async function drag(page: Page, from: string, onto: string) {
  const start = await drawn(page, from).boundingBox();
  const end = await drawn(page, onto).boundingBox();
  if (!start || !end) throw new Error(`${from} or ${onto} is not in the drawing`);
  await page.mouse.move(start.x + 50, start.y + 15);
  await page.mouse.down();
  await page.mouse.move(start.x + 30, start.y - 25, { steps: 3 });
  await page.mouse.move(end.x + 50, end.y + 15, { steps: 6 });
  await page.mouse.up();
}

test('a role is found by name, and tells who is in it', async ({ page }) => {
  await page.goto('/roles');
  await settled(page);
  await expect(drawn(page, 'Web & SEO')).toHaveCount(0); // folded at first
  await page.getByRole('combobox', { name: 'Find a role' }).fill('web');
  await page.getByRole('option', { name: /Web & SEO/ }).click();
  await expect(drawn(page, 'Web & SEO')).toBeInViewport();
  await expect(page).toHaveURL(/role=/);
  const panel = page.getByRole('complementary', { name: 'Web & SEO' });
  await expect(panel.getByText('12 people here')).toBeVisible();
  await expect(panel.getByRole('region', { name: 'Users' }).getByRole('link')).toHaveCount(12);
  await expectAccessible(page);
});

test('a role is dragged below another one after a preview, and taken back', async ({ page, api }) => {
  const [emea] = (await api.get('/roles?q=Sales%20Director%20EMEA')).items;
  await page.goto('/roles');
  await settled(page);
  await drag(page, 'Sales Director EMEA', 'VP Operations');
  const dialog = page.getByRole('dialog', { name: 'Move Sales Director EMEA' });
  await expect(dialog.getByText(/^45 people move along/)).toBeVisible();
  await expect(dialog.getByText('1 person gains reports; 1 person loses some.')).toBeVisible();
  await expect(dialog.getByText(/: \d+ → \d+ reports/)).toHaveCount(2);
  const [operations] = (await api.get('/roles?q=VP%20Operations')).items;
  const [boss] = (await api.get(`/users?role_id=${operations.id}`)).items;
  const who = `${boss.first_name} ${boss.last_name}`;
  await expect(dialog.getByText(new RegExp(`^${who} gains [\\d,]+ deals to view`))).toBeVisible();
  expect((await api.get(`/roles/${emea.id}`)).parent_id).toBe(emea.parent_id); // nothing is saved yet
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Move below VP Operations' }).click();
  await expect(page.getByText('Sales Director EMEA is below VP Operations now.')).toBeVisible();
  expect((await api.get(`/roles/${emea.id}`)).parent_id).not.toBe(emea.parent_id);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Taken back.')).toBeVisible();
  expect((await api.get(`/roles/${emea.id}`)).parent_id).toBe(emea.parent_id);
});

test('a role dropped on one of its own stays where it is', async ({ page }) => {
  await page.goto('/roles');
  await settled(page);
  await drag(page, 'VP Sales', 'Sales Director APAC');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('what a preview told is what happens, or nothing does', async ({ page, api, watch }) => {
  await page.goto('/roles');
  await settled(page);
  await drag(page, 'Sales Director EMEA', 'VP Operations');
  const dialog = page.getByRole('dialog', { name: 'Move Sales Director EMEA' });
  await expect(dialog.getByText(/^45 people move along/)).toBeVisible();
  const [apac] = (await api.get('/roles?q=Sales%20Director%20APAC')).items;
  const [emea] = (await api.get('/roles?q=Sales%20Director%20EMEA')).items;
  await api.patch(`/roles/${apac.id}`, { parent_id: emea.id });
  watch.expect(412, /\/roles\//);
  await dialog.getByRole('button', { name: 'Move below VP Operations' }).click();
  await expect(dialog.getByText('Somebody changed something meanwhile')).toBeVisible();
  await dialog.getByRole('button', { name: 'Work it out again' }).click();
  await expect(dialog.getByText(/^79 people move along/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Move below VP Operations' }).click();
  await expect(page.getByText('Sales Director EMEA is below VP Operations now.')).toBeVisible();
});

test('without a mouse: arrow keys walk, Enter opens, and "Move to…" moves', async ({ page }) => {
  await page.goto('/roles');
  await settled(page);
  await drawn(page, 'Chief Executive').focus();
  await page.keyboard.press('ArrowRight');
  await expect(drawn(page, 'VP Marketing')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(drawn(page, 'VP Operations')).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(drawn(page, 'IT Director')).toBeFocused();
  await page.keyboard.press('ArrowRight'); // unfolds
  await page.keyboard.press('ArrowRight');
  await expect(drawn(page, 'Infrastructure')).toBeFocused();
  await page.keyboard.press('Enter');
  await page
    .getByRole('complementary', { name: 'Infrastructure' })
    .getByRole('button', { name: 'Move to…' })
    .focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Move Infrastructure' });
  await expect(dialog.getByRole('combobox', { name: 'Below' })).toBeFocused();
  await page.keyboard.type('Brand Director');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(dialog.getByText(/^12 people move along/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Move below Brand Director' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Infrastructure is below Brand Director now.')).toBeVisible();
});

test('a person’s reports and peers are lit, and counted', async ({ page, api }) => {
  const [sales] = (await api.get('/roles?q=VP%20Sales')).items;
  const [boss] = (await api.get(`/users?role_id=${sales.id}`)).items;
  await page.goto('/roles');
  await page
    .getByRole('combobox', { name: 'Find a person in the roles' })
    .fill(`${boss.first_name} ${boss.last_name}`);
  await page.getByRole('option', { name: new RegExp(boss.email) }).click();
  await expect(page).toHaveURL(new RegExp(`person=${boss.id}`));
  await expect(page.getByRole('list', { name: 'What the colours mean' })).toContainText('124 reports');
  await expect(drawn(page, 'VP Sales')).toHaveAccessibleName(/This person$/);
  await expect(drawn(page, 'Account Executives Iberia')).toHaveAccessibleName(/Reports$/);
  await expect(drawn(page, 'VP Marketing')).toHaveAccessibleName(/below Chief Executive$/);
  await settled(page);
  await expectAccessible(page);

  const { id } = await api.person(SALES.email);
  await page.goto(`/roles?person=${id}`);
  await expect(page.getByRole('list', { name: 'What the colours mean' })).toContainText('10 peers');
  await expect(page.getByRole('region', { name: 'Peers' }).getByRole('link')).toHaveCount(10);
  await settled(page);
  // The whole way up is in sight.
  for (const name of ['Chief Executive', 'VP Sales', 'Sales Director EMEA', 'Account Executives DACH']) {
    await expect(drawn(page, name)).toBeInViewport({ ratio: 0.99 });
  }
});

test('a role is added, renamed against somebody else, and deleted with its people moved', async ({
  page,
  api,
  watch,
}) => {
  const [support] = (await api.get('/roles?q=Support%20Director')).items;
  await page.goto(`/roles?role=${support.id}`);
  await page.getByRole('button', { name: 'Add below' }).click();
  const adding = page.getByRole('dialog', { name: 'Add role' });
  await adding.getByLabel('Name').fill('Support Tier 3');
  await adding.getByRole('button', { name: 'Add role' }).click();
  await expect(page.getByRole('complementary', { name: 'Support Tier 3' })).toContainText('0 people here');

  await page.goto(`/roles?role=${support.id}`);
  await page.getByRole('button', { name: 'Rename' }).click();
  const renaming = page.getByRole('dialog', { name: 'Rename Support Director' });
  await renaming.getByLabel('Name').fill('Head of Support');
  await expect(renaming.getByRole('button', { name: 'Rename' })).toBeEnabled();
  await api.patch(`/roles/${support.id}`, { name: 'Director, Support' });
  watch.expect(412, /\/roles\//);
  await renaming.getByRole('button', { name: 'Rename' }).click();
  await renaming.getByRole('button', { name: 'Look at the current version' }).click();
  await expect(renaming.getByText(/called “Director, Support” now/)).toBeVisible();
  await expect(renaming.getByLabel('Name')).toHaveValue('Head of Support');
  await renaming.getByRole('button', { name: 'Rename' }).click();
  await expect(page.getByRole('complementary', { name: 'Head of Support' })).toBeVisible();

  await page.getByRole('button', { name: 'Delete' }).click();
  const deleting = page.getByRole('dialog', { name: 'Delete Head of Support' });
  await expect(deleting).toContainText('1 person moves to VP Customer Success');
  await expect(deleting).toContainText('3 roles directly below go to VP Customer Success');
  await deleting.getByRole('button', { name: 'Delete role' }).click();
  await expect(page.getByRole('complementary', { name: 'VP Customer Success' })).toContainText(
    '2 people here',
  );
  expect((await api.send('GET', `/roles/${support.id}`)).status).toBe(404);
});

test('on a phone the roles are a list, and nobody moves what they may not', async ({ browse }) => {
  const phone = await browse(GUEST_DESK, PHONE);
  await phone.goto('/roles');
  await settled(phone);
  const list = phone.getByRole('region', { name: 'User roles' });
  await list.getByRole('button', { name: 'Unfold the roles below IT Director' }).click();
  await list.getByRole('button', { name: /^Infrastructure/ }).click();
  const panel = phone.getByRole('dialog', { name: 'Role' });
  await expect(panel.getByText('12 people here')).toBeVisible();
  await expect(panel.getByRole('button', { name: /Move|Rename|Delete/ })).toHaveCount(0);
  await expectAccessible(phone);
});
