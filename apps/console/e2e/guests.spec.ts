// Looking after guests: adding, extending, ending, bringing back and deleting them, one by one and many at once.
import { inDays } from './api';
import { expectAccessible, expectNoSidewaysScroll } from './axe';
import { expect, PHONE, settled, test } from './fixtures';
import { ADMIN, GUEST, SALES } from './people';

test.use({ as: ADMIN });

/** `2026-03-14` → `14 Mar 2026` */
function words(day: string): string {
  const options = { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat('en-GB', options).format(new Date(day)).replace('Sept', 'Sep');
}

test('adding a guest mails an invitation, and the link can be had as well', async ({
  page,
  api,
  vestibule,
}) => {
  await page.goto('/guests');
  await page.getByRole('button', { name: 'Add guest' }).click();
  const drawer = page.getByRole('dialog', { name: 'Add a guest' });
  await drawer.getByLabel('First name').fill('Ines');
  await drawer.getByLabel('Last name').fill('Novak');
  await drawer.getByLabel('Email').fill('ines.novak@guests.example');
  await drawer.getByRole('button', { name: '7 days', exact: true }).click();
  await expect(
    drawer.getByText(/^Last day is \w+ \d+ \w+ \d{4}; access ends at midnight in Europe\/Berlin\.$/),
  ).toBeVisible();
  await drawer.getByRole('combobox', { name: 'Profile' }).click();
  await page.getByRole('option', { name: 'Partner' }).click();
  await drawer.getByRole('combobox', { name: 'License' }).click();
  await page.getByRole('option', { name: /Guest .*seats? left/ }).click();
  await drawer.getByLabel('Reason').fill('Interior design');
  await drawer.getByRole('button', { name: 'Send the invitation' }).click();

  await expect(page.getByRole('alert').filter({ hasText: 'Ines Novak is invited' })).toBeVisible();
  await expect(page.getByRole('row', { name: /Ines Novak/ })).toContainText('Invited');
  const guest = await api.person('ines.novak@guests.example');
  expect(guest).toMatchObject({ access_ends_on: inDays(7), reason: 'Interior design', status: 'invited' });
  const mailed = await vestibule.mail.link(guest.email, 'claim');

  await page.getByRole('button', { name: 'Copy claim link' }).click();
  const dialog = page.getByRole('dialog', { name: /Claim link for Ines Novak/ });
  await expect(dialog).toContainText('stops working');
  await dialog.getByRole('button', { name: 'Make a new link' }).click();
  await expect(dialog.getByLabel('Claim link')).toHaveValue(/\/claim#token=/);
  expect(await dialog.getByLabel('Claim link').inputValue()).not.toContain(mailed);
});

test('what is refused is said at its field, and nothing typed is lost', async ({ page, api, watch }) => {
  watch.expect(422, /\/guests$/);
  watch.expect(409, /\/guests$/);
  await page.goto('/guests?add=true');
  const drawer = page.getByRole('dialog', { name: 'Add a guest' });
  await drawer.getByRole('button', { name: 'Send the invitation' }).click();
  await expect(drawer.getByLabel('First name')).toHaveAccessibleDescription(/A first name is needed/);

  await drawer.getByLabel('First name').fill('Noah');
  await drawer.getByLabel('Last name').fill('Second');
  await drawer.getByLabel('Email').fill(GUEST.email);
  await drawer.getByRole('button', { name: '90 days' }).click();
  await drawer.getByRole('combobox', { name: 'Profile' }).click();
  await page.getByRole('option', { name: 'Partner' }).click();
  // Somebody has just lowered what the organization allows.
  await api.patch('/org', { guest_max_days: 10 });
  await drawer.getByRole('button', { name: 'Send the invitation' }).click();
  await expect(drawer.getByRole('textbox', { name: 'Last day' })).toHaveAccessibleDescription(
    /later than your organization allows/,
  );

  await drawer.getByRole('button', { name: '7 days', exact: true }).click();
  await drawer.getByRole('button', { name: 'Send the invitation' }).click();
  await expect(drawer.getByLabel('Email')).toHaveAccessibleDescription(/already has this email/);
  await expect(drawer.getByLabel('Last name')).toHaveValue('Second');
});

test('a name and a reason without a space fit any window', async ({ page, browse, api }) => {
  const guest = await api.invite('Wolfeschlegel'.repeat(7), 'Hausenbergerdorff'.repeat(5), {
    email: 'wolf@guests.example',
    reason: 'Beratung'.repeat(60),
  });
  await api.patch(`/guests/${guest.id}`, { reason: 'Nachbetreuung'.repeat(30) });
  const phone = await browse(ADMIN, { ...PHONE, viewport: { width: 360, height: 740 } });
  for (const window of [page, phone]) {
    for (const path of [`/guests/${guest.id}`, '/guests', '/', '/audit-log']) {
      await window.goto(path);
      await settled(window);
      await expectNoSidewaysScroll(window);
    }
  }
});

test('an admin elsewhere reads when access ends on their own clock', async ({ page, api }) => {
  await api.patch('/me', { time_zone: 'America/New_York' });
  await page.goto('/guests?add=true');
  await expect(
    page.getByText(/midnight in Europe\/Berlin \(that is \d+ \w+, \d+:00 your time\)/),
  ).toBeVisible();
});

test('access is extended, and that can be taken back', async ({ page, api }) => {
  const guest = await api.person(GUEST.email);
  await page.goto(`/guests/${guest.id}`);
  await page.getByRole('button', { name: 'Extend access' }).click();
  const dialog = page.getByRole('dialog', { name: /Extend access: Noah Zhang/ });
  await expectAccessible(page);
  const last = dialog.getByRole('textbox', { name: 'Last day' });
  await last.fill(words(inDays(80)));
  await last.press('Tab');
  await dialog.getByRole('button', { name: `Extend to ${words(inDays(80))}` }).click();

  const said = page.getByRole('alert').filter({ hasText: 'access ends on' });
  await expect(said).toContainText(`ends on ${words(inDays(80))} instead of ${words(guest.access_ends_on)}`);
  expect((await api.person(GUEST.email)).access_ends_on).toBe(inDays(80));
  await expect(page.getByRole('list', { name: 'Timeline' })).toContainText('Ada Admin extended access until');
  await said.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Taken back.')).toBeVisible();
  expect((await api.person(GUEST.email)).access_ends_on).toBe(guest.access_ends_on);
});

test('a row’s menu is opened, walked through and left with the keyboard', async ({ page }) => {
  await page.goto('/guests?q=noah');
  const dots = page.getByRole('button', { name: 'Actions for Noah Zhang' });
  await dots.press('Enter');
  const entries = page.getByRole('menu', { name: 'Actions for Noah Zhang' }).getByRole('menuitem');
  await expect(entries.first()).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(entries.nth(1)).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(entries.first()).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(entries).toHaveCount(0);
  await expect(dots).toBeFocused();
  await dots.press('Enter');
  await expect(entries.first()).toBeFocused();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Extend access: Noah Zhang' });
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(dots).toBeFocused();
});

test('access is revoked with a reason, and given back', async ({ page, api, browse, watch }) => {
  watch.expect(401, /^\/api\/v1\//);
  const guest = await api.person(GUEST.email);
  const theirs = await browse(GUEST);
  await theirs.goto('/');
  await expect(theirs.getByRole('heading', { level: 1 })).toHaveText('Welcome, Noah');

  await page.goto('/guests?q=noah');
  await page.getByRole('button', { name: 'Actions for Noah Zhang' }).click();
  await page.getByRole('menuitem', { name: 'Revoke access' }).click();
  const dialog = page.getByRole('dialog', { name: 'Revoke access: Noah Zhang' });
  await expect(dialog).toContainText('signed out everywhere at once');
  await expect(dialog).toContainText('Nothing is deleted');
  await dialog.getByLabel('Reason').fill('The rollout is over');
  await dialog.getByRole('button', { name: 'Revoke access' }).click();
  await expect(page.getByRole('row', { name: /Noah Zhang/ })).toContainText('Revoked');
  expect(await api.person(GUEST.email)).toMatchObject({
    status: 'revoked',
    revoke_reason: 'The rollout is over',
  });
  await theirs.goto('/');
  await expect(theirs).not.toHaveURL(/\/$/);
  const ends = page.getByRole('cell', { name: `Revoked ${words(inDays(0))}` });
  await expect(ends.getByTitle(`Access was to end on ${words(guest.access_ends_on)}`)).toBeVisible();

  await page.getByRole('link', { name: /Noah Zhang/ }).click();
  await expect(page.getByText('Nothing while access is revoked.')).toBeVisible();
  await expect(page.getByText('“The rollout is over”').first()).toBeVisible();
  await page.getByRole('button', { name: 'Reinstate' }).click();
  const again = page.getByRole('dialog', { name: 'Reinstate: Noah Zhang' });
  await again.getByRole('button', { name: '30 days' }).click();
  await again.getByRole('button', { name: 'Reinstate' }).click();
  await expect(page.getByText('Active', { exact: true })).toBeVisible();
  await expect(page.getByText('Nothing while access is revoked.')).toBeHidden();
  expect(await api.person(GUEST.email)).toMatchObject({ status: 'active', access_ends_on: inDays(30) });
});

test('many are extended at once, after telling who can’t be', async ({ page, api }) => {
  await page.goto('/guests?q=helpdesk-plus');
  const before = (await api.get('/guests?q=helpdesk-plus')).items;
  await page.getByRole('checkbox', { name: 'Select all that are loaded' }).click();
  const bar = page.getByRole('region', { name: 'Selected guests' });
  await expect(bar).toContainText('3 guests selected');
  await bar.getByRole('button', { name: 'Extend' }).click();
  const dialog = page.getByRole('dialog', { name: 'Change the last day: 3 guests' });
  await dialog.getByRole('button', { name: '90 days' }).click();
  await expect(dialog).toContainText('1 guest will be extended, 2 can’t be.');
  // One of them only lacks a sponsor.
  await expect(dialog).toContainText('The sponsor of 1 guest is gone');
  await dialog.getByRole('combobox', { name: 'New sponsor' }).fill('ada admin');
  await page.getByRole('option', { name: /Ada Admin/ }).click();
  await expect(dialog).toContainText('2 guests will be extended, 1 can’t be.');
  await expect(dialog).toContainText('Access is revoked. Reinstate the guest instead.');
  await expect(dialog).toContainText(`ends on ${words(inDays(90))} instead of ${words(inDays(30))}`);
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Extend 2 guests' }).click();

  const said = page.getByRole('alert').filter({ hasText: '2 guests have a new last day.' });
  await expect(said).toBeVisible();
  const days = async () =>
    (await api.get('/guests?q=helpdesk-plus&sort=email')).items.map(
      (g: { access_ends_on: string }) => g.access_ends_on,
    );
  expect((await days()).filter((day: string) => day === inDays(90))).toHaveLength(2);
  await said.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Taken back.')).toBeVisible();
  expect((await days()).sort()).toEqual(
    before.map((g: { access_ends_on: string }) => g.access_ends_on).sort(),
  );
});

test('extending many takes no days from anybody, unless that is wanted', async ({ page, api }) => {
  const stays = { Early: 10, Late: 44, Later: 60 };
  for (const [name, days] of Object.entries(stays))
    await api.invite(name, 'Lastday', { access_ends_on: inDays(days) });
  await page.goto('/guests?q=lastday&sort=access_ends_on');
  await page.getByRole('checkbox', { name: 'Select all that are loaded' }).click();
  await page.getByRole('region', { name: 'Selected guests' }).getByRole('button', { name: 'Extend' }).click();
  const dialog = page.getByRole('dialog', { name: 'Change the last day: 3 guests' });
  await dialog
    .getByRole('group', { name: 'From today' })
    .getByRole('button', { name: '30 days', exact: true })
    .click();
  await expect(dialog).toContainText('2 guests would lose days, so they stay as they are.');
  await expect(dialog).toContainText('1 guest will be extended.');
  await expect(dialog).toContainText(`Late Lastday keeps ${words(inDays(44))}`);
  await expect(dialog.getByRole('button', { name: 'Extend 1 guest', exact: true })).toBeEnabled();

  const spare = dialog.getByRole('checkbox', { name: 'Leave those who would lose days as they are' });
  await spare.uncheck();
  await expect(dialog).not.toContainText('so they stay as they are.');
  const lines = dialog.getByRole('listitem');
  await expect(lines.filter({ hasText: 'Late Lastday' })).toContainText('14 days sooner than now');
  await expect(lines.last()).toContainText('Early Lastday');
  await expect(dialog.getByRole('button', { name: 'Extend 1 guest and shorten 2' })).toBeEnabled();
  await expectAccessible(page);

  await spare.check();
  await dialog.getByRole('button', { name: 'Extend 1 guest', exact: true }).click();
  await expect(page.getByRole('alert').filter({ hasText: '1 guest has a new last day.' })).toBeVisible();
  const { items } = await api.get('/guests?q=lastday&sort=access_ends_on');
  expect(items.map((guest: { access_ends_on: string }) => guest.access_ends_on)).toEqual([
    inDays(30),
    inDays(44),
    inDays(60),
  ]);
});

test('those who aren’t loaded are spared as well', async ({ page, api, vestibule }) => {
  await vestibule.addGuests(160);
  const late = await api.first('/guests?q=number&sort=created_at,email');
  await api.patch(`/guests/${late.id}`, { access_ends_on: inDays(85) });
  await page.goto('/guests?q=number&sort=access_ends_on');
  await settled(page);
  await page.getByRole('checkbox', { name: 'Select all that are loaded' }).click();
  const bar = page.getByRole('region', { name: 'Selected guests' });
  await bar.getByRole('button', { name: 'Select all 160 that match' }).click();
  await bar.getByRole('button', { name: 'Extend' }).click();
  const dialog = page.getByRole('dialog', { name: 'Change the last day: 160 guests' });
  const last = dialog.getByRole('textbox', { name: 'New last day' });
  await last.fill(words(inDays(84)));
  await last.press('Tab');
  await expect(dialog).toContainText('1 guest would lose days, so they stay as they are.');
  await dialog.getByRole('button', { name: 'Extend 159 guests' }).click();
  await expect(page.getByRole('alert').filter({ hasText: '159 guests have a new last day.' })).toBeVisible();
  expect(await api.person(late.email)).toMatchObject({ access_ends_on: inDays(85) });
});

test('an earlier day under “extend” is said to shorten access', async ({ page, api }) => {
  const guest = await api.invite('Milla', 'Sooner', { access_ends_on: inDays(40) });
  await page.goto(`/guests/${guest.id}`);
  await page.getByRole('button', { name: 'Extend access' }).click();
  const dialog = page.getByRole('dialog', { name: 'Extend access: Milla Sooner' });
  await expect(dialog).toContainText(`50 days longer than before (until ${words(inDays(40))}).`);
  await dialog.getByRole('button', { name: '7 days', exact: true }).click();
  await expect(dialog).toContainText(`33 days shorter than before (until ${words(inDays(40))}).`);
  await expect(dialog.getByRole('button', { name: `Shorten to ${words(inDays(7))}` })).toBeVisible();
  await expectAccessible(page);
});

test('a guest whom nobody answers for gets a new sponsor', async ({ page, api }) => {
  const guest = await api.first('/guests?sponsor_missing=true&status=active');
  await page.goto(`/guests/${guest.id}`);
  const said = page.getByRole('alert').filter({ hasText: 'Nobody answers for this guest' });
  await expect(said).toContainText('Name a new sponsor to extend access.');
  await expectAccessible(page);
  await said.getByRole('button', { name: 'Change sponsor' }).click();
  const drawer = page.getByRole('dialog', { name: /^Edit / });
  await drawer.getByRole('combobox', { name: 'Sponsor' }).fill('ada admin');
  await page.getByRole('option', { name: /Ada Admin/ }).click();
  await drawer.getByRole('button', { name: 'Save changes' }).click();
  await expect(said).toBeHidden();
});

test('a deleted guest’s records go to somebody else', async ({ page, api }) => {
  const [guest, heir] = [await api.person(GUEST.email), await api.person(SALES.email)];
  const deals = async (owner: string) =>
    (
      await api.get(
        `/objects/deal/records?count=true&limit=1&filter=${encodeURIComponent(`owner eq "${owner}"`)}`,
      )
    ).total;
  const [theirs, hers] = [await deals(guest.id), await deals(heir.id)];
  await page.goto(`/guests/${guest.id}`);
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete Noah Zhang' });
  await expect(dialog).toContainText(`They own ${theirs} deals`);
  await dialog.getByRole('combobox', { name: /Hand their records over/ }).fill('valentina weber');
  await page.getByRole('option', { name: /Valentina Weber/ }).click();
  await dialog.getByRole('button', { name: 'Delete for good' }).click();
  await expect(page).toHaveURL(/\/guests$/);
  await expect(page.getByText('Noah Zhang is deleted.')).toBeVisible();
  expect(await deals(heir.id)).toBe(hers + theirs);
});

test('filters, order, search and columns are still there after a reload', async ({ page }) => {
  await page.goto('/guests');
  await page.getByRole('button', { name: 'Filter' }).click();
  await page.getByRole('menuitem', { name: 'Status' }).click();
  await page.getByRole('menu', { name: 'Status' }).getByText('Active', { exact: true }).click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu', { name: 'Status' })).toBeHidden();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu', { name: 'Filter' })).toBeHidden();
  await page.getByRole('searchbox').fill('rollout');
  await page.getByRole('columnheader', { name: 'Ends on' }).getByRole('button').click();
  await page.getByRole('button', { name: 'Choose columns' }).click();
  await page.getByRole('menu', { name: 'Choose columns' }).getByText('Reason', { exact: true }).click();
  await page.keyboard.press('Escape');
  const look = async () => {
    await settled(page);
    await expect(page.getByText('3 guests')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Status: Active' })).toBeVisible();
    await expect(page.getByRole('searchbox')).toHaveValue('rollout');
    await expect(page.getByRole('columnheader', { name: 'Ends on' })).toHaveAttribute(
      'aria-sort',
      'ascending',
    );
    await expect(page.getByRole('row').nth(1)).toContainText('Quinn Garcia');
    await expect(page.getByRole('columnheader', { name: 'Reason' })).toBeVisible();
  };
  await look();
  await page.reload();
  await look();
});

test('two people edit the same guest, and neither loses anything', async ({ page, api, watch }) => {
  watch.expect(412, /\/guests\//);
  const guest = await api.person(GUEST.email);
  await page.goto(`/guests/${guest.id}`);
  await page.getByRole('button', { name: 'Edit' }).click();
  const drawer = page.getByRole('dialog', { name: 'Edit Noah Zhang' });
  await drawer.getByLabel('Reason').fill('Rollout in Portugal');
  await api.patch(`/guests/${guest.id}`, { external_id: 'P-77' });
  await drawer.getByRole('button', { name: 'Save changes' }).click();
  await expect(drawer.getByRole('alert')).toContainText('Somebody changed this meanwhile');
  await drawer.getByRole('button', { name: 'Look at the current version' }).click();
  await expect(drawer.getByLabel('External ID')).toHaveValue('P-77');
  await expect(drawer.getByLabel('Reason')).toHaveValue('Rollout in Portugal');
  await expectAccessible(page);
  await drawer.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByText('Noah Zhang is changed.')).toBeVisible();
  expect(await api.person(GUEST.email)).toMatchObject({ external_id: 'P-77', reason: 'Rollout in Portugal' });
});

test('a guest’s page tells what happened, what they reach and what they own', async ({ page, api }) => {
  const guest = await api.person(GUEST.email);
  await page.goto(`/guests/${guest.id}`);
  const timeline = page.getByRole('list', { name: 'Timeline' });
  await expect(timeline).toContainText('invited this guest until');
  await expect(timeline).toContainText('Noah Zhang accepted the invitation.');
  await expect(page.getByText('Can view and edit those assigned to them.').first()).toBeVisible();
  await page.getByRole('link', { name: /^Deals \d+$/ }).click();
  await expect(page).toHaveURL(/\/records\/deal\?filter=/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Deals');
});
