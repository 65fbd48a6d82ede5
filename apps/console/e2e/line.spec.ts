// A bad line, or a server that answers late or not at all: nothing happens unasked, and nothing fails unsaid.
import { expect, settled, test } from './fixtures';
import { ADMIN, GUEST } from './people';

test.use({ as: ADMIN });

test('what is given up without a connection doesn’t happen once there is one', async ({
  page,
  api,
  context,
  watch,
}) => {
  const guest = await api.person(GUEST.email);
  await page.goto(`/guests/${guest.id}`);
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Revoke access' }).click();
  const dialog = page.getByRole('dialog', { name: 'Revoke access: Noah Zhang' });
  await settled(page);
  await context.setOffline(true);
  await dialog.getByRole('button', { name: 'Revoke access' }).click();
  await expect(dialog.getByRole('alert')).toContainText('can’t be reached');
  watch.forgive(/ERR_INTERNET_DISCONNECTED/);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await context.setOffline(false);
  await page.reload();
  await expect(page.getByText('Active', { exact: true })).toBeVisible();
  expect((await api.person(GUEST.email)).status).toBe('active');
});

test('a dialog stays until what it asked for is answered', async ({ page, api, watch }) => {
  watch.expect(503, /\/revoke$/);
  const guest = await api.person(GUEST.email);
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route(/\/revoke$/, async (route) => {
    await held;
    await route.fulfill({ status: 503 });
  });
  await page.goto(`/guests/${guest.id}`);
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Revoke access' }).click();
  const dialog = page.getByRole('dialog', { name: 'Revoke access: Noah Zhang' });
  await dialog.getByRole('button', { name: 'Revoke access' }).click();
  await page.keyboard.press('Escape');
  await page.mouse.click(5, 5);
  await expect(dialog.getByRole('button', { name: 'Close' })).toBeDisabled();
  await expect(dialog).toBeVisible();
  answer();
  await expect(dialog.getByRole('alert')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('a list that couldn’t go on goes on after “Try again”', async ({ page, watch }) => {
  watch.expect(500, /\/records$/);
  let broken = true;
  await page.route(/\/records\?.*cursor=/, (route) =>
    broken ? route.fulfill({ status: 500 }) : route.fallback(),
  );
  await page.goto('/records/deal');
  await settled(page);
  const rows = page.getByRole('row');
  await rows.nth(5).hover();
  const again = page.getByRole('button', { name: 'Try again' });
  await expect(async () => {
    await page.mouse.wheel(0, 20_000);
    await expect(again).toBeVisible({ timeout: 500 });
  }).toPass();
  broken = false;
  const more = page.waitForResponse((response) => /cursor=/.test(response.url()) && response.ok());
  await again.click();
  await more;
  await expect(again).toBeHidden();
});

test('a name that comes late doesn’t take the place of what is typed', async ({ page, api }) => {
  const deal = await api.post('/objects/deal/records', { fields: { name: 'Harbour crane' } });
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route(/\/api\/v1\/people\?/, async (route) => {
    await held;
    await route.fallback();
  });
  await page.goto(`/records/deal/${deal.id}`);
  await page.getByRole('button', { name: 'Why?' }).click();
  const why = page.getByRole('dialog');
  const person = why.getByRole('combobox', { name: 'Person' });
  await person.fill('Valentina Web');
  const named = page.waitForResponse(/\/people\?.*ids?=/);
  answer();
  await named;
  await page.getByRole('option', { name: /Valentina Weber/ }).click();
  await expect(why.getByRole('heading', { name: /^Valentina Weber can/ })).toBeVisible();
  await expect(person).toHaveValue('Valentina Weber');
});
