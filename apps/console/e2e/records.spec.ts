// Records: finding them, changing them where they stand, and what each kind of person may do with them.
import type { Locator, Page } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from './axe';
import { expect, PHONE, settled, test } from './fixtures';
import { ADMIN, GUEST, SALES } from './people';

/** The cell of a record in a column, both by their names. */
async function cell(page: Page, record: string, column: string): Promise<Locator> {
  await expect(page.getByRole('row').filter({ hasText: record }).first()).toBeVisible();
  const heads = await page.getByRole('columnheader').allInnerTexts();
  const at = heads.findIndex((head) => head.trim() === column);
  return page.getByRole('row').filter({ hasText: record }).first().getByRole('gridcell').nth(at);
}

test.describe('the Admin', () => {
  test.use({ as: ADMIN });

  test('filters and sorts, and finds it all again after a reload', async ({ page }) => {
    await page.goto('/records/deal');
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    const filter = page.getByRole('dialog', { name: 'Filter' });
    await filter.getByRole('combobox', { name: 'Field' }).click();
    await page.getByRole('option', { name: 'Stage' }).click();
    await filter.getByRole('combobox', { name: 'Value' }).click();
    await page.getByRole('option', { name: 'won' }).click();
    await filter.getByRole('button', { name: 'Add a condition' }).click();
    await filter.getByRole('combobox', { name: 'Field' }).nth(1).click();
    await page.getByRole('option', { name: 'Amount' }).click();
    await filter.getByRole('combobox', { name: 'Comparison' }).nth(1).click();
    await page.getByRole('option', { name: 'is at least' }).click();
    await filter.getByRole('textbox', { name: 'Value' }).fill('250,000');
    await filter.getByRole('button', { name: 'Apply' }).click();
    await page.getByRole('button', { name: 'Amount', exact: true }).click();

    const rows = page.getByRole('row').filter({ hasText: 'won' });
    const look = async () => {
      await settled(page);
      await expect(page.getByText(/^Stage is won$/)).toBeVisible();
      await expect(page.getByText(/Amount is at least 250,000/)).toBeVisible();
      await expect(rows.first()).toContainText('250,000.00');
      await expect(page.getByRole('columnheader', { name: 'Amount' })).toHaveAttribute(
        'aria-sort',
        'ascending',
      );
      return page.getByText(/^\d+ deals?$/).textContent();
    };
    const count = await look();
    expect(new URL(page.url()).searchParams.get('filter')).toBe('stage eq "won" and amount ge 250000');
    await page.reload();
    expect(await look()).toBe(count);
    // People and records aren't sorted by what they are called: nothing offers it.
    await expect(page.getByRole('columnheader', { name: 'Owner', exact: true })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Owner', exact: true })).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Account', exact: true })).toHaveCount(0);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await expect(page.getByText('10,000 deals')).toBeVisible();
  });

  test('says what is wrong with a filter that was typed', async ({ page, watch }) => {
    watch.expect(400, /records$/);
    watch.expect(422, /records$/);
    await page.goto(`/records/deal?filter=${encodeURIComponent('amount eq "much"')}`);
    await expect(page.getByText('This filter can’t be used')).toBeVisible();
    await page.getByRole('button', { name: 'Clear the filter' }).click();
    await expect(page.getByText('10,000 deals')).toBeVisible();
  });

  test('changes a value where it stands, with mouse and keyboard, and takes it back', async ({
    page,
    api,
  }) => {
    const deal = await api.post('/objects/deal/records', { fields: { name: 'Harbour crane', amount: 1000 } });
    const stored = async () => (await api.get(`/objects/deal/records/${deal.id}`)).fields;
    await page.goto('/records/deal?q=harbour');
    await (await cell(page, 'Harbour crane', 'Amount')).dblclick();
    const editor = page.getByRole('dialog', { name: 'Edit Amount' });
    await editor.getByRole('textbox', { name: 'Amount' }).fill('1,234.5');
    await page.keyboard.press('Enter');
    await expect(editor).toBeHidden();
    await expect(await cell(page, 'Harbour crane', 'Amount')).toHaveText('1,234.50');
    expect((await stored()).amount).toBe(1234.5);
    // The keyboard goes on where it was.
    await expect(await cell(page, 'Harbour crane', 'Amount')).toBeFocused();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(await cell(page, 'Harbour crane', 'Amount')).toHaveText('1,000.00');

    await (await cell(page, 'Harbour crane', 'Amount')).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Edit Stage' }).getByRole('combobox').click();
    await page.getByRole('option', { name: 'qualified' }).click();
    await expect(await cell(page, 'Harbour crane', 'Stage')).toHaveText('qualified');
    expect(await stored()).toMatchObject({ amount: 1000, stage: 'qualified' });
  });

  test('keeps every digit of a number', async ({ page, api }) => {
    const deal = await api.post('/objects/deal/records', { fields: { name: 'Moon base', amount: 1 } });
    await page.goto(`/records/deal/${deal.id}`);
    await page.getByRole('button', { name: 'Edit Amount' }).click();
    await page.getByRole('textbox', { name: 'Amount' }).fill('123456789012345678901.2345');
    await page.keyboard.press('Enter');
    await expect(page.getByText('123,456,789,012,345,678,901.2345').first()).toBeVisible();
  });

  test('and somebody else change the same value: both are shown, and one is chosen', async ({
    page,
    api,
    watch,
  }) => {
    watch.expect(412, /\/records\//);
    const deal = await api.post('/objects/deal/records', { fields: { name: 'Harbour crane', amount: 1000 } });
    await page.goto(`/records/deal/${deal.id}`);
    await page.getByRole('button', { name: 'Edit Amount' }).click();
    const editor = page.getByRole('dialog', { name: 'Edit Amount' });
    await editor.getByRole('textbox', { name: 'Amount' }).fill('2000');
    await settled(page);
    await api.patch(`/objects/deal/records/${deal.id}`, { fields: { amount: 3000 } });
    await page.keyboard.press('Enter');
    await expect(editor).toContainText('Somebody changed this meanwhile');
    await expect(editor).toContainText('3,000.00');
    await expect(editor).toContainText('2,000.00');
    await expectAccessible(page);
    await editor.getByRole('button', { name: 'Save mine' }).click();
    await expect(editor).toBeHidden();
    expect((await api.get(`/objects/deal/records/${deal.id}`)).fields.amount).toBe(2000);
  });

  test('adds a record; what is wrong is said at the field', async ({ page, api, watch }) => {
    watch.expect(409, /\/objects\/account\/records$/);
    const taken = (await api.record('account')).fields.name;
    await page.goto('/records/account');
    await page.getByRole('button', { name: 'Add an account' }).click();
    const form = page.getByRole('dialog', { name: 'Add: Account' });
    await form.getByRole('button', { name: 'Add account' }).click();
    await expect(form).toContainText('A value is needed here');
    await form.getByRole('textbox', { name: 'Name' }).fill(taken.toUpperCase());
    await form.getByRole('textbox', { name: 'Town' }).fill('Bergen');
    await form.getByRole('button', { name: 'Add account' }).click();
    await expect(form.getByRole('textbox', { name: 'Name' })).toHaveAccessibleDescription(
      /Another record already has this value/,
    );
    await form.getByRole('textbox', { name: 'Name' }).fill('Fjord Ferries');
    await form.getByRole('button', { name: 'Add account' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Fjord Ferries');
    expect((await api.record('account', 'filter=name%20eq%20%22fjord%20ferries%22')).fields.town).toBe(
      'Bergen',
    );
  });

  test('deletes a record', async ({ page, api }) => {
    const deal = await api.post('/objects/deal/records', { fields: { name: 'Harbour crane' } });
    await page.goto('/records/deal?q=harbour');
    await page.getByRole('button', { name: 'Actions for Harbour crane' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete deal' }).click();
    await expect(page.getByText('No deals match')).toBeVisible();
    expect((await api.send('GET', `/objects/deal/records/${deal.id}`)).status).toBe(404);
  });
});

test.describe('a standard user', () => {
  test.use({ as: SALES });

  test('sees no way to edit what they may only see, and learns why', async ({ page }) => {
    await page.goto('/records/ticket');
    await settled(page);
    await expect(page.getByRole('row').nth(1)).toBeVisible();
    await expect(page.getByText('To edit a value')).toBeHidden();
    await expect(page.getByRole('gridcell').nth(1)).toHaveAttribute('aria-readonly', 'true');
    await page.getByRole('gridcell').nth(1).dblclick();
    await expect(page.getByRole('dialog')).toBeHidden();
    await page.getByRole('row').nth(1).getByRole('link').first().click();
    await expect(page.getByText('Read only')).toBeVisible();
    await expect(page.getByRole('button', { name: /^Edit / })).toHaveCount(0);
    await expect(page.getByRole('tab')).toHaveCount(0);

    await page.getByRole('button', { name: 'Why?' }).click();
    const why = page.getByRole('dialog');
    await expect(why).toContainText(/You can see/);
    await expect(why.getByRole('combobox', { name: 'Person' })).toHaveCount(0);
    await why.getByText('Edit', { exact: true }).click();
    await expect(why).toContainText(/You can’t edit/);
    await expect(why).toContainText('What would change this');
    await expectAccessible(page);
  });

  test('who gives a record away out of reach is told so at the field', async ({ page, api, watch }) => {
    watch.expect(403, /\/records\//);
    const { id } = await api.person(SALES.email);
    const deal = await api.post('/objects/deal/records', { fields: { name: 'Harbour crane', owner: id } });
    await page.goto(`/records/deal/${deal.id}`);
    await page.getByRole('button', { name: 'Edit Owner' }).click();
    const editor = page.getByRole('dialog', { name: 'Edit Owner' });
    await editor.getByRole('combobox').fill('Ada Admin');
    await page.getByRole('option', { name: 'Ada Admin' }).click();
    await expect(editor).toContainText('would be out of your reach');
    expect((await api.get(`/objects/deal/records/${deal.id}`)).owners).toEqual([id]);
  });
});

test('a guest sees their own records, and on a phone, too', async ({ browse }) => {
  const page = await browse(GUEST);
  await page.goto('/records/deal');
  await settled(page);
  await expect(page.getByRole('row').nth(1)).toBeVisible();
  await expect(page.getByRole('button', { name: /^Add/ })).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Why can’t I see a deal?' })).toBeVisible();
  await page
    .getByRole('button', { name: /^Actions for/ })
    .first()
    .click();
  await expect(page.getByRole('menuitem', { name: 'Delete' })).toHaveCount(0);

  const phone = await browse(GUEST, PHONE);
  await phone.goto('/records/deal');
  await settled(phone);
  await expectNoSidewaysScroll(phone);
  await phone.getByRole('region', { name: 'Deals' }).getByRole('link').first().click();
  await expect(phone.getByRole('button', { name: 'Edit Amount' })).toBeVisible();
  await expectAccessible(phone);
  await expectNoSidewaysScroll(phone);
});
