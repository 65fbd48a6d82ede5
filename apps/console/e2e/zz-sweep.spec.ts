import { expectNoSidewaysScroll, violations } from './axe';
import { PHONE, settled, test } from './fixtures';
import { PAGES, pathOf } from './pages';
import { appendFileSync } from 'node:fs';
test('sweep', async ({ browse, vestibule, watch }) => {
  test.setTimeout(1_500_000);
  const out = (t: string) => appendFileSync('/tmp/wt/sweep.txt', t + '\n');
  for (const place of PAGES) {
    try {
      if (place.refused) watch.expect(place.refused.status, place.refused.path);
      const path = await pathOf(place, vestibule);
      for (const [look, options] of [['desk', {}], ['phone', PHONE]] as const) {
        const page = await browse(place.as, options);
        await page.goto(path);
        try { await settled(page); } catch (e) { out(`${place.name} ${look} UNSETTLED ${String(e).split('\n')[0]}`); }
        for (const theme of ['dark', 'light'] as const) for (const v of await violations(page, theme)) out(`${place.name} ${look} ${v}`);
        if (look === 'phone') for (const width of [360, 390]) {
          await page.setViewportSize({ width, height: 844 });
          const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
          if (wide) out(`${place.name} WIDE at ${width}`);
        }
        await page.context().close();
      }
    } catch (e) { out(`${place.name} ERROR ${String(e).slice(0, 300)}`); }
    for (const f of watch.found) out(`${place.name} WATCH ${f.slice(0, 400)}`);
    watch.found.length = 0;
    out(`-- ${place.name} done`);
  }
});
