// My settings, API tokens, and the settings of the organization.

import { Api } from './api';
import { expectAccessible } from './axe';
import { expect, settled, test } from './fixtures';
import { ADMIN, GUEST, PASSWORD, SALES } from './people';

test.describe('as a guest', () => {
  test.use({ as: GUEST });

  test('personal things are mine to change, the rest is explained', async ({ page, api }) => {
    const { id, access_ends_on, days_left } = await api.person(GUEST.email);
    const [role] = (await api.get('/roles?q=Brand%20Director')).items;
    await api.patch(`/guests/${id}`, { role_id: role.id });
    const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(
      new Date(access_ends_on),
    );
    await page.goto('/me');
    await expect(page.getByRole('heading', { name: `Your access ends on ${day}` })).toBeVisible();
    await expect(
      page.getByText(`${days_left} days left; the day counts to its end, Europe/Berlin.`),
    ).toBeVisible();
    const place = page.getByRole('region', { name: 'Your place' });
    await expect(place.getByText('Partner, as a guest')).toBeVisible();
    await expect(place).toContainText(`User role${role.name}`);
    await expect(page.getByLabel('Email')).toHaveCount(0);

    await page.getByRole('combobox', { name: 'Time zone' }).fill('vien');
    await page.getByRole('option', { name: /Vienna/ }).click();
    await page.getByRole('combobox', { name: 'Language' }).fill('österr');
    await page.getByRole('option', { name: /Österreich/ }).click();
    await page.getByRole('switch', { name: 'Remind me before my access ends' }).uncheck();
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('Your settings are saved.')).toBeVisible();
    await page.reload();
    await expect(page.getByRole('combobox', { name: 'Time zone' })).toHaveValue('Europe/Vienna');
    await expect(page.getByRole('switch', { name: 'Remind me before my access ends' })).not.toBeChecked();
  });
});

test.describe('as a standard user', () => {
  test.use({ as: SALES });

  test('the password is changed under the organization’s rules', async ({ page, api, watch }) => {
    watch.expect(422, /\/me\/password$/);
    await page.goto('/me');
    const form = page.getByRole('form', { name: 'Change the password' });
    await form.getByLabel('Current password').fill('not this one');
    await form.getByLabel('New password').fill('seven green umbrellas');
    await form.getByRole('button', { name: 'Change password' }).click();
    await expect(form.getByText('This isn’t your present password.')).toBeVisible();
    await form.getByLabel('Current password').fill(PASSWORD);
    await form.getByLabel('New password').fill('I am Valentina, hello');
    await form.getByRole('button', { name: 'Change password' }).click();
    await expect(form.getByText('Not yet: see what is missing below.')).toBeVisible();
    await form.getByLabel('New password').fill('seven green umbrellas');
    await form.getByRole('button', { name: 'Change password' }).click();
    await expect(page.getByText(/Your password is changed/)).toBeVisible();
    expect((await api.signIn('acme', SALES, 'seven green umbrellas')).token).toMatch(/^vst_s_/);
  });

  test('what is typed while a change is being saved stays, and is saved next', async ({ page, api }) => {
    let answer = () => {};
    const asked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route('**/api/v1/me', async (route) => {
      if (route.request().method() === 'PATCH') await asked;
      await route.fallback();
    });
    await page.goto('/me');
    await page.getByLabel('First name').fill('Vala');
    const sent = page.waitForRequest((request) => request.method() === 'PATCH');
    await page.getByRole('button', { name: 'Save' }).click();
    await sent;
    await page.getByLabel('Last name').fill('Ruiz');
    answer();
    await expect(page.getByText('Your settings are saved.')).toBeVisible();
    await expect(page.getByLabel('Last name')).toHaveValue('Ruiz');
    expect(await api.person(SALES.email)).toMatchObject({ first_name: 'Vala', last_name: 'Weber' });
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('button', { name: 'Save' })).toBeHidden();
    expect(await api.person(SALES.email)).toMatchObject({ first_name: 'Vala', last_name: 'Ruiz' });
  });

  test('settings that aren’t saved are not left behind without a question', async ({ page }) => {
    await page.goto('/me');
    await page.getByLabel('First name').fill('Vala');
    await page.getByLabel('Last name').fill('Ruiz');
    const deals = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Deals' });
    await deals.click();
    const dialog = page.getByRole('dialog', { name: 'Leave without saving?' });
    await expect(dialog).toContainText('2 changes to your settings are not saved yet');
    await dialog.getByRole('button', { name: 'Stay here' }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByLabel('First name')).toHaveValue('Vala');
    await page.getByRole('button', { name: 'Discard' }).click();
    await expect(page.getByLabel('First name')).toHaveValue('Valentina');
    await deals.click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Deals');
  });

  test('a token’s secret is shown once, works, and is refused once deleted', async ({ page, vestibule }) => {
    await page.goto('/api-tokens');
    await page.getByRole('button', { name: 'New token' }).first().click();
    const drawer = page.getByRole('dialog', { name: 'New API token' });
    await expect(drawer.getByText('A service’s')).toHaveCount(0); // not for them to give out
    await drawer.getByRole('button', { name: 'Make token' }).click();
    await expect(drawer.getByText('Enter a name.')).toBeVisible();
    await drawer.getByLabel('Name').fill('Nightly export');
    await drawer.getByRole('button', { name: 'Make token' }).click();

    const shown = page.getByRole('dialog', { name: 'Your new token “Nightly export”' });
    const secret = await shown.getByLabel('Secret').inputValue();
    await expectAccessible(page);
    const script = new Api(vestibule.url, secret);
    expect((await script.get('/me')).email).toBe(SALES.email);
    expect((await script.send('PATCH', '/me', { first_name: 'V' })).body.code).toBe('scope_missing');
    await shown.getByRole('button', { name: 'I have kept it' }).click();
    await expect(page.getByText(secret)).toHaveCount(0);

    await page.getByRole('button', { name: 'Delete Nightly export' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete token' }).click();
    await expect(page.getByText('The token “Nightly export” no longer works.')).toBeVisible();
    await expect(page.getByText('No tokens yet')).toBeVisible();
    expect((await script.send('GET', '/me')).status).toBe(401);
  });
});

test.describe('as an Admin', () => {
  test.use({ as: ADMIN });

  test('the password policy can be felt before it is saved', async ({ page, api }) => {
    await page.goto('/settings');
    await page.getByRole('textbox', { name: 'Shortest password' }).fill('10');
    await page.getByRole('switch', { name: 'A digit' }).check();
    await page.getByLabel('Try it').fill('green hats');
    const rules = page.getByRole('list', { name: 'What the password needs' });
    await expect(rules).toContainText('At least 10 characters, met');
    await expect(rules).toContainText('A digit, still missing');
    await page.getByLabel('Try it').fill('7 green hats');
    await expect(page.getByText('This one would do.')).toBeVisible();
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('The settings are saved.')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Save' })).toBeHidden();
    expect((await api.get('/org')).password_policy).toMatchObject({ min_length: 10, require_digit: true });
  });

  test('what is refused is said at its field', async ({ page }) => {
    await page.goto('/settings');
    await page.getByRole('textbox', { name: 'Longest access' }).fill('200');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('From 1 to 90 days.')).toBeVisible();
    await page.getByRole('button', { name: 'Discard' }).click();
    await expect(page.getByRole('textbox', { name: 'Longest access' })).toHaveValue('90 days');
  });

  test('two admins at once overwrite nothing of each other', async ({ page, api, watch }) => {
    watch.expect(412, /\/org$/);
    await page.goto('/settings');
    await page.getByLabel('Name').fill('Acme Holding');
    await api.patch('/org', { session_hours: 24 });
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('Somebody changed this meanwhile')).toBeVisible();
    await page.getByRole('button', { name: 'Look at the current version' }).click();
    await expect(
      page.getByText('Changed by somebody else, and shown here now: Sessions last.'),
    ).toBeVisible();
    await expect(page.getByLabel('Name')).toHaveValue('Acme Holding');
    await expect(page.getByRole('textbox', { name: 'Sessions last' })).toHaveValue('24 hours');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('The settings are saved.')).toBeVisible();
    expect(await api.get('/org')).toMatchObject({ name: 'Acme Holding', session_hours: 24 });
  });

  test('shutting out every guest takes a word, holds at once, and is taken back', async ({
    page,
    api,
    browse,
    watch,
  }) => {
    watch.expect(401, /^\/api\/v1\//);
    const guest = await browse(GUEST);
    await guest.goto('/');
    await settled(guest);

    await page.goto('/settings');
    await page.getByRole('button', { name: 'Shut out all guests' }).click();
    const dialog = page.getByRole('dialog', { name: 'Shut out every guest?' });
    await expect(dialog).toContainText('Nothing is lost');
    await dialog.getByRole('button', { name: 'Shut out all guests' }).click();
    await expect(dialog.getByText(/Type acme first/)).toBeVisible();
    await dialog.getByLabel('Type acme to confirm').fill('acme');
    await dialog.getByRole('button', { name: 'Shut out all guests' }).click();
    await expect(page.getByText('Every guest is shut out', { exact: true })).toBeVisible();

    await guest.getByRole('link', { name: 'Deals' }).first().click();
    await expect(guest.getByText(/paused access for all guests/)).toBeVisible();

    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(page.getByText('Guests are let in', { exact: true })).toBeVisible();
    expect((await api.get('/org')).guest_access).toBe(true);
  });
});
