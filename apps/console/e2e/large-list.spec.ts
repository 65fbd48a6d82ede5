// Ten thousand guests: the page holds a few of them, and asks the server for the rest.
import { expect, settled, test } from './fixtures';
import { ADMIN } from './people';

const MANY = 10_000;

test.use({ as: ADMIN });

test('ten thousand guests are scrolled and filtered without waiting', async ({ page, vestibule }) => {
  await vestibule.addGuests(MANY);
  await page.goto('/guests');
  await settled(page);
  const rows = page.getByRole('row');
  await expect(rows.nth(5)).toBeVisible();

  // Scrolling asks for more, and what is out of sight leaves the page.
  const asked: string[] = [];
  page.on('request', (request) => {
    if (/\/api\/v1\/guests\?.*cursor=/.test(request.url())) asked.push(request.url());
  });
  await rows.nth(5).hover();
  const frames = page.evaluate(async () => {
    const lengths: number[] = [];
    let before = performance.now();
    for (const ends = before + 4000; before < ends; ) {
      const now = await new Promise<number>(requestAnimationFrame);
      lengths.push(now - before);
      before = now;
    }
    return lengths.sort((a, b) => a - b);
  });
  for (let n = 0; n < 60; n++) {
    await page.mouse.wheel(0, 1500);
    await page.waitForTimeout(40);
  }
  const lengths = await frames;
  const typical = lengths[Math.floor(lengths.length * 0.9)] ?? 0;
  test.info().annotations.push({ type: 'frame', description: `nine of ten within ${typical.toFixed(0)} ms` });
  await expect.poll(() => asked.length).toBeGreaterThan(2);
  expect(await rows.count()).toBeLessThan(150);

  // Filtering is the server's work.
  const answered = page.waitForResponse(/\/api\/v1\/guests\?.*q=number04242/);
  await page
    .getByRole('searchbox')
    .or(page.getByPlaceholder(/search/i))
    .first()
    .fill('number04242');
  await answered;
  await expect(page.getByText('Number04242 Guest71')).toBeVisible();
  await expect(rows).toHaveCount(2);
});
