// What every spec imports instead of Playwright's own `test`. README.md in this folder tells how to use it.
import {
  type BrowserContext,
  type BrowserContextOptions,
  expect,
  type Page,
  test as plain,
} from '@playwright/test';
import { Api } from './api';
import { delay } from './delay';
import { ORG, PASSWORD, type Person } from './people';
import { sample } from './sample';
import { Vestibule } from './server';
import { Watch } from './watch';

export { expect };

interface Options {
  /** Who is signed in on `page`; nobody when left out. */
  as: Person | undefined;
}

interface Fixtures {
  /** A server of the test's own, on a fresh copy of the sample organization. */
  vestibule: Vestibule;
  /** The API, as the Admin. */
  api: Api;
  /** What went wrong on any page so far; tests say here which refusals they expect. */
  watch: Watch;
  /** Opens another browser, with somebody signed in or nobody. */
  browse: (as?: Person, options?: BrowserContextOptions) => Promise<Page>;
}

export const test = plain.extend<Options & Fixtures>({
  as: [undefined, { option: true }],

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are wanted from the pattern
  vestibule: async ({}, use) => {
    const server = await Vestibule.ofSample(sample());
    await use(server);
    await server.discard();
  },

  api: async ({ vestibule }, use) => use(vestibule.api),

  baseURL: async ({ vestibule }, use) => use(vestibule.url),

  storageState: async ({ as, vestibule }, use) => use(as && (await signedIn(vestibule, as))),

  watch: async ({ vestibule }, use) => {
    const watch = new Watch(vestibule.url);
    await use(watch);
    expect(watch.found, 'errors, foreign requests and policy violations on any page').toEqual([]);
  },

  context: async ({ context, watch }, use) => {
    await watch.over(context);
    await delay(context);
    await use(context);
  },

  browse: async ({ browser, contextOptions, vestibule, watch }, use) => {
    const opened: BrowserContext[] = [];
    await use(async (as, options = {}) => {
      const context = await browser.newContext({
        viewport: { width: 1440, height: 900 },
        locale: 'en-GB',
        timezoneId: 'Europe/Berlin',
        ...contextOptions,
        baseURL: vestibule.url,
        storageState: as && (await signedIn(vestibule, as)),
        ...options,
      });
      await watch.over(context);
      await delay(context);
      opened.push(context);
      return context.newPage();
    });
    await Promise.all(opened.map((context) => context.close()));
  },
});

/** A phone, for `test.use(PHONE)` and `browse(person, PHONE)`. */
export const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
  deviceScaleFactor: 2,
};

/** What a browser keeps of somebody who has signed in. */
async function signedIn(vestibule: Vestibule, person: Person) {
  const session = await new Api(vestibule.url).signIn(ORG, person);
  const cookie = {
    name: 'vestibule',
    value: session.token,
    domain: new URL(vestibule.url).hostname,
    path: '/',
    expires: Date.parse(session.expires_at) / 1000,
    httpOnly: true,
    secure: false,
    sameSite: 'Lax' as const,
  };
  return { cookies: [cookie], origins: [] };
}

/** Signs in as people do. */
export async function signIn(page: Page, person: Pick<Person, 'email'>, password = PASSWORD): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel(/organi[sz]ation/i).fill(ORG);
  await page.getByLabel(/e-?mail/i).fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: /^sign in$/i }).click();
}

/** Waits until a page has everything that it shows: no request under way, no skeleton, nothing moving. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await expect(page.locator('h1').first()).toBeVisible();
  await expect(page.locator('.mantine-Skeleton-root, [aria-busy="true"]')).toHaveCount(0);
  await page.evaluate(async () => {
    await document.fonts.ready;
    const ending = document
      .getAnimations()
      .filter((a) => a.effect?.getComputedTiming().iterations !== Infinity);
    await Promise.allSettled(ending.map((animation) => animation.finished));
  });
}
