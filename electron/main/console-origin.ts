/** The one origin of the desktop app's pages. No file:// and no TCP port: see the checklist in README.md. */
export const APP_SCHEME = 'app';
export const APP_HOST = 'console';
export const CONSOLE_ORIGIN = `${APP_SCHEME}://${APP_HOST}`;

/** What a window opens with. */
export const CONSOLE_URL = `${CONSOLE_ORIGIN}/`;

/**
 * True for URLs of the console's origin and for nothing that only looks like one. Parsed, never compared as text:
 * `app://console.evil.example` and `app://console@evil.example` start with the origin too. (Node answers the origin
 * "null" for schemes it doesn't know, so scheme and host are compared one by one.)
 */
export function isConsoleUrl(text: string): boolean {
  const url = parseUrl(text);
  return (
    url !== undefined &&
    url.protocol === `${APP_SCHEME}:` &&
    url.host === APP_HOST &&
    url.username === '' &&
    url.password === ''
  );
}

export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
