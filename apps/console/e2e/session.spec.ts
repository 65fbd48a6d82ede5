// What happens to open pages when the session behind them ends.

import { Api } from './api';
import { expectAccessible } from './axe';
import { expect, settled, signIn, test } from './fixtures';
import { ADMIN, GUEST, ORG, PASSWORD, SALES } from './people';

test.describe('a session that was ended elsewhere', () => {
  test.use({ as: SALES });

  test('is taken up again over the open page, and what was typed is still there', async ({
    page,
    vestibule,
    watch,
  }) => {
    watch.expect(401, /^\/api\/v1\//);
    watch.expect(412, /\/me$/); // the account is newer, but nothing that stands on the page
    await page.goto('/me');
    await settled(page);
    await page.getByLabel('First name').fill('Valentine');

    // A new password, chosen on another device, ends every other session.
    const { token } = await vestibule.api.signIn(ORG, SALES);
    const elsewhere = new Api(vestibule.url, token);
    await elsewhere.put('/me/password', { current: PASSWORD, new: 'seven green umbrellas' });

    await page.getByRole('button', { name: 'Save' }).click();
    const dialog = page.getByRole('dialog', { name: 'You have been signed out' });
    await expect(dialog).toBeVisible();
    await expectAccessible(page);
    await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await dialog.getByRole('button', { name: 'Sign in again' }).click();
    await expect(dialog.getByRole('alert')).toHaveText('This password isn’t right.');
    await page.keyboard.press('Escape');
    await expect(dialog).toBeVisible();
    await dialog.getByLabel('Password', { exact: true }).fill('seven green umbrellas');
    await page.keyboard.press('Enter');
    await expect(dialog).toBeHidden();

    await expect(page.getByLabel('First name')).toHaveValue('Valentine');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('Your settings are saved.')).toBeVisible();
    expect((await elsewhere.get('/me')).first_name).toBe('Valentine');
  });

  test('can be left to somebody else', async ({ page, vestibule, watch }) => {
    watch.expect(401, /^\/api\/v1\//);
    await page.goto('/');
    await settled(page);
    const { token } = await vestibule.api.signIn(ORG, SALES);
    await new Api(vestibule.url, token).put('/me/password', {
      current: PASSWORD,
      new: 'seven green umbrellas',
    });
    await page.getByRole('link', { name: 'Deals' }).first().click();
    await page.getByRole('button', { name: 'Sign in as somebody else' }).click();
    await expect(page).toHaveURL(/\/sign-in/);
    await page.getByLabel('Email').fill(ADMIN.email);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('button', { name: /^Ada Admin/ })).toBeVisible();
  });
});

test.describe('what another tab does with the session', () => {
  test.use({ as: SALES });

  test('is seen at once in this one', async ({ page, context, watch }) => {
    watch.expect(401, /^\/api\/v1\//);
    await page.goto('/');
    await settled(page);
    const other = await context.newPage();
    await other.goto('/');
    await other.getByRole('button', { name: /^Valentina Weber/ }).click();
    await other.getByRole('menuitem', { name: 'Sign out' }).click();
    await expect(other).toHaveURL(/\/sign-in/);
    const dialog = page.getByRole('dialog', { name: 'You have been signed out' });
    await expect(dialog).toBeVisible();

    // Whoever signs in there is signed in here as well, with their own pages.
    await signIn(other, ADMIN);
    await expect(other.getByRole('button', { name: /^Ada Admin/ })).toBeVisible();
    await expect(page.getByRole('button', { name: /^Ada Admin/ })).toBeVisible();
    await expect(dialog).toBeHidden();
  });
});

test.describe('a drawer that was filled in', () => {
  test.use({ as: ADMIN });

  test('survives signing in again', async ({ page, context, vestibule, watch }) => {
    watch.expect(401, /^\/api\/v1\//);
    await page.goto('/api-tokens');
    await settled(page);
    await page.getByRole('button', { name: 'New token' }).first().click();
    const drawer = page.getByRole('dialog', { name: 'New API token' });
    await drawer.getByLabel('Name').fill('Nightly export');

    const cookie = (await context.cookies()).find(({ name }) => name === 'vestibule');
    await new Api(vestibule.url, cookie?.value).delete('/session');
    await drawer.getByRole('button', { name: 'Make token' }).click();
    const dialog = page.getByRole('dialog', { name: 'You have been signed out' });
    await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    await expect(dialog).toBeHidden();
    await expect(drawer.getByLabel('Name')).toHaveValue('Nightly export');
    await drawer.getByRole('button', { name: 'Make token' }).click();
    await expect(page.getByRole('dialog', { name: /Your new token/ })).toBeVisible();
  });
});

test.describe('a guest whose access ends with a page open', () => {
  test.use({ as: GUEST });

  test('is led to the page that says so and names the sponsor', async ({ page, api, vestibule, watch }) => {
    watch.expect(401, /^\/api\/v1\//);
    const sponsor = (await api.person(GUEST.email)).sponsor_id;
    const { first_name, last_name, email } = await api.get(`/users/${sponsor}`);
    await page.goto('/');
    await settled(page);
    await vestibule.endAccess(GUEST.email);
    await page.getByRole('link', { name: 'Deals' }).first().click();
    await expect(page).toHaveURL(/\/access-ended/);
    await expect(page.getByText(`${first_name} ${last_name}`, { exact: true })).toBeVisible();
    await expect(page.getByRole('link', { name: email })).toHaveAttribute(
      'href',
      new RegExp(`^mailto:${email}`),
    );
  });

  test('is led there as well when they come back by a bookmark', async ({ page, vestibule, watch }) => {
    watch.expect(401, /^\/api\/v1\//);
    await vestibule.endAccess(GUEST.email);
    await page.goto('/records/deal');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(
      'Your access to Acme Corporation has ended',
    );
    await page.getByRole('link', { name: 'Sign in' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in');
  });
});
