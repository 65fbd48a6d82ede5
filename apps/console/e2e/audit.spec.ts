// The audit log: sentences, filters, and what is behind each event.

import { inDays } from './api';
import { expectAccessible } from './axe';
import { expect, PHONE, settled, test } from './fixtures';
import { ADMIN, GUEST, GUEST_DESK, SALES } from './people';

test.use({ as: GUEST_DESK });

test('what happened stands there as a sentence, with before and after behind it', async ({ page, api }) => {
  const guest = await api.person(GUEST.email);
  await api.patch(`/guests/${guest.id}`, { access_ends_on: inDays(60) });
  await page.goto('/audit-log');
  const events = page.getByRole('region', { name: 'Events' });
  const extended = events.getByRole('button', { name: /Ada Admin extended Noah Zhang’s access to/ });
  await extended.first().click();
  const row = page.getByRole('row', { name: /Last day/ });
  const words = (day: string) =>
    new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })
      .format(new Date(day))
      .replace('Sept', 'Sep');
  await expect(row.getByRole('cell')).toHaveText([words(guest.access_ends_on), words(inDays(60))]);
  await expect(events.getByText(/^Request /)).toBeVisible();

  await events.getByRole('link', { name: 'All about the same' }).click();
  await expect(page).toHaveURL(new RegExp(`target_id=${guest.id}`));
  await expect(page.getByRole('search').getByText('About Noah Zhang')).toBeVisible();
  await expect(events.getByRole('button', { name: /Noah Zhang accepted the invitation/ })).toBeVisible();
  await expect(row).toBeVisible(); // it stays open
  await expectAccessible(page);
});

test('permissions stand there in the words of the matrix', async ({ browse, api }) => {
  const sales = await api.profile('Sales');
  await api.put(`/profiles/${sales.id}/permissions/deal`, {
    view: 'own_and_reports',
    edit: 'own_and_reports',
    delete: 'none',
    create: 'own',
  });
  const page = await browse(ADMIN);
  await page.goto('/audit-log?action=permissions.changed');
  const events = page.getByRole('region', { name: 'Events' });
  await events
    .getByRole('button', { name: /changed what Sales permits/ })
    .first()
    .click();
  const row = page.getByRole('row', { name: /Deals › Delete records/ });
  await expect(row.getByRole('cell')).toHaveText(['Assigned to them', 'None']);
});

test('what happened to somebody is found by their name, and by a pasted id', async ({ page, api }) => {
  const guest = await api.person(GUEST.email);
  await page.goto('/audit-log');
  await settled(page);
  const about = page.getByRole('combobox', { name: /^About a person/ });
  await about.fill('Noah Zh');
  await page.getByRole('option', { name: new RegExp(guest.email) }).click();
  await expect(page).toHaveURL(new RegExp(`target_id=${guest.id}`));
  await page.getByRole('button', { name: 'About anything' }).click();
  await expect(page).not.toHaveURL(/target_id/);
  await about.evaluate((field, link) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text', link);
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, `https://vestibule.example/guests/${guest.id}`);
  await expect(page).toHaveURL(new RegExp(`target_id=${guest.id}`));
  await expect(page.getByRole('search').getByText('About Noah Zhang')).toBeVisible();
});

test('filters narrow it, live in the URL, and are cleared', async ({ page }) => {
  await page.goto('/audit-log');
  await settled(page);
  const count = page.getByRole('status').filter({ hasText: /events?$/ });
  const all = await count.textContent();
  await page.getByRole('combobox', { name: 'What happened' }).fill('revoked');
  await page.getByRole('option', { name: 'Access revoked' }).click();
  await expect(page).toHaveURL(/action=guest\.revoked/);
  const events = page.getByRole('region', { name: 'Events' });
  await expect(events.getByRole('button').first()).toHaveText(/revoked/);
  await expect(count).not.toHaveText(all ?? '');

  await page.getByRole('combobox', { name: 'Done by' }).fill('ada adm');
  await page.getByRole('option', { name: /Ada Admin/ }).click();
  await expect(page).toHaveURL(/actor_id=/);
  await page.reload();
  await expect(page.getByRole('combobox', { name: 'What happened' })).toHaveValue('Access revoked');
  await expect(page.getByRole('combobox', { name: 'Done by' })).toHaveValue(ADMIN.name);

  await page.goto('/audit-log?until=2001-01-01');
  await expect(page.getByText('Nothing like that happened')).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(page).toHaveURL(/\/audit-log$/);
  await expect(events.getByRole('button').first()).toBeVisible();
});

test('a phone reads it to the end', async ({ browse }) => {
  const phone = await browse(GUEST_DESK, PHONE);
  await phone.goto('/audit-log');
  await settled(phone);
  await expect(async () => {
    await phone.mouse.wheel(0, 20_000);
    await expect(phone.getByText('That’s all')).toBeInViewport({ timeout: 500 });
  }).toPass();
});

test('whoever may not see it doesn’t get it', async ({ browse }) => {
  const sales = await browse(SALES);
  await sales.goto('/audit-log');
  await expect(sales.getByRole('heading', { level: 1 })).toHaveText('Not for your profile');
  await expect(sales.getByRole('link', { name: 'Audit log' })).toHaveCount(0);
});
