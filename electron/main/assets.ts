import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { contentSecurityPolicy, securityHeaders, withNonce } from '../core/content-security-policy';
import { isConsoleUrl, parseUrl } from './console-origin';

const INDEX = 'index.html';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * Which file of the built page a URL asks for, relative to its folder; undefined where none may be answered. Paths
 * without an extension are places inside the console and get its page; a missing file stays missing, so that a wrong
 * script never arrives as HTML.
 */
export function assetOf(requestUrl: string): string | undefined {
  const url = isConsoleUrl(requestUrl) ? parseUrl(requestUrl) : undefined;
  if (!url) return undefined;
  let decoded: string;
  try {
    decoded = decodeURIComponent(url.pathname);
  } catch {
    return undefined;
  }
  // The URL parser has resolved dots; what is left of them now was hidden by percent encoding.
  const segments = decoded.split('/').filter((segment) => segment !== '');
  if (/[\\\0:]/.test(decoded) || segments.some((segment) => segment.startsWith('.'))) return undefined;
  const asset = segments.join('/');
  return path.posix.extname(asset) === '' ? INDEX : asset;
}

/** Answers requests of the console's origin from the folder with the built page. */
export function serveAssets(folder: string): (request: Request) => Promise<Response> {
  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return refusal(405, 'Only GET.');
    const asset = assetOf(request.url);
    if (asset === undefined) return refusal(404, 'There is nothing here.');
    const contentType = contentTypes[path.posix.extname(asset)];
    const content = contentType && (await readAsset(path.join(folder, asset)));
    if (!content) return refusal(404, 'There is no such file.');
    const nonce = randomBytes(16).toString('base64');
    const isPage = asset.endsWith('.html');
    const body = isPage ? withNonce(content.toString('utf8'), nonce) : content;
    return new Response(request.method === 'HEAD' ? null : new Uint8Array(Buffer.from(body)), {
      headers: {
        ...securityHeaders,
        'Content-Type': contentType,
        'Content-Security-Policy': contentSecurityPolicy(isPage ? { styleNonce: nonce } : {}),
        'Cache-Control': 'no-cache',
      },
    });
  };
}

const refusal = (status: number, text: string): Response =>
  new Response(text, {
    status,
    headers: {
      ...securityHeaders,
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Security-Policy': contentSecurityPolicy(),
    },
  });

async function readAsset(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (
      error instanceof Error &&
      'code' in error &&
      ['ENOENT', 'ENOTDIR', 'EISDIR'].includes(String(error.code))
    )
      return undefined;
    throw error;
  }
}
