import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { backgrounds, windowOptions } from './window';

const placement = { bounds: { width: 1280, height: 800 }, maximized: false };

test('the page is isolated and sandboxed and has no Node, said in full', () => {
  const { webPreferences } = windowOptions(placement, false, '/out/preload/preload.cjs');
  expect(webPreferences).toEqual({
    preload: '/out/preload/preload.cjs',
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
  });
});

test('nothing is shown before the page has painted, and then on its own background', () => {
  expect(windowOptions(placement, true, '')).toMatchObject({
    show: false,
    backgroundColor: backgrounds.dark,
  });
  expect(windowOptions(placement, false, '')).toMatchObject({ backgroundColor: backgrounds.light });
});

test('the backgrounds are those of the page', async () => {
  const tokens = await readFile(path.resolve(import.meta.dirname, '../../renderer/ui/tokens.css'), 'utf8');
  const declared = [...tokens.matchAll(/--bg:\s*(#[0-9a-f]{6})/gi)].map((match) => match[1]);
  expect(declared).toContain(backgrounds.light);
  expect(declared).toContain(backgrounds.dark);
});
