// Every page, in both themes, on a desk and on a phone; and none may scroll sideways, however narrow.
import { expectAccessible, expectNoSidewaysScroll } from './axe';
import { PHONE, settled, test } from './fixtures';
import { PAGES, pathOf } from './pages';

for (const place of PAGES) {
  test(`${place.name} is accessible and fits`, async ({ browse, vestibule, watch }) => {
    test.slow();
    if (place.refused) watch.expect(place.refused.status, place.refused.path);
    const path = await pathOf(place, vestibule);

    const desk = await browse(place.as);
    await desk.goto(path);
    await settled(desk);
    await place.prepare?.(desk);
    await expectAccessible(desk);

    const phone = await browse(place.as, PHONE);
    await phone.goto(path);
    await settled(phone);
    await place.prepare?.(phone);
    // The colours are those of the desk.
    await expectAccessible(phone, ['light']);
    for (const width of [360, 390, 768]) {
      await phone.setViewportSize({ width, height: 844 });
      await expectNoSidewaysScroll(phone);
    }
  });
}
