// A slow line, for finding tests that only pass on a fast one: E2E_DELAY=1500 npx playwright test …
import type { BrowserContext } from '@playwright/test';

/** The longest that an answer waits, in milliseconds; 0 for no delay. */
const LONGEST = Number(process.env.E2E_DELAY ?? 0);

/**
 * Lets every answer that a page asks for come late, each by another while, so that they also come out of order.
 *
 * Half of them wait hardly at all: a race is lost as often by what comes early as by what comes late.
 */
export async function delay(context: BrowserContext): Promise<void> {
  if (LONGEST === 0) return;
  await context.route('**/*', async (route) => {
    const wait = Math.random() ** 3 * LONGEST;
    await new Promise((resolve) => setTimeout(resolve, wait));
    // The page may be gone by now.
    await route.continue().catch(() => {});
  });
}
