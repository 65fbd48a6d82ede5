// Changing a value where it stands, while the line is slow, others are quick, and saving fails: nothing that was typed
// or picked is lost without a word.
import type { Locator, Page, Route } from '@playwright/test';
import { expect, settled, test } from './fixtures';
import { ADMIN } from './people';

test.use({ as: ADMIN });

/** The cell of a record in a column, both by their names. */
async function cell(page: Page, record: string, column: string): Promise<Locator> {
  const row = page.getByRole('row').filter({ hasText: record });
  await expect(row).toBeVisible();
  const heads = await page.getByRole('columnheader').allInnerTexts();
  return row.getByRole('gridcell').nth(heads.findIndex((head) => head.trim() === column));
}

const editorOf = (page: Page, field: string) => page.getByRole('dialog', { name: `Edit ${field}` });

/** Holds changes of records back until they are let through, and then does this with them. */
async function hold(page: Page, then: (route: Route) => Promise<void> = (route) => route.fallback()) {
  let letThrough = () => {};
  const open = new Promise<void>((resolve) => {
    letThrough = resolve;
  });
  const changes: unknown[] = [];
  await page.route('**/api/v1/objects/*/records/*', async (route) => {
    if (route.request().method() !== 'PATCH') return route.fallback();
    changes.push(route.request().postDataJSON());
    await open;
    await then(route);
  });
  return { letThrough, changes };
}

const failing = (route: Route) =>
  route.fulfill({
    status: 500,
    contentType: 'application/problem+json',
    body: JSON.stringify({ status: 500, code: 'internal', title: 'Internal server error' }),
  });

test('a save that comes late closes its own editor and no other', async ({ page, api }) => {
  const crane = await api.post('/objects/deal/records', { fields: { name: 'Harbour crane', amount: 1 } });
  const tug = await api.post('/objects/deal/records', { fields: { name: 'Harbour tug', amount: 2 } });
  const amount = async ({ id }: { id: string }) =>
    (await api.get(`/objects/deal/records/${id}`)).fields.amount;
  await page.goto('/records/deal?q=harbour');
  await settled(page);
  const { letThrough } = await hold(page);
  const editor = editorOf(page, 'Amount');
  await (await cell(page, 'Harbour crane', 'Amount')).dblclick();
  await editor.getByRole('textbox').fill('12345');
  await page.keyboard.press('Enter');
  await (await cell(page, 'Harbour tug', 'Amount')).dblclick();
  await expect(editor.getByRole('textbox')).toHaveValue('2');
  await editor.getByRole('textbox').fill('777');
  letThrough();
  await expect(page.getByText('Amount of Harbour crane is now 12,345.00.')).toBeVisible();
  await expect(editor.getByRole('textbox')).toHaveValue('777');
  await page.keyboard.press('Enter');
  await expect(await cell(page, 'Harbour tug', 'Amount')).toHaveText('777.00');
  expect([await amount(crane), await amount(tug)]).toEqual([12345, 777]);
});

test('a save that fails is told, and what was typed stays', async ({ page, api, watch }) => {
  watch.expect(500, /\/records\//);
  await api.post('/objects/deal/records', { fields: { name: 'Harbour crane', amount: 1 } });
  await page.goto('/records/deal?q=harbour');
  await settled(page);
  const first = await hold(page, failing);
  const editor = editorOf(page, 'Amount');
  await (await cell(page, 'Harbour crane', 'Amount')).dblclick();
  await editor.getByRole('textbox').fill('999');
  await page.keyboard.press('Enter');
  // What is on its way can't be cancelled.
  await page.keyboard.press('Escape');
  first.letThrough();
  await expect(editor).toContainText('The server made a mistake');
  await expect(editor.getByRole('textbox')).toHaveValue('999');

  const second = await hold(page, failing);
  await page.keyboard.press('Enter');
  await expect.poll(() => second.changes.length).toBe(1);
  await page.getByRole('heading', { level: 1 }).click();
  await expect(editor).toBeHidden();
  second.letThrough();
  await expect(page.getByRole('alert')).toContainText('Amount of Harbour crane wasn’t saved as “999.00”');
});

test('Enter saves text, and Shift with Enter starts a new line', async ({ page, api }) => {
  const deal = await api.post('/objects/deal/records', { fields: { name: 'Harbour crane' } });
  const name = async () => (await api.get(`/objects/deal/records/${deal.id}`)).fields.name;
  await page.goto(`/records/deal/${deal.id}`);
  const editor = editorOf(page, 'Name');
  await page.getByRole('button', { name: 'Edit Name' }).click();
  await expect(editor).toContainText('Enter saves, Shift+Enter starts a new line');
  await editor.getByRole('textbox').fill('  Harbour cranes ');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Harbour cranes');
  expect(await name()).toBe('Harbour cranes');
  await page.getByRole('button', { name: 'Edit Name' }).click();
  await editor.getByRole('textbox').press('End');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('and tugs');
  await page.keyboard.press('Enter');
  await expect(editor).toBeHidden();
  await expect.poll(name).toBe('Harbour cranes\nand tugs');
});

test('Enter saves a day with a time', async ({ page, api }) => {
  await api.post('/objects/deal/fields', { key: 'visit', label: 'Visit', type: 'date_time' });
  const deal = await api.post('/objects/deal/records', {
    fields: { name: 'Harbour crane', visit: '2026-03-14T09:00:00Z' },
  });
  const visit = async () => (await api.get(`/objects/deal/records/${deal.id}`)).fields.visit;
  await page.goto(`/records/deal/${deal.id}`);
  await page.getByRole('button', { name: 'Edit Visit' }).click();
  const editor = editorOf(page, 'Visit');
  await editor.getByRole('button', { name: 'Visit' }).press('Enter');
  await editor.getByRole('button', { name: '20 March 2026' }).click();
  await page.keyboard.press('Escape');
  await expect(editor.getByRole('table')).toBeHidden();
  await expect(editor).toContainText('20 Mar 2026, 10:00');
  await editor.getByRole('button', { name: 'Visit' }).press('Enter');
  await expect(editor).toBeHidden();
  await expect.poll(visit).toMatch(/^2026-03-20T09:00:00/);
});

test('Escape closes what is innermost, and keeps what was picked', async ({ page, api }) => {
  await api.post('/objects/deal/fields', {
    key: 'needs',
    label: 'Needs',
    type: 'multi_choice',
    options: ['crew', 'fuel', 'pilot'],
  });
  const deal = await api.post('/objects/deal/records', { fields: { name: 'Harbour crane' } });
  await page.goto(`/records/deal/${deal.id}`);
  const editor = editorOf(page, 'Needs');
  await page.getByRole('button', { name: 'Edit Needs' }).click();
  await editor.getByRole('combobox', { name: 'Needs' }).click();
  await editor.getByRole('option', { name: 'fuel' }).click();
  await page.keyboard.press('Escape');
  await expect(editor.getByRole('option', { name: 'crew' })).toBeHidden();
  await page.keyboard.press('Enter');
  await expect(editor).toBeHidden();
  await expect
    .poll(async () => (await api.get(`/objects/deal/records/${deal.id}`)).fields.needs)
    .toEqual(['fuel']);

  const day = editorOf(page, 'Closes on');
  await page.getByRole('button', { name: 'Edit Closes on' }).click();
  await day.getByRole('textbox').fill('14 Mar 2027');
  await expect(day.getByRole('table')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(day.getByRole('table')).toBeHidden();
  await expect(day.getByRole('textbox')).toHaveValue('14 Mar 2027');
  await page.keyboard.press('Escape');
  await expect(day).toBeHidden();
  await expect(page.getByRole('button', { name: 'Edit Closes on' })).toBeFocused();
});

test('of two quick picks the last one wins', async ({ page, api }) => {
  const deal = await api.post('/objects/deal/records', { fields: { name: 'Harbour crane', stage: 'lost' } });
  await page.goto(`/records/deal/${deal.id}`);
  const { letThrough, changes } = await hold(page);
  const editor = editorOf(page, 'Stage');
  await page.getByRole('button', { name: 'Edit Stage' }).click();
  for (const stage of ['qualified', 'proposal']) {
    await editor.getByRole('combobox', { name: 'Stage' }).click();
    await editor.getByRole('option', { name: stage }).click();
  }
  await expect(editor.getByRole('combobox', { name: 'Stage' })).toHaveValue('proposal');
  letThrough();
  await expect(page.getByText('Stage of Harbour crane is now proposal.')).toBeVisible();
  await expect(editor).toBeHidden();
  expect(changes.at(-1)).toEqual({ fields: { stage: 'proposal' } });
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Taken back.')).toBeVisible();
  expect((await api.get(`/objects/deal/records/${deal.id}`)).fields.stage).toBe('lost');
});

test('each of two edits of a record can be taken back', async ({ page, api, watch }) => {
  watch.expect(412, /\/records\//);
  const deal = await api.post('/objects/deal/records', {
    fields: { name: 'Harbour crane', amount: 1, stage: 'lost' },
  });
  const stored = async () => (await api.get(`/objects/deal/records/${deal.id}`)).fields;
  await page.goto(`/records/deal/${deal.id}`);
  const message = (words: string) => page.getByRole('alert').filter({ hasText: words });
  const amounts = async (value: string) => {
    await page.getByRole('button', { name: 'Edit Amount' }).click();
    await editorOf(page, 'Amount').getByRole('textbox').fill(value);
    await page.keyboard.press('Enter');
    await expect(editorOf(page, 'Amount')).toBeHidden();
  };
  await amounts('2');
  await page.getByRole('button', { name: 'Edit Stage' }).click();
  await editorOf(page, 'Stage').getByRole('combobox').click();
  await page.getByRole('option', { name: 'proposal' }).click();
  await expect(message('is now proposal')).toBeVisible();
  await message('is now 2.00').getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Taken back.')).toBeVisible();
  expect(await stored()).toMatchObject({ amount: 1, stage: 'proposal' });

  // What somebody has changed again isn't taken back over it.
  await amounts('3');
  await expect(message('is now 3.00')).toBeVisible();
  await api.patch(`/objects/deal/records/${deal.id}`, { fields: { amount: 4 } });
  await message('is now 3.00').getByRole('button', { name: 'Undo' }).click();
  await expect(message('Somebody else changed this meanwhile')).toBeVisible();
  expect(await stored()).toMatchObject({ amount: 4 });
});

test('what was typed is still there after scrolling', async ({ page }) => {
  await page.goto('/records/deal');
  await settled(page);
  const list = page.getByRole('region', { name: 'Deals' });
  const editor = editorOf(page, 'Amount');
  await page
    .getByRole('gridcell')
    .filter({ hasText: /^[\d,]+\.\d\d$/ })
    .first()
    .dblclick();
  await editor.getByRole('textbox', { name: 'Amount' }).fill('4242');
  await list.evaluate((region) => region.scrollTo(0, 2500));
  await expect(editor).toBeHidden();
  await list.evaluate((region) => region.scrollTo(0, 0));
  await expect(editor.getByRole('textbox', { name: 'Amount' })).toHaveValue('4242');
});

test('a name that nobody has is not taken for a choice', async ({ page, api }) => {
  const deal = await api.post('/objects/deal/records', { fields: { name: 'Harbour crane' } });
  await page.goto(`/records/deal/${deal.id}`);
  await page.getByRole('button', { name: 'Edit Owner' }).click();
  const editor = editorOf(page, 'Owner');
  await editor.getByRole('combobox').fill('Nobody At All');
  await page.keyboard.press('Enter');
  await expect(editor).toContainText('Choose somebody from the list.');
  const { owners } = await api.get(`/objects/deal/records/${deal.id}`);
  expect(owners).toEqual(deal.owners);
});
