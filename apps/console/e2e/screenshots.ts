// Pictures of every page, into screenshots/: `npm run screenshots`, or only some with `-- --grep guests`.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PHONE, settled, test } from './fixtures';
import { PAGES, pathOf } from './pages';
import { PICTURES } from './pictures';

const FOLDER = join(import.meta.dirname, '../screenshots');
const README = join(import.meta.dirname, '../../../docs/images');

const LOOKS = [
  { look: 'light', options: { colorScheme: 'light' } },
  { look: 'dark', options: { colorScheme: 'dark' } },
  { look: 'phone', options: { ...PHONE, colorScheme: 'light' } },
] as const;

for (const place of PAGES) {
  test(place.name, async ({ browse, vestibule, watch }) => {
    if (place.refused) watch.expect(place.refused.status, place.refused.path);
    await mkdir(FOLDER, { recursive: true });
    const path = await pathOf(place, vestibule);
    for (const { look, options } of LOOKS) {
      const page = await browse(place.as, options);
      await page.goto(path);
      await settled(page);
      await place.prepare?.(page);
      await page.screenshot({ path: join(FOLDER, `${place.name}-${look}.png`), animations: 'disabled' });
    }
  });
}

for (const picture of PICTURES) {
  test(`README ${picture.name}`, async ({ browse, vestibule }) => {
    await mkdir(README, { recursive: true });
    const page = await browse(
      picture.as,
      picture.phone
        ? PHONE
        : { viewport: { width: 1280, height: picture.height ?? 800 }, colorScheme: 'light' },
    );
    await page.goto(await pathOf(picture, vestibule));
    await settled(page);
    await picture.prepare?.(page);
    await settled(page);
    await page.screenshot({ path: join(README, `${picture.name}.png`), animations: 'disabled' });
  });
}
