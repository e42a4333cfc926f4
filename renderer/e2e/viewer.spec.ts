import { expect, test } from './harness/test';
import { WireListener } from './harness/wire-listener';
import { PEER, places } from './views';

test.use({ sessionRole: 'viewer' });

test.beforeEach(({ shell }, info) => {
  info.skip(shell === 'desktop', 'the desktop’s user is always its admin');
});

test('who may only look sees every view, and no view asks for more than that', async ({ city }) => {
  const wire = new WireListener(city.page);
  await city.page.reload();
  await expect(city.heading).toBeVisible();
  for (const { name, address } of places) {
    await city.go(address);
    await city.settled();
    await expect(city.page.locator('#view [role=alert]'), name).toHaveCount(0);
  }
  expect(wire.called).toContain('identity.list');
  expect(wire.changing).toEqual([]);
  // Others are cancelled where their view was left.
  expect(wire.refused).not.toContain('ROLE_TOO_LOW');
});

/** Where something can be done, and the button that does it for others. */
const controls: readonly (readonly [address: string, button: string | RegExp])[] = [
  ['/network', /^Stop (the )?network/],
  [`/network?node=${PEER}`, 'Stop…'],
  [`/network?node=${PEER}`, 'Restart…'],
  [`/network/${PEER}`, 'Stop…'],
  ['/transactions?contract=user&function=ListUsers', /^Evaluate/],
  ['/transactions?contract=user&function=RegisterUser', /^Submit/],
  ['/identities', /^Import/],
  ['/identities', /^Issue/],
];

for (const [address, name] of controls) {
  test(`who may only look finds ${String(name)} of ${address} off, with the reason`, async ({ city }) => {
    const { page } = city;
    await city.go(address);
    await city.settled();
    const button = page.locator('#view').getByRole('button', { name });
    await expect(button).toBeDisabled();
    const reason = /needs the role (operator|admin)\. You are signed in as viewer/;
    const description = button.and(page.locator('[aria-describedby]'));
    if ((await description.count()) > 0) await expect(button).toHaveAccessibleDescription(reason);
    else await expect(page.locator('#view').getByText(reason).first()).toBeVisible();
  });
}
