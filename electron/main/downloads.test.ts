import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Session } from 'electron';
import { preventable } from '../testing/electron';
import { fileNameOf, maySave, watchDownloads } from './downloads';

vi.mock('electron', () => import('../testing/electron'));

class FakeItem extends EventEmitter {
  dialog: { title?: string; defaultPath?: string } | undefined;
  constructor(
    readonly url: string,
    readonly name: string,
  ) {
    super();
  }
  getURL = () => this.url;
  getFilename = () => this.name;
  getSavePath = () => '/full/disk/log.txt';
  setSaveDialogOptions = (options: { title: string; defaultPath: string }) => (this.dialog = options);
}

const log: string[] = [];
const session = new EventEmitter();
watchDownloads(session as unknown as Session, (line) => log.push(line));
beforeEach(() => void log.splice(0));

function download(url: string, name: string) {
  const item = new FakeItem(url, name);
  const event = preventable();
  session.emit('will-download', event, item);
  return { item, prevented: event.defaultPrevented };
}

test('what the page made is saved where the user says', () => {
  const { item, prevented } = download('blob:app://console/0f1e', 'orderer.log');
  expect(prevented).toBe(false);
  expect(item.dialog).toMatchObject({
    title: 'Save orderer.log',
    defaultPath: '/home/somebody/downloads/orderer.log',
  });
});

test('a file that could not be written is in the log', () => {
  const cancelled = download('blob:app://console/0f1e', 'orderer.log');
  cancelled.item.emit('done', {}, 'cancelled');
  expect(log).toEqual([]);
  const { item } = download('blob:app://console/0f1e', 'orderer.log');
  item.emit('done', {}, 'interrupted');
  expect(log).toEqual(['orderer.log could not be saved to /full/disk/log.txt']);
});

describe('nothing else is saved', () => {
  test.each([
    'https://evil.example/setup.exe',
    'blob:https://evil.example/0f1e',
    'blob:app://console.evil.example/0f1e',
    'data:text/plain,x',
    'app://console/preload.cjs',
    'file:///etc/passwd',
  ])('%s', (url) => {
    expect(maySave(url)).toBe(false);
    const { item, prevented } = download(url, 'x');
    expect(prevented).toBe(true);
    expect(item.dialog).toBeUndefined();
    expect(log).toEqual([`not saved: ${url}`]);
  });
});

test.each([
  ['../../.bashrc', '_.._.bashrc'],
  ['.profile', 'profile'],
  ['a\\b:c', 'a_b_c'],
  ['', 'cityflow'],
])('the proposed name %j becomes %j', (proposed, name) => expect(fileNameOf(proposed)).toBe(name));
