import { expect, test } from 'vitest';
import { defaultSettings } from '../../api/settings';
import { createCore } from '../core';
import { memorySettings } from '../fake-records';
import { fakePorts } from '../fakes';

const noEvents = { networkDown: () => undefined };

test('stores are held to the settings from the start and after each change', async () => {
  const applied: number[] = [];
  const ports = fakePorts({
    retention: { apply: ({ historyCalls }) => Promise.resolve(void applied.push(historyCalls)) },
  });
  await ports.settings.write({ ...defaultSettings, historyCalls: 300 });
  const session = createCore(ports, noEvents).openSession('operator');
  await session.call('settings.set', { historyCalls: 400 });
  expect(applied).toEqual([300, 400]);
});

test('two changes at once lose nothing of each other', async () => {
  const settings = memorySettings();
  const ports = fakePorts({
    settings: {
      read: async () => {
        const before = await settings.read();
        await new Promise((resolve) => setImmediate(resolve));
        return before;
      },
      write: (next) => settings.write(next),
    },
  });
  const core = createCore(ports, noEvents);
  const [one, other] = [core.openSession('operator'), core.openSession('operator')];
  await Promise.all([
    one.call('settings.set', { theme: 'dark' }),
    other.call('settings.set', { times: 'utc' }),
  ]);
  expect(await one.call('settings.get', {})).toMatchObject({ value: { theme: 'dark', times: 'utc' } });
});

test('who may only look changes no setting', async () => {
  const session = createCore(fakePorts(), noEvents).openSession('viewer');
  expect(await session.call('settings.set', { theme: 'dark' })).toMatchObject({
    ok: false,
    problem: { code: 'ROLE_TOO_LOW' },
  });
});
