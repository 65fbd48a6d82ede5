// From the invitation to the farewell, as guests live through it.

import { inDays } from './api';
import { expectAccessible, expectNoSidewaysScroll } from './axe';
import { expect, PHONE, settled, test } from './fixtures';
import { ADMIN, ORG_NAME, PASSWORD } from './people';

/** `2026-03-14` → `14 March 2026`. */
function long(day: string): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(day));
}

test('the whole stay: invited, in within a minute on a phone, extended, and over', async ({
  api,
  browse,
  vestibule,
  watch,
}) => {
  test.slow();
  const admin = await browse(ADMIN);
  await admin.goto('/guests?add=true');
  const invitation = admin.getByRole('dialog', { name: 'Add a guest' });
  await invitation.getByLabel('First name').fill('Petra');
  await invitation.getByLabel('Last name').fill('Lindgren');
  await invitation.getByLabel('Email').fill('petra.lindgren@guests.example');
  await invitation.getByRole('button', { name: '30 days', exact: true }).click();
  await invitation.getByRole('combobox', { name: 'Profile' }).click();
  await admin.getByRole('option', { name: 'Partner' }).click();
  await invitation.getByRole('button', { name: 'Send the invitation' }).click();
  await expect(admin.getByRole('alert').filter({ hasText: 'Petra Lindgren is invited' })).toBeVisible();
  const petra = await api.person('petra.lindgren@guests.example');

  // The mail, on a phone.
  const phone = await browse(undefined, PHONE);
  await phone.goto(await vestibule.mail.link(petra.email, 'claim'));
  await expect(phone.getByRole('heading', { level: 1 })).toHaveText(
    `${ADMIN.name} invites you to ${ORG_NAME}`,
  );
  await expect(phone).toHaveURL(/\/claim$/); // the secret has left the address
  await expect(phone.getByText(long(inDays(30)))).toBeVisible();
  await expect(phone.getByText('Europe/Berlin')).toBeVisible();
  await expect(phone.getByText('Partner, a guest')).toBeVisible();
  await expectNoSidewaysScroll(phone);
  await phone.getByLabel('Choose a password').fill('seven green umbrellas');
  await phone.getByRole('button', { name: `Join ${ORG_NAME}` }).tap();
  await expect(phone).toHaveURL(/\/$/);

  // Work.
  await phone.goto('/records/deal');
  await settled(phone);
  await expect(phone.getByRole('heading', { level: 1 })).toContainText('Deals');

  // Extended meanwhile: the new day is there on the next look.
  await phone.goto('/me');
  await expect(phone.getByRole('heading', { name: `Your access ends on ${long(inDays(30))}` })).toBeVisible();
  await admin.goto(`/guests/${petra.id}`);
  await admin.getByRole('button', { name: 'Extend access' }).click();
  const extension = admin.getByRole('dialog', { name: /^Extend access/ });
  await extension.getByRole('button', { name: '90 days', exact: true }).click();
  await extension.getByRole('button', { name: /^Extend to/ }).click();
  await expect(admin.getByRole('alert').filter({ hasText: 'access ends on' })).toBeVisible();
  await phone.reload();
  await expect(phone.getByRole('heading', { name: `Your access ends on ${long(inDays(90))}` })).toBeVisible();
  await expect(phone.getByRole('link', { name: ADMIN.email })).toHaveAttribute(
    'href',
    /^mailto:ada\.admin@acme/,
  );

  // Over, with a page open: the next thing that the page asks for leads to the farewell.
  watch.expect(401, /^\/api\/v1\//);
  await vestibule.endAccess(petra.email);
  await phone.getByLabel('First name').fill('Petronella');
  await phone.getByRole('button', { name: 'Save' }).tap();
  await expect(phone).toHaveURL(/\/access-ended/);
  await expect(phone.getByRole('heading', { level: 1 })).toHaveText(`Your access to ${ORG_NAME} has ended`);
  await expect(phone.getByText(ADMIN.name, { exact: true })).toBeVisible();
  await expect(phone.getByRole('link', { name: 'Write to Ada' })).toHaveAttribute(
    'href',
    /^mailto:ada\.admin@acme/,
  );
  await expectAccessible(phone);
  await phone.reload();
  await expect(phone.getByText(ADMIN.name, { exact: true })).toBeVisible();

  // Coming back by the front door ends there, too.
  watch.expect(403, /\/sessions$/);
  await phone.goto('/sign-in');
  await phone.getByLabel('Email').fill(petra.email);
  await phone.getByLabel('Password', { exact: true }).fill('seven green umbrellas');
  await phone.keyboard.press('Enter');
  await expect(phone.getByRole('heading', { level: 1 })).toHaveText(`Your access to ${ORG_NAME} has ended`);
});

test('the rules tick while one types, and the server has the last word', async ({
  page,
  api,
  vestibule,
  watch,
}) => {
  await api.patch('/org', { password_policy: { min_length: 12, require_digit: true } });
  const { email } = await api.invite('Petra', 'Lindgren');
  await page.goto(await vestibule.mail.link(email, 'claim'));
  const rules = page.getByRole('list', { name: 'What the password needs' });
  const password = page.getByLabel('Choose a password');
  await expect(rules.getByRole('listitem')).toHaveText([
    'At least 12 characters, still missing',
    'A digit, still missing',
    'Without your name or email, still missing',
    'Not a common one: checked when it is set',
  ]);
  await password.fill('lindgren1');
  await expect(rules).toContainText('3 to go');
  await expect(rules).toContainText('“lindgren” is in it, broken');
  await expect(rules).toContainText('A digit, met');
  await page.getByRole('button', { name: /^Join/ }).click();
  await expect(page.getByText('Not yet: see what is missing below.')).toBeVisible();

  watch.expect(422, /\/claims$/);
  await password.fill('aaaaaaaaaaaa1');
  await page.getByRole('button', { name: /^Join/ }).click();
  await expect(rules).toContainText('This one is too common or too easily guessed');
  await expectAccessible(page);
  await password.fill('7 green umbrellas');
  await expect(rules).not.toContainText('too easily guessed');
  await page.getByRole('button', { name: /^Join/ }).click();
  await expect(page).toHaveURL(/\/$/);
});

test('a reload keeps the invitation, and a link that was used says what to do', async ({
  page,
  api,
  vestibule,
  watch,
}) => {
  const { email } = await api.invite('Petra', 'Lindgren');
  const link = await vestibule.mail.link(email, 'claim');
  await page.goto(link);
  await expect(page.getByRole('button', { name: /^Join/ })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('button', { name: /^Join/ })).toBeVisible();

  // Used in another tab meanwhile.
  watch.expect(410, /\/claims/);
  await api.claim(link);
  await page.getByLabel('Choose a password').fill('seven green umbrellas');
  await page.getByRole('button', { name: /^Join/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This invitation link no longer works');
  await expect(page.getByText('If you have joined already, just sign in.')).toBeVisible();
  await page.getByRole('link', { name: 'Go to sign in' }).click();
  await expect(page).toHaveURL(/\/sign-in/);
});

test.describe('in a browser where somebody is signed in', () => {
  test.use({ as: ADMIN });

  test('a guest who joins is told whose place they take', async ({ page, api, vestibule }) => {
    const { email } = await api.invite('Petra', 'Lindgren');
    await page.goto(await vestibule.mail.link(email, 'claim'));
    await expect(page.getByText('Ada Admin is signed in at Acme Corporation in this browser.')).toBeVisible();
    await page.getByLabel('Choose a password').fill(PASSWORD);
    await page.getByRole('button', { name: /^Join/ }).click();
    await expect(page.getByRole('button', { name: /^Petra Lindgren/ })).toBeVisible();
  });
});

test('guests who were shut out, and those who were revoked, are told which', async ({
  api,
  browse,
  watch,
}) => {
  watch.expect(401, /^\/api\/v1\//);
  watch.expect(403, /\/sessions$/);
  const guest = await api.person('noah.zhang@rollout-partners.example');
  const page = await browse({ email: guest.email, name: 'Noah Zhang' });
  await page.goto('/me');
  await settled(page);
  await api.patch('/org', { guest_access: false });
  await page.goto('/');
  await expect(page.getByText(/paused access for all guests/)).toBeVisible();

  await api.patch('/org', { guest_access: true });
  await api.post(`/guests/${guest.id}/revoke`, { reason: 'The project is over' });
  await page.goto('/sign-in?org=acme');
  await page.getByLabel('Email').fill(guest.email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.getByText(/^Somebody at Acme Corporation ended it on/)).toBeVisible();
});
