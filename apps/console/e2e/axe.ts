// Accessibility and layout, as a machine can judge them.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Locator, type Page } from '@playwright/test';

/** The dark one first, so that a page is left in the light one. */
export const THEMES = ['dark', 'light'] as const;

type Theme = (typeof THEMES)[number];

/** Expects that axe finds nothing on this page, in these themes. */
export async function expectAccessible(page: Page, themes: readonly Theme[] = THEMES): Promise<void> {
  const found: string[] = [];
  for (const theme of themes) {
    found.push(...(await violations(page, theme)));
  }
  expect.soft(found, `accessibility of ${new URL(page.url()).pathname}`).toEqual([]);
}

/** Expects that axe finds nothing in one part of a page, in both themes. These rules don't hold for it. */
export async function expectPartAccessible(part: Locator, without: readonly string[] = []): Promise<void> {
  await part.evaluate((element) => element.setAttribute('data-looked-at', ''));
  const found: string[] = [];
  for (const theme of THEMES) {
    found.push(...(await violations(part.page(), theme, '[data-looked-at]', without)));
  }
  await part.evaluate((element) => element.removeAttribute('data-looked-at'));
  expect.soft(found, `accessibility of ${part}`).toEqual([]);
}

/** What axe finds in one theme: a line per rule and element. */
export async function violations(
  page: Page,
  theme: Theme,
  within = 'html',
  without: readonly string[] = [],
): Promise<string[]> {
  await page.emulateMedia({ colorScheme: theme });
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', theme);
  await page.evaluate(() =>
    Promise.allSettled(
      document
        .getAnimations()
        .filter((a) => a.effect?.getComputedTiming().iterations !== Infinity)
        .map((animation) => animation.finished),
    ),
  );
  const { violations: broken } = await new AxeBuilder({ page })
    .options({
      rules: {
        'target-size': { enabled: true },
        ...Object.fromEntries(without.map((rule) => [rule, { enabled: false }])),
      },
    })
    .include(within)
    // There are no frames to look into, and without them it needn't open a page of its own for the result.
    .setLegacyMode()
    .analyze();
  return broken.flatMap((rule) =>
    rule.nodes.map((node) => {
      const why = node.failureSummary?.split('\n').slice(1).join(' ').trim();
      return `${theme} ${rule.id} ${node.target.join(' ')}: ${why}`;
    }),
  );
}

/** Expects that nothing makes the page wider than its window, once charts have followed the window's width. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const path = new URL(page.url()).pathname;
  await expect
    .configure({ soft: true })
    .poll(() => tooWide(page), `width of ${path}`)
    .toEqual([]);
}

/** How much too wide a page is, and what reaches out of it; nothing when it fits. */
function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const window = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= window) return [];
    const reaching = [...document.querySelectorAll('body *')].filter((element) => {
      const box = element.getBoundingClientRect();
      return box.width > 0 && box.right > window;
    });
    return [
      `${document.documentElement.scrollWidth} px wide, window ${window} px`,
      ...reaching.slice(0, 5).map((element) => element.outerHTML.slice(0, 120)),
    ];
  });
}
