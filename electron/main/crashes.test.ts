import type { BrowserWindow as ElectronWindow } from 'electron';
import { expect, test, vi } from 'vitest';
import { BrowserWindow } from '../testing/electron';
import { watchPage } from './crashes';

function watched(answer = true) {
  const window = new BrowserWindow({});
  const dialogs = {
    pageGone: vi.fn(() => Promise.resolve(answer)),
    pageHangs: vi.fn(() => Promise.resolve(answer)),
  };
  const lines: string[] = [];
  let time = 0;
  watchPage(
    window as unknown as ElectronWindow,
    dialogs,
    (line) => lines.push(line),
    () => time,
  );
  const crash = (reason = 'crashed') =>
    window.webContents.emit('render-process-gone', {}, { reason, exitCode: 11 });
  return { window, dialogs, lines, crash, wait: (ms: number) => (time += ms) };
}

test('a page that crashed is loaded again by itself, once', async () => {
  const { window, dialogs, crash, lines } = watched(false);
  crash();
  expect(window.webContents.reloads).toBe(1);
  expect(lines[0]).toContain('crashed');
  crash('oom');
  await vi.waitFor(() => expect(dialogs.pageGone).toHaveBeenCalledWith('oom'));
  expect(window.webContents.reloads).toBe(1);
});

test('a crash much later is a first one again', () => {
  const { window, dialogs, crash, wait } = watched();
  crash();
  wait(61_000);
  crash();
  expect(window.webContents.reloads).toBe(2);
  expect(dialogs.pageGone).not.toHaveBeenCalled();
});

test('a page that ended by itself is left alone', () => {
  const { window, crash } = watched();
  crash('clean-exit');
  expect(window.webContents.reloads).toBe(0);
});

test('a page that hangs is asked about once at a time and ended where that was the answer', async () => {
  const { window, dialogs } = watched(true);
  window.emit('unresponsive');
  window.emit('unresponsive');
  await vi.waitFor(() => expect(window.webContents.crashes).toBe(1));
  expect(dialogs.pageHangs).toHaveBeenCalledOnce();
});

test('a page that came back while the question stood is left alone', async () => {
  const { window, dialogs } = watched(true);
  let answer: (yes: boolean) => void = () => undefined;
  dialogs.pageHangs.mockReturnValue(new Promise((resolve) => (answer = resolve)));
  window.emit('unresponsive');
  window.emit('responsive');
  answer(true);
  await new Promise((resolve) => setImmediate(resolve));
  expect(dialogs.pageHangs).toHaveBeenCalledOnce();
  expect(window.webContents.crashes).toBe(0);
});
