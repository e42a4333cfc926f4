import { parseUrl } from './console-origin';

/** Hosts whose pages the console links to. A subdomain is another host. */
const LINKED_HOSTS: ReadonlySet<string> = new Set(['hyperledger-fabric.readthedocs.io', 'github.com']);

/** The URL as it may be handed to the system; undefined where it may not. */
export function externalLink(text: string): string | undefined {
  const url = parseUrl(text);
  if (!url || url.protocol !== 'https:' || url.port !== '' || url.username !== '' || url.password !== '') {
    return undefined;
  }
  return LINKED_HOSTS.has(url.hostname) ? url.href : undefined;
}

/**
 * Opens a page in the user's browser: https, and of a host on the list. What the system would do with any other URL
 * (start a program, mount a share) is not the page's to decide.
 * @returns false where it was refused
 */
export async function openExternalSafely(
  text: string,
  open: (url: string) => Promise<void>,
): Promise<boolean> {
  const url = externalLink(text);
  if (url === undefined) return false;
  await open(url);
  return true;
}
