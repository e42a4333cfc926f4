import type { BrowserWindow as ElectronWindow } from 'electron';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ipcChannels } from '../api/desktop-bridge';
import { BrowserWindow, FakeFrame, ipcMain } from '../testing/electron';
import { hostileUrls } from '../testing/hostile-urls';
import { listenToPage } from './ipc';

const call = { kind: 'call', id: 7, operation: 'network.down', request: {} };

function listening() {
  const window = new BrowserWindow({});
  window.webContents.mainFrame.url = 'app://console/#/network';
  const onWire = vi.fn();
  const onTold = vi.fn();
  const lines: string[] = [];
  stop = listenToPage(
    () => window as unknown as ElectronWindow,
    { onWire, onTold },
    (line) => lines.push(line),
  );
  return { window, onWire, onTold, lines };
}

let stop: () => void = () => undefined;
afterEach(() => stop());

test('messages of the console’s own page arrive', () => {
  const { window, onWire, onTold } = listening();
  const event = { senderFrame: window.webContents.mainFrame };
  ipcMain.emit(ipcChannels.toCore, event, call);
  expect(onWire).toHaveBeenCalledExactlyOnceWith(call);
  ipcMain.emit(ipcChannels.toShell, event, { kind: 'theme', theme: 'dark' });
  expect(onTold).toHaveBeenCalledExactlyOnceWith({ kind: 'theme', theme: 'dark' });
});

describe('is refused with a problem and a line in the log:', () => {
  const refusal = {
    channel: ipcChannels.fromCore,
    message: { kind: 'problem', id: 7, problem: expect.objectContaining({ code: 'FORBIDDEN' }) as unknown },
  };

  test('a frame inside the page, even one of the console’s origin', () => {
    const { onWire, lines } = listening();
    const inner = new FakeFrame('app://console/');
    ipcMain.emit(ipcChannels.toCore, { senderFrame: inner }, call);
    expect(onWire).not.toHaveBeenCalled();
    expect(inner.sent).toEqual([refusal]);
    expect(lines).toEqual([expect.stringContaining('frame inside')]);
  });

  test.each(hostileUrls)('the main frame once it shows %j', (url) => {
    const { window, onWire, onTold, lines } = listening();
    const frame = window.webContents.mainFrame;
    frame.url = url;
    ipcMain.emit(ipcChannels.toCore, { senderFrame: frame }, call);
    ipcMain.emit(ipcChannels.toShell, { senderFrame: frame }, { kind: 'theme', theme: 'dark' });
    expect(onWire).not.toHaveBeenCalled();
    expect(onTold).not.toHaveBeenCalled();
    expect(frame.sent).toEqual([refusal]);
    expect(lines).toHaveLength(2);
  });

  test('a frame that is gone', () => {
    const { onWire, lines } = listening();
    ipcMain.emit(ipcChannels.toCore, { senderFrame: null }, call);
    expect(onWire).not.toHaveBeenCalled();
    expect(lines).toHaveLength(1);
  });
});

test.each([
  undefined,
  null,
  'open',
  {},
  { kind: 'theme', theme: 'pink' },
  { kind: 'open-external', url: 5 },
  { kind: 'theme', theme: 'dark', more: true },
])('what the page tells is checked: %j is not taken', (message) => {
  const { window, onTold, lines } = listening();
  ipcMain.emit(ipcChannels.toShell, { senderFrame: window.webContents.mainFrame }, message);
  expect(onTold).not.toHaveBeenCalled();
  expect(lines).toHaveLength(1);
});
