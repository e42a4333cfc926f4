import type { Session } from 'electron';
import { isConsoleUrl, parseUrl } from './console-origin';

/** The only thing a page of the console asks a browser for: copying an id. */
const GRANTED: ReadonlySet<string> = new Set(['clipboard-sanitized-write']);

/** Whether a page of this URL or origin may have the permission. */
export const mayHave = (permission: string, requester: string): boolean =>
  GRANTED.has(permission) && isConsoleUrl(requester);

/** Schemes a page may load from: its own, and what it made itself. devtools: is the developer tools' own page. */
const LOADED_SCHEMES: ReadonlySet<string> = new Set(['app:', 'data:', 'blob:', 'devtools:']);

export const mayLoad = (text: string): boolean => {
  const url = parseUrl(text);
  if (!url || !LOADED_SCHEMES.has(url.protocol)) return false;
  return url.protocol !== 'app:' || isConsoleUrl(text);
};

/** Denies the session all permissions and devices but those above, and every request that would leave the machine. */
export function restrictSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, callback, details) =>
    callback(mayHave(permission, details.requestingUrl)),
  );
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin) =>
    mayHave(permission, requestingOrigin),
  );
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest((details, callback) => callback({ cancel: !mayLoad(details.url) }));
}
