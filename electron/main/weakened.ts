/**
 * Switches that take away what protects the user from a page. Chromium reads them wherever they come from, and the
 * launcher of an AppImage adds the first by itself where the system does not allow user namespaces.
 */
const WEAKENING = [
  'no-sandbox',
  'disable-web-security',
  'allow-running-insecure-content',
  'ignore-certificate-errors',
  'remote-debugging-port',
  'remote-debugging-pipe',
] as const;

/** Why a packaged app must not start with the switches it was given; undefined where it may. */
export function weakenedBy(hasSwitch: (name: string) => boolean): string | undefined {
  const found = WEAKENING.filter((name) => hasSwitch(name));
  if (found.length === 0) return undefined;
  const switches = found.map((name) => `--${name}`).join(', ');
  return found.includes('no-sandbox')
    ? `It was started with ${switches}: this system does not let an AppImage set up its sandbox. ` +
        'Install the deb package instead, which brings the AppArmor profile for it, or allow unprivileged user ' +
        'namespaces.'
    : `It was started with ${switches}, which would leave it unprotected. Start it without.`;
}
