import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { defaultSettings } from '../api/settings';
import { createCore } from '../core/core';
import { fakePorts } from '../core/fakes';
import { app, nativeTheme, state } from '../testing/electron';
import { startTestDesktop } from '../testing/desktop';
import type { TestDesktop } from '../testing/desktop';
import { backgrounds } from './window';

let desktop: TestDesktop;
const ports = fakePorts();
const core = createCore(ports, { networkDown: () => undefined });
beforeEach(async () => {
  Object.assign(state, { answers: [], messageBoxes: [], openedExternally: [] });
  await ports.settings.change(defaultSettings);
  desktop = await startTestDesktop(
    () => core.openSession('admin'),
    () => Promise.resolve(core.openSession('admin')),
  );
});
afterEach(() => desktop.close());

test('the window opens on the console’s page and is shown once that has painted', () => {
  const { window } = desktop;
  expect(window.webContents.mainFrame.url).toBe('app://console/');
  expect(window.shown).toBe(0);
  window.emit('ready-to-show');
  expect(window.shown).toBe(1);
});

test('a second start brings the window to the front', () => {
  desktop.window.minimized = true;
  desktop.shell.focus();
  expect(desktop.window).toMatchObject({ minimized: false, focused: 1 });
});

test('a chosen theme is the window’s at once and at the next start', async () => {
  const page = await desktop.openPage();
  page.chooseTheme('dark');
  await vi.waitFor(() => expect(desktop.memory.get().theme).toBe('dark'));
  expect(nativeTheme.themeSource).toBe('dark');
  expect(desktop.window.background).toBe(backgrounds.dark);
});

test('a menu item is a command of the page', async () => {
  const page = await desktop.openPage();
  const heard = vi.fn();
  page.onCommand(heard);
  const item = state.menu.flatMap(({ submenu }) => submenu ?? []).find(({ id }) => id === 'go.network');
  item?.click?.();
  await vi.waitFor(() => expect(heard).toHaveBeenCalledExactlyOnceWith('go.network'));
});

test('links are opened by the one rule; what it refuses is in the log', async () => {
  const page = await desktop.openPage();
  page.openExternal('https://github.com/hyperledger/fabric');
  page.openExternal('file:///etc/passwd');
  await vi.waitFor(() => expect(desktop.log).toEqual(['not opened in the browser: file:///etc/passwd']));
  expect(state.openedExternally).toEqual(['https://github.com/hyperledger/fabric']);
});

test('a page that begins anew ends what the one before it left open, and hears none of it', async () => {
  const first = await desktop.openPage();
  let followers = 0;
  const logs = ports.host.logs.bind(ports.host);
  ports.host.logs = async function* (node, options, signal) {
    followers += 1;
    try {
      yield* logs(node, options, signal);
    } finally {
      followers -= 1;
    }
  };
  const heard = vi.fn();
  first.client.subscribe('node.logs', { node: 'orderer.test', follow: true, tail: 5 }, heard);
  await vi.waitFor(() => expect(followers).toBe(1));
  const second = await desktop.openPage();
  expect(await second.client.call('task.list', {})).toMatchObject({ ok: true });
  await vi.waitFor(() => expect(followers).toBe(0));
  ports.host.logs = logs;
});

test.each([null, 'x', { kind: 'call' }, { kind: 'abort', id: 'one' }, { kind: 'call', id: 1.5 }])(
  'a page that sends %j loses its session, is told why, and gets a new one by loading again',
  async (message) => {
    const page = await desktop.openPage();
    const open = page.client.subscribe(
      'node.logs',
      { node: 'orderer.test', follow: true, tail: 0 },
      () => undefined,
    );
    desktop.bridge.send(message);
    expect(await open.ended).toMatchObject({ code: 'FORBIDDEN' });
    expect(await page.client.call('task.list', {})).toMatchObject({ problem: { code: 'FORBIDDEN' } });
    expect((await (await desktop.openPage()).client.call('task.list', {})).ok).toBe(true);
  },
);

test('a page of another build gets no session', async () => {
  desktop.bridge.tell({ kind: 'open', page: 'x'.repeat(16), protocol: 99 });
  await vi.waitFor(() => expect(desktop.log.at(-1)).toContain('protocol 99'));
});

describe('closing the window', () => {
  const close = () => desktop.window.close();

  test('asks about a running network while the window still stands; Cancel stays', async () => {
    await ports.host.start('orderer.test');
    state.answers.push({ response: 2, checkboxChecked: true });
    close();
    await vi.waitFor(() => expect(state.messageBoxes).toHaveLength(1));
    await vi.waitFor(() => expect(desktop.shell.isLeaving).toBe(false));
    expect(desktop.window.destroyed).toBe(false);
    expect(app.exitCode).toBeUndefined();
    expect((await ports.settings.read()).onClose).toBe('ask');
  });

  test('leaves it running as answered, remembers that, and keeps the window’s place', async () => {
    await ports.host.start('orderer.test');
    desktop.window.bounds = { x: 5, y: 6, width: 1000, height: 700 };
    state.answers.push({ response: 0, checkboxChecked: true });
    close();
    await vi.waitFor(() => expect(app.exitCode).toBe(0));
    expect(desktop.window.destroyed).toBe(true);
    expect((await ports.settings.read()).onClose).toBe('leave');
    expect(desktop.memory.get().window).toEqual({ bounds: desktop.window.bounds, maximized: false });
  });

  test('is asked once however often one clicks', async () => {
    await ports.host.start('orderer.test');
    close();
    close();
    app.quit();
    await vi.waitFor(() => expect(app.exitCode).toBe(0));
    expect(state.messageBoxes).toHaveLength(1);
  });

  test('stops the network first where that was the answer', async () => {
    await ports.host.start('orderer.test');
    state.answers.push({ response: 1, checkboxChecked: false });
    close();
    await vi.waitFor(() => expect(app.exitCode).toBe(0));
    expect(desktop.window.title).toContain('Stopping the network testnet');
    expect((await ports.host.processes()).every(({ state }) => state === 'stopped')).toBe(true);
  });

  test('the harmless answers are the default and Escape’s', async () => {
    await ports.host.start('orderer.test');
    close();
    await vi.waitFor(() => expect(state.messageBoxes).toHaveLength(1));
    const [{ buttons, defaultId, cancelId } = { buttons: [], defaultId: -1, cancelId: -1 }] =
      state.messageBoxes;
    expect(buttons[defaultId]).toBe('Leave it running');
    expect(buttons[cancelId]).toBe('Cancel');
  });
});
