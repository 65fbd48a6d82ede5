// Kinds of records: making them, their fields, and which of these say whose a record is.
import { expectAccessible } from './axe';
import { expect, settled, test } from './fixtures';
import { ADMIN } from './people';

test.use({ as: ADMIN });

test('an object is made with its first fields, and is there to fill', async ({ page, api }) => {
  await page.goto('/objects');
  await page.getByRole('button', { name: 'Add an object' }).click();
  const form = page.getByRole('dialog', { name: 'Add an object' });
  await form.getByRole('textbox', { name: 'One record is called' }).fill('Service level');
  await expect(form.getByRole('textbox', { name: 'Several are called' })).toHaveValue('Service levels');
  await expect(form.getByRole('textbox', { name: 'Key', exact: true })).toHaveValue('service_level');
  await form.getByRole('button', { name: 'Add a field' }).click();
  await form.getByRole('textbox', { name: 'Label of field 3' }).fill('Hours');
  await expect(form).toContainText('Records belong to whoever is in “Owner”');
  await form.getByRole('button', { name: 'Add object' }).click();

  await expect(page).toHaveURL(/\/objects\/service_level$/);
  await expect(page.getByRole('list', { name: 'Fields' }).getByRole('listitem')).toHaveCount(3);
  const made = await api.get('/objects/service_level');
  expect(made.fields.map((field: { key: string }) => field.key)).toEqual(['name', 'owner', 'hours']);
  expect(made.fields[1].represents_ownership).toBe(true);
  await expect(page.getByRole('navigation', { name: 'Main' }).getByText('Service levels')).toBeVisible();
});

test('a taken key is said at the key', async ({ page, watch }) => {
  watch.expect(409, /\/objects$/);
  await page.goto('/objects');
  await page.getByRole('button', { name: 'Add an object' }).click();
  const form = page.getByRole('dialog', { name: 'Add an object' });
  await form.getByRole('textbox', { name: 'One record is called' }).fill('Deal');
  await form.getByRole('button', { name: 'Add object' }).click();
  await expect(form.getByRole('textbox', { name: 'Key', exact: true })).toHaveAccessibleDescription(/./);
  await expect(form.getByRole('textbox', { name: 'Key', exact: true })).toHaveAttribute(
    'aria-invalid',
    'true',
  );
});

test('letting a field mean ownership says what it changes before it does', async ({ page, api }) => {
  await page.goto('/objects/deal');
  await page.getByRole('button', { name: 'Add a field' }).click();
  const form = page.getByRole('dialog', { name: /Add a field/ });
  await form.getByRole('combobox', { name: 'Type' }).click();
  await page.getByRole('option', { name: /^Person/ }).click();
  await form.getByRole('textbox', { name: 'Label' }).fill('Second owner');
  await expect(form.getByRole('textbox', { name: 'Key', exact: true })).toHaveValue('second_owner');
  await form.getByRole('switch', { name: /^Means ownership/ }).focus();
  await page.keyboard.press('Space');
  await expect(form).toContainText('The owners of all deals are worked out anew');
  await expect(form).toContainText('to those in “Owner”');
  await expectAccessible(page);
  await form.getByRole('button', { name: 'Add field' }).click();

  await expect(page.getByText(/Deals belong to the people in “Owner” and “Second owner”/)).toBeVisible();
  await expect
    .poll(async () => (await api.get('/objects/deal')).ownership_change, { timeout: 20_000 })
    .toBeNull();
  const { fields } = await api.get('/objects/deal');
  expect(
    fields.filter((field: { represents_ownership?: boolean }) => field.represents_ownership),
  ).toHaveLength(2);
});

test('fields are put in order with the buttons, the keyboard and the mouse', async ({ page, api }) => {
  const order = async () =>
    (await api.get('/objects/account')).fields.map((field: { key: string }) => field.key).join();
  expect(await order()).toBe('name,industry,town,employees,website');
  await page.goto('/objects/account');
  // As fast as one presses: what comes while the step before is being saved counts, too.
  await page.getByRole('button', { name: 'Move Town up' }).click();
  await page.getByRole('button', { name: 'Move Website', exact: true }).focus();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('status').filter({ hasText: 'Website is now in place 4 of 5' })).toBeAttached();
  await expect.poll(order).toBe('name,town,industry,website,employees');

  const from = await page.getByRole('button', { name: 'Move Employees', exact: true }).boundingBox();
  const to = await page.getByRole('button', { name: 'Move Town', exact: true }).boundingBox();
  if (!from || !to) throw new Error('no handles to drag');
  await page.mouse.move(from.x + 10, from.y + 10);
  await page.mouse.down();
  await page.mouse.move(to.x + 10, to.y + 10, { steps: 12 });
  await page.mouse.up();
  await expect.poll(order).toBe('name,employees,town,industry,website');
});

test('an object with records is deleted by typing its key', async ({ page, api }) => {
  await api.post('/objects', {
    key: 'memo',
    singular: 'Memo',
    plural: 'Memos',
    fields: [{ key: 'text', label: 'Text', type: 'text' }],
  });
  await api.post('/objects/memo/records', { fields: { text: 'Water the plants' } });
  await page.goto('/objects/memo');
  await settled(page);
  await page.getByRole('button', { name: 'Actions for Memos' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete Memos?' });
  await expect(dialog).toContainText('1 record is deleted');
  const remove = dialog.getByRole('button', { name: 'Delete Memos and all records' });
  await remove.click();
  await expect(dialog).toContainText('Type memo to go on');
  await dialog.getByRole('textbox', { name: /to confirm/ }).fill('memo');
  await remove.click();
  await expect(page).toHaveURL(/\/objects$/);
  expect((await api.send('GET', '/objects/memo')).status).toBe(404);
});

test('a change that somebody else was faster with isn’t lost', async ({ page, api, watch }) => {
  watch.expect(412, /\/objects\/account/);
  await page.goto('/objects/account');
  await page.getByRole('button', { name: 'Edit Town' }).click();
  const form = page.getByRole('dialog', { name: 'Edit Town' });
  await form.getByRole('textbox', { name: 'Label' }).fill('City');
  await api.patch('/objects/account', { plural: 'Customers' });
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form).toContainText('Somebody changed this meanwhile');
  await form.getByRole('button', { name: 'Look at the current version' }).click();
  await expect(form.getByRole('textbox', { name: 'Label' })).toHaveValue('City');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form).toBeHidden();
  const { plural, fields } = await api.get('/objects/account');
  expect([plural, fields[2].label]).toEqual(['Customers', 'City']);
});

test('two people add options to the same field, and both are kept', async ({ page, api, watch }) => {
  watch.expect(412, /\/objects\/account/);
  await api.post('/objects/account/fields', {
    key: 'size',
    label: 'Size',
    type: 'choice',
    options: ['Small', 'Large'],
  });
  await page.goto('/objects/account');
  await page.getByRole('button', { name: 'Edit Size' }).click();
  const form = page.getByRole('dialog', { name: 'Edit Size' });
  const options = form.getByRole('textbox', { name: 'Options' });
  await options.fill('Small\nLarge\nMine');
  await api.patch('/objects/account/fields/size', {
    help: 'By people',
    options: ['Small', 'Large', 'Theirs'],
  });
  await form.getByRole('button', { name: 'Save' }).click();
  await form.getByRole('button', { name: 'Look at the current version' }).click();
  await expect(form).toContainText('Changed by somebody else, and shown here now: Help, Options.');
  await expect(options).toHaveValue('Small\nLarge\nTheirs\nMine');
  await expect(form.getByRole('textbox', { name: 'Help' })).toHaveValue('By people');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form).toBeHidden();
  const { fields } = await api.get('/objects/account');
  expect(fields.at(-1)).toMatchObject({ help: 'By people', options: ['Small', 'Large', 'Theirs', 'Mine'] });
});

test('two people rename the same object, each one half of it', async ({ page, api, watch }) => {
  watch.expect(412, /\/objects\/account/);
  await page.goto('/objects/account');
  await page.getByRole('button', { name: 'Actions for Accounts' }).click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  const form = page.getByRole('dialog', { name: 'Rename Accounts' });
  await form.getByRole('textbox', { name: 'Several are called' }).fill('Customers');
  await api.patch('/objects/account', { singular: 'Customer' });
  await form.getByRole('button', { name: 'Rename' }).click();
  await form.getByRole('button', { name: 'Look at the current version' }).click();
  await expect(form.getByRole('textbox', { name: 'One record is called' })).toHaveValue('Customer');
  await form.getByRole('button', { name: 'Rename' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Customers');
  expect(await api.get('/objects/account')).toMatchObject({ singular: 'Customer', plural: 'Customers' });
});
