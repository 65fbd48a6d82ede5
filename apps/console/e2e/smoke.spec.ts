// What every page of the console has in common: how it arrives, and what it weighs.
import { expect, settled, signIn, test } from './fixtures';
import { ADMIN, GUEST } from './people';

/** What the guest list may transfer at first sight, compressed, in bytes. */
const BUDGET = 300_000;

test('signing in leads to the console, and signing out out of it', async ({ page }) => {
  await signIn(page, ADMIN);
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
  await settled(page);
  expect((await page.context().cookies()).map(({ name, httpOnly }) => [name, httpOnly])).toEqual([
    ['vestibule', true],
  ]);
  await page.getByRole('button', { name: 'Ada Admin: settings and sign out' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  expect(await page.context().cookies()).toEqual([]);
  await page.goto('/guests');
  await expect(page).toHaveURL(/\/sign-in/);
});

test('whoever is not signed in is asked to, and gets where they wanted', async ({ page }) => {
  await page.goto('/guests?q=noah');
  await expect(page).toHaveURL(/\/sign-in/);
  await page.getByLabel(/organi[sz]ation/i).fill('acme');
  await page.getByLabel(/e-?mail/i).fill(ADMIN.email);
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery staple');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/guests\?q=noah/);
  await expect(page.getByText(GUEST.name).first()).toBeVisible();
});

test.describe('signed in', () => {
  test.use({ as: ADMIN });

  test('a deep link survives a reload', async ({ page, api }) => {
    const { id } = await api.person(GUEST.email);
    await page.goto(`/guests/${id}`);
    await settled(page);
    await expect(page.locator('h1')).toContainText('Noah Zhang');
    await page.reload();
    await settled(page);
    await expect(page).toHaveURL(new RegExp(`/guests/${id}`));
    await expect(page.locator('h1')).toContainText('Noah Zhang');
  });

  test('an address that asks for what there is not offers a way on', async ({ page, watch }) => {
    watch.expect(400, /\/guests$/);
    watch.expect(422, /\/guests$/);
    await page.goto('/guests?sort=nonsense');
    await expect(page.getByText('This list can’t be shown as it is asked for')).toBeVisible();
    await page.getByRole('button', { name: 'Show everything' }).click();
    await expect(page).toHaveURL(/\/guests$/);
    await expect(page.getByRole('row').nth(5)).toBeVisible();
  });

  test('moments are told in the zone of one’s settings, wherever the browser is', async ({ api, browse }) => {
    await api.patch('/me', { time_zone: 'Asia/Tokyo' });
    const { items } = await api.get('/audit-events?limit=1&action=user.updated');
    const page = await browse(ADMIN, { timezoneId: 'America/New_York' });
    await page.goto('/audit-log?action=user.updated');
    const shown = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone: 'Asia/Tokyo' });
    await expect(page.getByRole('region', { name: 'Events' })).toContainText(
      shown.format(new Date(items[0].at)),
    );
  });

  test('pages come under a strict policy and with a new nonce each', async ({ page, request, watch }) => {
    const answer = await page.goto('/guests');
    const policy = (await answer?.headerValue('content-security-policy')) ?? '';
    expect(policy).toContain("default-src 'self';");
    expect(policy).toContain(
      "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    );
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(await answer?.headerValue('cache-control')).toBe('no-store');
    const again = await request.get('/guests', { headers: { accept: 'text/html' } });
    const nonce = (text: string) => /'nonce-([^']+)'/.exec(text)?.[1];
    expect(nonce(again.headers()['content-security-policy'] ?? '')).not.toBe(nonce(policy));
    expect(await again.text()).not.toContain('__CSP_NONCE__');
    // The policy holds: what is slipped into a page does not run.
    await settled(page);
    await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'document.title = "slipped in"';
      document.head.append(script);
    });
    expect(await page.title()).not.toBe('slipped in');
    await expect.poll(() => watch.found.join('\n')).toMatch(/script-src/);
    watch.forgive(/inline script|script-src-elem inline/i);
  });

  test('hashed files are kept for good, and arrive compressed', async ({ page }) => {
    const files: Promise<{ url: string; headers: Record<string, string> }>[] = [];
    page.on('response', (answer) => {
      if (!new URL(answer.url()).pathname.startsWith('/assets/')) return;
      files.push(answer.allHeaders().then((headers) => ({ url: answer.url(), headers })));
    });
    await page.goto('/guests');
    await settled(page);
    expect(files.length).toBeGreaterThan(1);
    for (const { url, headers } of await Promise.all(files)) {
      expect(headers['cache-control'], url).toBe('public, max-age=31536000, immutable');
      const large = Number(headers['content-length']) > 4096;
      if (large && /\.(js|css)$/.test(url)) expect(headers['content-encoding'], url).toBe('br');
    }
  });

  test('the guest list arrives within its budget', async ({ page }) => {
    const network = await page.context().newCDPSession(page);
    await network.send('Network.enable');
    const urls = new Map<string, string>();
    const weights: [string, number][] = [];
    network.on('Network.requestWillBeSent', ({ requestId, request }) => urls.set(requestId, request.url));
    network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      weights.push([urls.get(requestId) ?? '', encodedDataLength]);
    });
    await page.goto('/guests');
    await settled(page);
    await expect(page.getByRole('row').nth(5)).toBeVisible();
    const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
    const listed = weights
      .sort((a, b) => b[1] - a[1])
      .map(([url, weight]) => `${String(weight).padStart(8)} ${url.replace(/^https?:\/\/[^/]+/, '')}`);
    test.info().annotations.push({ type: 'transferred', description: `${total} bytes` });
    expect(total, `the guest list transferred\n${listed.join('\n')}`).toBeLessThanOrEqual(BUDGET);
  });
});
