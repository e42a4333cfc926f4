import { expect, test } from 'vitest';
import { hostileUrls } from '../testing/hostile-urls';
import { isConsoleUrl } from './console-origin';

test.each(['app://console', 'app://console/', 'app://console/#/network?x=1', 'app://console/assets/a.js'])(
  '%s is the console',
  (url) => expect(isConsoleUrl(url)).toBe(true),
);

test.each(hostileUrls)('%j is not the console', (url) => expect(isConsoleUrl(url)).toBe(false));
