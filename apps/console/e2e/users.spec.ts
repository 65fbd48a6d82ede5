// Users and licenses, as those who look after them do.
import { Api } from './api';
import { expectAccessible, expectNoSidewaysScroll } from './axe';
import { expect, PHONE, settled, test } from './fixtures';
import { ADMIN, GUEST_DESK, ORG, SALES } from './people';

test.use({ as: ADMIN });

test('a user is added, and the mailed link leads to their account', async ({
  page,
  browse,
  vestibule,
  watch,
}) => {
  await page.goto('/users');
  await page.getByRole('button', { name: 'Add user' }).click();
  const drawer = page.getByRole('dialog', { name: 'Add a user' });
  await drawer.getByLabel('First name').fill('Grace');
  await drawer.getByLabel('Last name').fill('Hopper');
  await drawer.getByLabel('Email').fill('ada.admin@acme.example');
  await expect(drawer.getByRole('combobox', { name: 'Profile' })).toHaveValue('Default');
  await drawer.getByRole('combobox', { name: 'Role' }).fill('Brand Dir');
  await page.getByRole('option', { name: /Brand Director/ }).click();
  await expectAccessible(page);

  // An email that is taken is said at its field, and nothing typed is lost.
  watch.expect(409, /\/users$/);
  await drawer.getByRole('button', { name: 'Add user' }).click();
  await expect(drawer.getByText('Somebody in your organization already has this email.')).toBeVisible();
  await drawer.getByLabel('Email').fill('grace.hopper@acme.example');
  await drawer.getByRole('button', { name: 'Add user' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Grace Hopper');
  await expect(page.getByText('Invited', { exact: true })).toBeVisible();

  const theirs = await browse();
  await theirs.goto(await vestibule.mail.link('grace.hopper@acme.example', 'claim'));
  await expect(theirs.getByText(/Grace/).first()).toBeVisible();
});

test('a user is deactivated, which ends their session, and activated again by undo', async ({
  page,
  browse,
  watch,
}) => {
  const theirs = await browse(SALES);
  await theirs.goto('/me');
  await settled(theirs);
  await page.goto('/users?q=valentina weber');
  await page.getByRole('button', { name: 'Actions for Valentina Weber' }).first().click();
  await page.getByRole('menuitem', { name: 'Deactivate' }).click();
  const dialog = page.getByRole('dialog', { name: /Deactivate Valentina Weber/ });
  await expect(dialog).toContainText('signed out everywhere at once');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Deactivate' }).click();
  await expect(page.getByText('Valentina Weber is deactivated.')).toBeVisible();
  await expect(page.getByText('Deactivated', { exact: true })).toBeVisible();
  watch.expect(401, /^\/api\/v1\//);
  expect((await theirs.request.get('/api/v1/session')).status()).toBe(401);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Active', { exact: true })).toBeVisible();
});

test('whoever guessed too often is shown as locked, and unlocked', async ({ page, api, vestibule }) => {
  const { id } = await api.person(SALES.email);
  await page.goto('/users?q=valentina weber');
  const menu = page.getByRole('button', { name: 'Actions for Valentina Weber' });
  await menu.click();
  await expect(page.getByRole('menuitem', { name: 'Deactivate' })).toBeVisible();
  await expect(page.getByRole('menuitem', { name: 'Unlock' })).toHaveCount(0);

  const stranger = new Api(vestibule.url);
  const guess = { org: ORG, email: SALES.email, password: 'not this one' };
  for (let n = 0; n < 10; n += 1) expect((await stranger.send('POST', '/sessions', guess)).status).toBe(401);
  const { locked_until } = await api.get(`/users/${id}`);
  const end = await page.evaluate((at) => new Date(at).toTimeString().slice(0, 5), locked_until);
  await page.reload();
  await expect(page.getByRole('row', { name: /Valentina Weber/ })).toContainText(`Locked until ${end}`);
  await settled(page);
  await expectAccessible(page);

  await page.goto(`/users/${id}`);
  await expect(page.getByText(`Locked until ${end}`)).toBeVisible();
  await expect(page.getByText(/^Until .*, after too many wrong passwords$/)).toBeVisible();
  await page.getByRole('button', { name: 'Actions' }).click();
  await page.getByRole('menuitem', { name: 'Unlock' }).click();
  await expect(page.getByText('Valentina Weber can sign in again.')).toBeVisible();
  await expect(page.getByText(/Locked until/)).toHaveCount(0);
  expect((await stranger.signIn(ORG, SALES)).token).toMatch(/^vst_s_/);
});

test('the last Admin stays an Admin, and is told so', async ({ page, api, watch }) => {
  const ada = await api.person(ADMIN.email);
  await page.goto(`/users/${ada.id}`);
  await page.getByRole('button', { name: 'Actions' }).click();
  await page.getByRole('menuitem', { name: 'Change profile' }).click();
  const dialog = page.getByRole('dialog', { name: /Change profile/ });
  await dialog.getByRole('combobox', { name: 'Profile' }).fill('Guest desk');
  await page.getByRole('option', { name: 'Guest desk' }).click();
  watch.expect(409, /\/users\//);
  await dialog.getByRole('button', { name: 'Change profile' }).click();
  await expect(dialog.getByText('This would leave the organization without an active Admin.')).toBeVisible();
  expect((await api.person(ADMIN.email)).profile_id).toBe(ada.profile_id);
});

test('two people edit the same user: nothing is overwritten unseen', async ({ page, api, watch }) => {
  const { id } = await api.person(SALES.email);
  await page.goto(`/users/${id}`);
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  const drawer = page.getByRole('dialog', { name: 'Edit Valentina Weber' });
  await drawer.getByLabel('First name').fill('Vala');
  await api.patch(`/users/${id}`, { last_name: 'Weber-Ruiz' });
  watch.expect(412, /\/users\//);
  await drawer.getByRole('button', { name: 'Save' }).click();
  await expect(drawer.getByText('Somebody changed this meanwhile')).toBeVisible();
  await drawer.getByRole('button', { name: 'Look at the current version' }).click();
  await expect(drawer.getByLabel('Last name')).toHaveValue('Weber-Ruiz');
  await expect(drawer.getByLabel('First name')).toHaveValue('Vala');
  await drawer.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Vala Weber-Ruiz');
});

test('the list is filtered and searched in the URL, and leads to reports and peers', async ({
  page,
  api,
}) => {
  const [role] = (await api.get('/roles?q=VP%20Sales')).items;
  await page.goto('/users');
  await page.getByRole('button', { name: 'Filter' }).click();
  await page.getByRole('menuitem', { name: 'Status' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Invited' }).click();
  await expect(page).toHaveURL(/status=invited/);
  await page.goto(`/users?role_id=${role.id}`);
  await expect(page.getByText('1 user', { exact: true })).toBeVisible();
  await page.getByRole('region', { name: 'Users' }).getByRole('link').first().click();
  const reports = page.getByRole('region', { name: 'Reports', exact: true });
  await expect(reports).toContainText('124');
  const drawing = page.getByRole('region', { name: /^Roles above and below/ });
  await expect(drawing.getByRole('button', { name: /^Sales Director EMEA, .*Reports$/ })).toBeVisible();
  await expect(drawing.getByRole('button', { name: /^Chief Executive, .*Above them$/ })).toBeVisible();
  await settled(page);
  await expectAccessible(page);
});

test('seats are counted, and a license that is in use stays', async ({ page, watch }) => {
  await page.goto('/licenses');
  await page.getByRole('button', { name: 'Add license' }).click();
  const adding = page.getByRole('dialog', { name: 'Add license' });
  await adding.getByLabel('Name').fill('Field service');
  await adding.getByLabel('Seats').fill('3');
  await adding.getByRole('button', { name: 'Add license' }).click();
  await expect(page.getByText('0 of 3 seats used')).toBeVisible();

  await page.getByRole('button', { name: 'Actions for Full' }).click();
  await page.getByRole('menuitem', { name: 'Name and seats' }).click();
  const editing = page.getByRole('dialog', { name: 'Edit Full' });
  await editing.getByLabel('Seats').fill('5');
  watch.expect(409, /\/licenses\//);
  await editing.getByRole('button', { name: 'Save' }).click();
  await expect(editing.getByText(/seats of Full are in use/)).toBeVisible();
  await editing.getByLabel('Seats').fill('400');
  await editing.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText(/of 400 seats used/)).toBeVisible();

  await page.getByRole('button', { name: 'Actions for Full' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  const deleting = page.getByRole('dialog', { name: 'Delete Full' });
  await deleting.getByRole('button', { name: 'Delete license' }).click();
  await expect(deleting.getByText(/People are still on this license/)).toBeVisible();
});

test('somebody who only looks after guests sees users and changes none', async ({ browse }) => {
  const desk = await browse(GUEST_DESK);
  await desk.goto('/users');
  await settled(desk);
  await expect(desk.getByRole('link', { name: /Amara Adeyemi/ }).first()).toBeVisible();
  await expect(desk.getByRole('button', { name: 'Add user' })).toHaveCount(0);
  await expect(desk.getByRole('button', { name: /^Actions for/ })).toHaveCount(0);
  await desk.goto('/licenses');
  await settled(desk);
  await expect(desk.getByRole('button', { name: 'Add license' })).toHaveCount(0);
});

test('on a phone a user fits the window', async ({ api, browse }) => {
  const { id } = await api.person(SALES.email);
  const phone = await browse(ADMIN, PHONE);
  for (const path of ['/users', `/users/${id}`, '/licenses', '/roles']) {
    await phone.goto(path);
    await settled(phone);
    await expectNoSidewaysScroll(phone);
  }
});

test('what makes no sense in an address narrows and sorts nothing', async ({ page, api }) => {
  const { total } = await api.get('/users?count=true&limit=1');
  await page.goto('/users?status=zzz&sort=nonsense');
  await expect(page.getByText(`${total} users`, { exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Clear filters' })).toHaveCount(0);
});
