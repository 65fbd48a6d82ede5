// Whose access ends when, and where everybody arrives.
import { inDays } from './api';
import { expect, settled, test } from './fixtures';
import { ADMIN, GUEST, GUEST_DESK, SALES } from './people';

test('each number of the access calendar leads to the guests that it counts', async ({ browse }) => {
  const page = await browse(GUEST_DESK);
  await page.goto('/access-calendar');
  for (const name of ['Ends this week', 'Never claimed', 'Never signed in', 'Sponsor missing']) {
    const card = page.getByRole('link', { name });
    await settled(page);
    // biome-ignore lint/performance/useDomNodeTextContent: only what is seen, and this is no node.
    const [count] = /\d+/.exec(await card.innerText()) ?? [];
    await card.click();
    await expect(page).toHaveURL(/\/guests\?/);
    await expect(
      page.getByRole('status').filter({ hasText: new RegExp(`^${count} guests?$`) }),
    ).toBeVisible();
    await page.goBack();
  }
});

test('the calendar is a table as well, and whoever ends soon is extended from it', async ({
  browse,
  api,
}) => {
  const page = await browse(GUEST_DESK);
  await page.goto('/access-calendar');
  await settled(page);
  await expect(page.getByRole('img', { name: /Bar chart: the access of \d+ guests/ })).toBeVisible();
  await page.getByText('Table', { exact: true }).click();
  await expect(page.getByRole('row').nth(1)).toContainText(/\w+day \d+ \w+ \d{4}/);

  const week = page.getByRole('region', { name: 'This week' });
  await expect(week.getByRole('listitem')).toHaveCount(5);
  await expect(week.getByRole('listitem').filter({ hasText: 'Rosa Haddad' })).toContainText(
    /Sponsor: \w+ \w+/,
  );
  await week.getByRole('button', { name: 'Extend access of Rosa Haddad' }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Extend to/ })
    .click();
  await expect(week.getByRole('listitem')).toHaveCount(4);
  expect((await api.get('/guests?q=rosa%20haddad')).items[0].access_ends_on).toBe(inDays(30));
});

test('home welcomes each kind of person with what is theirs', async ({ browse }) => {
  const guest = await browse(GUEST);
  await guest.goto('/');
  await expect(guest.getByRole('heading', { level: 1 })).toHaveText('Welcome, Noah');
  await expect(guest.getByRole('region', { name: 'Your access' })).toContainText('Daniela Varga');
  await expect(guest.getByRole('link', { name: /Deals \d+ assigned to you/ })).toBeVisible();

  const sales = await browse(SALES);
  await sales.goto('/');
  await expect(sales.getByRole('link', { name: /Accounts 2,000 in all/ })).toBeVisible();
  await expect(sales.getByRole('link', { name: /Ends this week/ })).toHaveCount(0);

  const admin = await browse(ADMIN);
  await admin.goto('/');
  await expect(admin.getByRole('link', { name: /Sponsor missing/ })).toBeVisible();
  await admin.getByRole('link', { name: 'Add a guest' }).click();
  await expect(admin.getByRole('dialog', { name: 'Add a guest' })).toBeVisible();
});
