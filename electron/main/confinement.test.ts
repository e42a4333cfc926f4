import type { Session, WebContents } from 'electron';
import { describe, expect, test, vi } from 'vitest';
import { FakeWebContents, preventable, session } from '../testing/electron';
import { hostileUrls } from '../testing/hostile-urls';
import { confine } from './navigation';
import { mayLoad, restrictSession } from './permissions';

function confined() {
  const contents = new FakeWebContents();
  const openExternal = vi.fn();
  confine(contents as unknown as WebContents, openExternal);
  const prevents = (event: string, url: string) => {
    const details = preventable({ url });
    contents.emit(event, details);
    return details.defaultPrevented;
  };
  return { contents, openExternal, prevents };
}

describe.each(['will-navigate', 'will-frame-navigate', 'will-redirect'])('%s', (event) => {
  test.each(hostileUrls)('to %j is prevented', (url) => {
    expect(confined().prevents(event, url)).toBe(true);
  });

  test('inside the console is not', () => {
    expect(confined().prevents(event, 'app://console/#/network')).toBe(false);
  });
});

test('a <webview> never comes to be', () => {
  expect(confined().prevents('will-attach-webview', 'app://console/')).toBe(true);
});

test.each(['https://github.com/', 'app://console/', 'file:///etc/passwd'])(
  'no window is opened for %s; the link rule alone decides about the browser',
  (url) => {
    const { contents, openExternal } = confined();
    expect(contents.openHandler({ url })).toEqual({ action: 'deny' });
    expect(openExternal).toHaveBeenCalledExactlyOnceWith(url);
  },
);

describe('permissions', () => {
  restrictSession(session.defaultSession as unknown as Session);
  const { permissionRequest, permissionCheck, device, beforeRequest } = session.defaultSession;
  const requested = (permission: string, requestingUrl: string) => {
    let granted: boolean | undefined;
    permissionRequest?.({}, permission, (answer) => (granted = answer), { requestingUrl });
    return granted;
  };

  test('copying is granted to the console’s own page', () => {
    expect(requested('clipboard-sanitized-write', 'app://console/#/ledger')).toBe(true);
    expect(permissionCheck?.({}, 'clipboard-sanitized-write', 'app://console')).toBe(true);
  });

  test.each(hostileUrls)('copying is not granted to %j', (url) => {
    expect(requested('clipboard-sanitized-write', url)).toBe(false);
    expect(permissionCheck?.({}, 'clipboard-sanitized-write', url)).toBe(false);
  });

  test.each([
    'clipboard-read',
    'media',
    'display-capture',
    'geolocation',
    'notifications',
    'openExternal',
    'usb',
    'hid',
    'serial',
    'fileSystem',
    'fullscreen',
    'pointerLock',
    'unknown',
  ])('%s is granted to nobody', (permission) => {
    expect(requested(permission, 'app://console/')).toBe(false);
    expect(permissionCheck?.({}, permission, 'app://console')).toBe(false);
    expect(device?.()).toBe(false);
  });

  test('a request that would leave the machine is cancelled, the page’s own is not', () => {
    const cancelled = (url: string) => {
      let answer: { cancel: boolean } | undefined;
      beforeRequest?.({ url }, (given) => (answer = given));
      return answer?.cancel;
    };
    expect(cancelled('app://console/assets/main.js')).toBe(false);
    expect(cancelled('https://github.com/')).toBe(true);
    expect(cancelled('http://127.0.0.1:3001/')).toBe(true);
    expect(cancelled('ws://localhost:9229/')).toBe(true);
    expect(mayLoad('app://evil/')).toBe(false);
    expect(mayLoad('file:///etc/passwd')).toBe(false);
    expect(mayLoad('nonsense')).toBe(false);
  });
});
