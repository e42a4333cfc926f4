import { beforeAll, expect, test, vi } from 'vitest';
import { BRIDGE, ipcChannels } from '../api/desktop-bridge';
import type { DesktopBridge } from '../api/desktop-bridge';
import { ipcMain, ipcRenderer, state } from '../testing/electron';

let bridge: DesktopBridge;
beforeAll(async () => {
  await import('./preload');
  bridge = state.world[BRIDGE] as DesktopBridge;
});

test('the page gets four functions and nothing else', () => {
  expect(Object.keys(state.world)).toEqual([BRIDGE]);
  expect(Object.keys(bridge).sort()).toEqual(['onMessage', 'onTold', 'send', 'tell']);
  expect(Object.values(bridge).every((value) => typeof value === 'function')).toBe(true);
});

test.each([
  ['onMessage', ipcChannels.fromCore],
  ['onTold', ipcChannels.fromShell],
] as const)('%s hands over the message without Electron’s event, until it is ended', (name, channel) => {
  const listener = vi.fn();
  const end = bridge[name](listener);
  ipcRenderer.emit(channel, { sender: 'a way to send anything' }, { kind: 'x' });
  expect(listener).toHaveBeenCalledExactlyOnceWith({ kind: 'x' });
  expect(end()).toBeUndefined();
  ipcRenderer.emit(channel, {}, { kind: 'y' });
  expect(listener).toHaveBeenCalledOnce();
});

test.each([
  ['send', ipcChannels.toCore],
  ['tell', ipcChannels.toShell],
] as const)('%s sends on its own channel and answers nothing', async (name, channel) => {
  const heard = vi.fn();
  ipcMain.once(channel, (_event, message: unknown) => void heard(message));
  expect(bridge[name]({ kind: 'x' })).toBeUndefined();
  await vi.waitFor(() => expect(heard).toHaveBeenCalledExactlyOnceWith({ kind: 'x' }));
});
