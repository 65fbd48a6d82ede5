// Everything that opens over a page: accessible in both themes, no wider than a phone, and no dead end for the keyboard.
import type { Locator, Page } from '@playwright/test';
import { expectNoSidewaysScroll, expectPartAccessible } from './axe';
import { expect, PHONE, settled, test } from './fixtures';
import { type Overlay, PLACES } from './overlays';
import { pathOf } from './pages';

type Screen = 'desk' | 'phone';

const NARROW = { ...PHONE, viewport: { width: 360, height: 740 } };
const soft = expect.configure({ soft: true });

for (const place of PLACES) {
  test(`what opens on ${place.name} is accessible and fits`, async ({ browse, vestibule }) => {
    test.slow();
    const path = await pathOf(place, vestibule);
    for (const screen of ['desk', 'phone'] as const) {
      const overlays = place.overlays.filter(on(screen));
      if (overlays.length === 0) continue;
      const page = await browse(place.as, screen === 'phone' ? NARROW : {});
      await page.goto(path);
      await settled(page);
      await place.prepare?.(page);
      for (const overlay of overlays) await look(page, overlay, screen);
    }
  });
}

/** Opens it, looks at it and at what opens over it, and closes it with Escape. */
async function look(page: Page, overlay: Overlay, screen: Screen): Promise<void> {
  const opener = overlay.opener(page);
  const shown = overlay.shows(page);
  await (overlay.key ? opener.press(overlay.key) : opener.click());
  if (overlay.entry) await page.getByRole('menuitem', { name: overlay.entry, exact: true }).click();
  await expect(shown).toBeVisible();
  if (overlay.typing) await soft(opener, `${opener} keeps the focus`).toBeFocused();
  else await soft.poll(() => hasFocus(shown), `the focus is in ${shown}`).toBe(true);
  if (screen === 'desk' || overlay.only === 'phone') await expectPartAccessible(shown, rulesOf(overlay));
  if (screen === 'phone') await expectNoSidewaysScroll(page);
  for (const inner of (overlay.holds ?? []).filter(on(screen))) await look(page, inner, screen);
  await page.keyboard.press('Escape');
  await expect(shown).toBeHidden();
  await soft(opener, `${opener} has the focus again`).toBeFocused();
}

/** The rules that don't hold for it: where the arrow keys scroll, nothing in it needs to be reached with Tab. */
function rulesOf({ typing, walked }: Overlay): string[] {
  return typing || walked ? ['scrollable-region-focusable'] : [];
}

const on =
  (screen: Screen) =>
  ({ only }: Overlay) =>
    !only || only === screen;

const hasFocus = (shown: Locator) => shown.evaluate((element) => element.contains(document.activeElement));
