import { expect, test } from 'vitest';
import { weakenedBy } from './weakened';

test.each(['no-sandbox', 'disable-web-security', 'remote-debugging-port'])('--%s is refused', (name) => {
  expect(weakenedBy((asked) => asked === name)).toContain(`--${name}`);
});

test('without the sandbox it says how to get one', () => {
  expect(weakenedBy((name) => name === 'no-sandbox')).toContain('deb');
});

test('other switches are Chromium’s own affair', () => {
  expect(weakenedBy(() => false)).toBeUndefined();
});
