// Why somebody can't see a record: asked by somebody who has never seen this console.
import { expectAccessible } from './axe';
import { expect, settled, test } from './fixtures';
import { ADMIN, SALES } from './people';
import type { Vestibule } from './server';

/** A large deal of somebody in another region than the standard user in sales. */
async function outOfReach({ api }: Vestibule) {
  const sales = await api.person(SALES.email);
  const others = await api.get(`/users?profile_id=${sales.profile_id}&status=active&limit=200`);
  const owner = others.items.find(
    (user: { role_id: string | null }) => user.role_id && user.role_id !== sales.role_id,
  );
  const deal = await api.post('/objects/deal/records', {
    fields: { name: 'Harbour crane', amount: 218_750, owner: owner.id },
  });
  return { deal, owner };
}

test.describe('the Admin', () => {
  test.use({ as: ADMIN });

  test('asks why a person can’t see a deal, sees the way and what would change it', async ({
    page,
    vestibule,
  }) => {
    // The drawing of the tree is looked at in both themes, which takes its time on a busy machine.
    test.slow();
    const { deal, owner } = await outOfReach(vestibule);
    await page.goto('/records/deal');
    await page.getByRole('button', { name: 'Why can’t someone see a deal?' }).click();
    const why = page.getByRole('dialog');
    await expect(why).toContainText('Choose a person and a deal to see the answer.');
    await why.getByRole('combobox', { name: 'Person' }).fill('Valentina Weber');
    await page
      .getByRole('option', { name: /Valentina Weber/ })
      .first()
      .click();
    // Names repeat: whose it is stands below.
    await why.getByRole('combobox', { name: 'Deal' }).fill('Harbour crane');
    await expect(page.getByRole('option', { name: /Harbour crane/ })).toContainText(
      `${owner.first_name} ${owner.last_name}`,
    );
    await why.getByRole('combobox', { name: 'Deal' }).fill(`${vestibule.url}/records/deal/${deal.id}`);
    await expect(why.getByRole('heading', { name: 'Valentina Weber can’t see Harbour crane' })).toBeVisible();
    const verdict = why.getByRole('status');
    await expect(verdict).toContainText(
      `It belongs to ${owner.first_name} ${owner.last_name}, who is neither Valentina Weber nor below them in the roles.`,
    );
    await expect(why.getByText('Valentina Weber has access now.')).toBeVisible();
    await expect(why).toContainText('Out of reach');
    await expect(why.getByText('The way through the user roles')).toBeVisible();
    await expect(why.getByRole('list', { name: 'What the colours mean' })).toContainText('Owner');
    await settled(page);
    await expectAccessible(page);

    const raise = why.getByRole('listitem').filter({ hasText: 'Raise “View records”' });
    await expect(raise.first().getByRole('link')).toHaveAttribute('href', /\/access-control\/.*object=deal/);
    await expect(why).toContainText('Make Valentina Weber an owner of the record.');
    await why.getByRole('link', { name: 'Open the record to change its owner' }).click();
    await expect(page).toHaveURL(new RegExp(`/records/deal/${deal.id}`));
  });

  test('sees who can see a record, by which rule, and asks about each', async ({ page, vestibule }) => {
    const { deal, owner } = await outOfReach(vestibule);
    await page.goto(`/records/deal/${deal.id}`);
    await page.getByRole('tab', { name: 'Who can see this' }).click();
    const row = page.getByRole('row').filter({ hasText: `${owner.first_name} ${owner.last_name}` });
    await expect(row).toContainText('Owns it');
    await expect(page.getByRole('row').filter({ hasText: ADMIN.name })).toContainText('Reaches every record');
    await page.getByRole('searchbox', { name: /Search the people/ }).fill(ADMIN.name);
    await expect(row).toBeHidden();
    await page.getByRole('button', { name: `Why ${ADMIN.name}?` }).click();
    await expect(page.getByRole('dialog')).toContainText('You can see Harbour crane');
  });

  test('is offered to ask where a record isn’t found', async ({ page, watch }) => {
    watch.expect(404, /\/records\//);
    watch.expect(404, /\/access\/explain$/);
    await page.goto('/records/deal/01a00000-0000-7000-8000-000000000000');
    await page.getByRole('button', { name: 'Why can’t somebody see it?' }).click();
    await expect(page.getByRole('dialog')).toContainText('There is no such record');
  });
});

test.describe('a standard user', () => {
  test.use({ as: SALES });

  test('who may not see a deal is told what their profile lets them see, and nothing of the deal', async ({
    page,
    vestibule,
    watch,
  }) => {
    watch.expect(404, /\/records\//);
    watch.expect(404, /\/access\/explain$/);
    const { deal } = await outOfReach(vestibule);
    await page.goto(`/records/deal/${deal.id}`);
    await expect(page.getByText('There is nothing here, or nothing that you may see')).toBeVisible();
    await page.getByRole('button', { name: 'Why can’t I see it?' }).click();
    const why = page.getByRole('dialog');
    await expect(why).toContainText('assigned to you and your reports');
    await expect(page.locator('body')).not.toContainText('Harbour crane');
    await expectAccessible(page);
  });
});
