// What is done to guests is taken back, and what somebody else has done to them since is not.
import type { Page } from '@playwright/test';
import { inDays } from './api';
import { expect, settled, test } from './fixtures';
import { ADMIN } from './people';

test.use({ as: ADMIN });

/** What is said of something that was done. */
const said = (page: Page, text: string | RegExp) => page.getByRole('alert').filter({ hasText: text });

/** Takes back what is said to have been done. */
const undo = (page: Page, text: string | RegExp) =>
  said(page, text).getByRole('button', { name: 'Undo' }).click();

/** Picks those that the list shows and opens what to do with them. */
async function pickAll(page: Page, q: string, count: number) {
  await page.goto(`/guests?q=${q}`);
  await settled(page);
  await page.getByRole('checkbox', { name: 'Select all that are loaded' }).click();
  const bar = page.getByRole('region', { name: 'Selected guests' });
  await expect(bar).toContainText(`${count} guests selected`);
  return bar;
}

test('a last day that somebody else has changed since stays', async ({ page, api, watch }) => {
  const { id } = await api.invite('Ines', 'Novak');
  await page.goto(`/guests/${id}`);
  await page.getByRole('button', { name: 'Extend access' }).click();
  const dialog = page.getByRole('dialog', { name: 'Extend access: Ines Novak' });
  await dialog.getByRole('button', { name: '90 days' }).click();
  await dialog.getByRole('button', { name: /^Extend to/ }).click();
  await expect(said(page, 'access ends on')).toBeVisible();
  await api.patch(`/guests/${id}`, { access_ends_on: inDays(60) });
  watch.expect(412, /\/guests\//);
  await undo(page, 'access ends on');
  await expect(said(page, 'Somebody else changed this meanwhile.')).toBeVisible();
  expect((await api.get(`/guests/${id}`)).access_ends_on).toBe(inDays(60));
});

test('an edit is taken back as far as it went, unless somebody else has edited since', async ({
  page,
  api,
  watch,
}) => {
  const { id } = await api.invite('Ines', 'Novak');
  const rename = async (to: string) => {
    await page.getByRole('button', { name: 'Edit' }).click();
    const drawer = page.getByRole('dialog', { name: /^Edit Ines/ });
    await drawer.getByLabel('Last name').fill(to);
    await drawer.getByRole('button', { name: 'Save changes' }).click();
    await expect(said(page, `Ines ${to} is changed.`)).toBeVisible();
  };
  await page.goto(`/guests/${id}`);
  await settled(page);
  await rename('Kos');
  await undo(page, 'Ines Kos is changed.');
  await expect(said(page, 'Taken back.')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ines Novak');

  await rename('Horvat');
  await api.patch(`/guests/${id}`, { reason: 'Audit of the books' });
  watch.expect(412, /\/guests\//);
  await undo(page, 'Ines Horvat is changed.');
  await expect(said(page, 'Somebody else changed this meanwhile.')).toBeVisible();
  expect(await api.get(`/guests/${id}`)).toMatchObject({ last_name: 'Horvat', reason: 'Audit of the books' });
});

test('of many, those are put back that nobody else has changed since', async ({ page, api }) => {
  const [one, other] = [await api.invite('Ines', 'Undone'), await api.invite('Ivo', 'Undone')];
  const day = async ({ id }: { id: string }) => (await api.get(`/guests/${id}`)).access_ends_on;
  const bar = await pickAll(page, 'undone', 2);
  await bar.getByRole('button', { name: 'Extend' }).click();
  const dialog = page.getByRole('dialog', { name: 'Change the last day: 2 guests' });
  await dialog.getByRole('button', { name: '90 days' }).click();
  await dialog.getByRole('button', { name: 'Extend 2 guests' }).click();
  await expect(said(page, '2 guests have a new last day.')).toBeVisible();
  await api.patch(`/guests/${other.id}`, { access_ends_on: inDays(60) });
  await undo(page, '2 guests have a new last day.');
  await expect(
    said(page, 'Taken back for 1 guest, but not for 1. Somebody else changed this meanwhile.'),
  ).toBeVisible();
  expect([await day(one), await day(other)]).toEqual([inDays(30), inDays(60)]);
});

test('of many that were revoked, those are let in again whom nobody else has touched', async ({
  page,
  api,
}) => {
  const [one, other] = [await api.invite('Ines', 'Undone'), await api.invite('Ivo', 'Undone')];
  const bar = await pickAll(page, 'undone', 2);
  await bar.getByRole('button', { name: 'Revoke' }).click();
  const dialog = page.getByRole('dialog', { name: 'Revoke access: 2 guests' });
  await dialog.getByRole('button', { name: 'Revoke 2 guests' }).click();
  await expect(said(page, '2 guests are revoked.')).toBeVisible();
  await api.post(`/guests/${other.id}/reinstate`, { access_ends_on: inDays(10) });
  await undo(page, '2 guests are revoked.');
  await expect(said(page, 'Taken back for 1 guest, but not for 1.')).toBeVisible();
  const now = async ({ id }: { id: string }) => api.get(`/guests/${id}`);
  expect(await now(one)).toMatchObject({ status: 'invited', access_ends_on: inDays(30) });
  expect(await now(other)).toMatchObject({ status: 'invited', access_ends_on: inDays(10) });
});

test('one that was revoked is let in again, unless somebody else has done more', async ({
  page,
  api,
  watch,
}) => {
  const { id } = await api.invite('Ines', 'Novak');
  const revoke = async () => {
    await page.goto('/guests?q=novak');
    await page.getByRole('button', { name: 'Actions for Ines Novak' }).click();
    await page.getByRole('menuitem', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke access' }).click();
    await expect(said(page, 'access is revoked.')).toBeVisible();
  };
  await revoke();
  await undo(page, 'access is revoked.');
  await expect(said(page, 'Taken back.')).toBeVisible();
  expect((await api.get(`/guests/${id}`)).status).toBe('invited');

  await revoke();
  await api.patch(`/guests/${id}`, { reason: 'Not to be let in again' });
  watch.expect(412, /\/guests\//);
  await undo(page, 'access is revoked.');
  await expect(said(page, 'Somebody else changed this meanwhile.')).toBeVisible();
  expect((await api.get(`/guests/${id}`)).status).toBe('revoked');
});
