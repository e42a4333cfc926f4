import { expect, test } from 'vitest';
import { createCore } from '../core';
import { fakePorts } from '../fakes';

const noEvents = { networkDown: () => undefined };

test('stores are held to the settings from the start and after each change', async () => {
  const applied: number[] = [];
  const ports = fakePorts({
    retention: { apply: ({ historyCalls }) => Promise.resolve(void applied.push(historyCalls)) },
  });
  await ports.settings.change({ historyCalls: 300 });
  const session = createCore(ports, noEvents).openSession('operator');
  await session.call('settings.set', { historyCalls: 400 });
  expect(applied).toEqual([300, 400]);
});

test('who may only look changes no setting', async () => {
  const session = createCore(fakePorts(), noEvents).openSession('viewer');
  expect(await session.call('settings.set', { theme: 'dark' })).toMatchObject({
    ok: false,
    problem: { code: 'ROLE_TOO_LOW' },
  });
});
