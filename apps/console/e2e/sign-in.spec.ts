// The way in and the way out.
import { expectAccessible } from './axe';
import { expect, PHONE, settled, signIn, test } from './fixtures';
import { ADMIN, GUEST, ORG, PASSWORD } from './people';

test('somebody signs in, is remembered, and signs out', async ({ page }) => {
  await signIn(page, ADMIN);
  await expect(page).toHaveURL(/\/$/);
  await settled(page);

  // Whoever is in doesn't need the door.
  await page.goto('/sign-in?to=/settings');
  await expect(page).toHaveURL(/\/settings$/);
  await settled(page);

  await page.getByRole('button', { name: /Ada Admin: settings and sign out/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await expect(page.getByLabel('Organization')).toHaveValue(ORG);
  await page.goto('/settings');
  await expect(page).toHaveURL(/\/sign-in\?to=/);
});

test('a wrong password is told kindly, and what was typed stays', async ({ page, watch }) => {
  watch.expect(401, /\/sessions$/);
  await signIn(page, ADMIN, 'not this one');
  await expect(page.getByRole('alert')).toContainText('aren’t right');
  await expect(page.getByLabel('Email')).toHaveValue(ADMIN.email);
  await expect(page.getByLabel('Password', { exact: true })).toBeFocused();
  await expectAccessible(page);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/$/);
});

test('a deep link leads through the door and on, but never to another site', async ({ page, browse }) => {
  await page.goto('/audit-log?action=guest.invited');
  await expect(page).toHaveURL(/\/sign-in\?to=/);
  await page.getByLabel('Organization').fill(ORG.toUpperCase());
  await page.getByLabel('Email').fill(ADMIN.email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/audit-log\?action=guest\.invited$/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Audit log');

  const lured = await browse();
  await lured.goto(`/sign-in?org=${ORG}&to=${encodeURIComponent('//elsewhere.example/')}`);
  await lured.getByLabel('Email').fill(ADMIN.email);
  await lured.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await lured.keyboard.press('Enter');
  await expect(lured.getByRole('navigation').first()).toBeVisible();
  expect(new URL(lured.url()).pathname).toBe('/');
});

test('a phone gets the right keyboards, and passwords can be looked at', async ({ browse }) => {
  const phone = await browse(undefined, PHONE);
  await phone.goto('/sign-in');
  const email = phone.getByLabel('Email');
  await expect(email).toHaveAttribute('inputmode', 'email');
  await expect(email).toHaveAttribute('autocomplete', 'username');
  await expect(phone.getByLabel('Organization')).toHaveAttribute('autocapitalize', 'none');
  const password = phone.getByLabel('Password', { exact: true });
  await expect(password).toHaveAttribute('autocomplete', 'current-password');
  await password.fill('a secret');
  await phone.getByRole('button', { name: 'Show or hide the password' }).tap();
  await expect(password).toHaveAttribute('type', 'text');
});

test('a forgotten password is replaced by mail', async ({ page, vestibule, watch }) => {
  watch.expect(422, /\/password-resets$/);
  watch.expect(410, /\/password-resets$/);
  await page.goto(`/sign-in?org=${ORG}`);
  await page.getByLabel('Email').fill('nobody@acme.example');
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Reset your password');
  await expect(page.getByLabel('Organization')).toHaveValue(ORG);
  await expect(page.getByLabel('Email')).toHaveValue('nobody@acme.example');

  // Nobody learns who has an account.
  await page.getByRole('button', { name: 'Send me a link' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Look into your mail');
  await page.getByRole('button', { name: 'Try another address' }).click();
  await page.getByLabel('Email').fill(GUEST.email);
  await page.getByRole('button', { name: 'Send me a link' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Look into your mail');

  const link = await vestibule.mail.link(GUEST.email, 'reset');
  await page.goto(link);
  await expect(page).toHaveURL(/\/reset$/);
  await page.getByLabel('New password').fill('noah');
  await page.getByRole('button', { name: 'Save the new password' }).click();
  await expect(page.getByText('Must have at least 15 characters.')).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel('New password').fill('seven green umbrellas');
  await page.getByRole('button', { name: 'Save the new password' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your password is changed');
  await page.getByRole('link', { name: 'Sign in with it' }).click();
  await page.getByLabel('Organization').fill(ORG);
  await page.getByLabel('Email').fill(GUEST.email);
  await page.getByLabel('Password', { exact: true }).fill('seven green umbrellas');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/$/);

  await page.goto(link);
  await page.getByLabel('New password').fill('eight green umbrellas');
  await page.getByRole('button', { name: 'Save the new password' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This link no longer works');
});
