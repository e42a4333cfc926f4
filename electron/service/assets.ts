import { createHash, randomBytes } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { contentSecurityPolicy, securityHeaders, withNonce } from '../core/content-security-policy';
import { problem } from '../core/problem';

const INDEX = '/index.html';

const mediaTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.woff2': 'font/woff2',
};
/** The rest is compressed already. */
const COMPRESSIBLE = /^(text|application)\/|svg/;
/** Vite puts a hash of its content into the name of each file in this folder: such a file never changes. */
const HASHED = /^\/assets\/.+-[\w-]{8,}\.\w+$/;

type Encoding = 'br' | 'gzip';

interface Asset {
  readonly mediaType: string;
  readonly immutable: boolean;
  readonly etag: string;
  readonly content: Buffer;
  readonly compressed: Map<Encoding, Promise<Buffer>>;
}

const compressors: Readonly<Record<Encoding, (content: Buffer) => Promise<Buffer>>> = {
  br: (content) => promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } }),
  gzip: (content) => promisify(gzip)(content, { level: 6 }),
};

/**
 * The built pages. All files are read once, when the service starts: what is served are the entries of a table, so no
 * path of a request ever reaches the disk, and a build in between does not mix two versions.
 */
export class Assets {
  private constructor(
    private readonly files: ReadonlyMap<string, Asset>,
    private readonly index: string,
  ) {}

  /** Throws CONSOLE_NOT_BUILT where `folder` has no pages. */
  static async load(folder: string): Promise<Assets> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    const files = new Map<string, Asset>();
    for (const entry of entries.filter((candidate) => candidate.isFile())) {
      const file = path.join(entry.parentPath, entry.name);
      const url = `/${path.relative(folder, file).split(path.sep).join('/')}`;
      const mediaType = mediaTypes[path.extname(entry.name)];
      if (mediaType !== undefined) files.set(url, asset(url, mediaType, await readFile(file)));
    }
    const index = files.get(INDEX);
    if (!index) {
      throw problem('CONSOLE_NOT_BUILT', {
        title: 'The pages of the console are not built.',
        detail: `There is no index.html in ${folder}.`,
        hint: 'Run `npm run build`, then this command again.',
      });
    }
    files.delete(INDEX);
    return new Assets(files, index.content.toString('utf8'));
  }

  /**
   * Answers GET and HEAD: a file by its path, the page for any other path without an extension (from folders that
   * are none, by way of the root). False where there is nothing at the path.
   * @param connect the WebSocket origin that the page may connect to
   */
  async serve(
    request: IncomingMessage,
    response: ServerResponse,
    pathname: string,
    connect: string,
  ): Promise<boolean> {
    const file = this.files.get(pathname);
    if (file) await this.#sendFile(request, response, file);
    else if (pathname !== INDEX && path.posix.basename(pathname).includes('.')) return false;
    else if (pathname.lastIndexOf('/') === 0) this.#sendPage(request, response, connect);
    // The page names its files relative to itself; the browser takes the fragment along.
    else response.writeHead(302, { ...securityHeaders, 'Cache-Control': 'no-store', Location: '/' }).end();
    return true;
  }

  #sendPage(request: IncomingMessage, response: ServerResponse, connect: string): void {
    const nonce = randomBytes(18).toString('base64');
    const body = Buffer.from(withNonce(this.index, nonce));
    response.writeHead(200, {
      ...securityHeaders,
      'Content-Security-Policy': contentSecurityPolicy({ styleNonce: nonce, connect: [connect] }),
      'Cache-Control': 'no-store',
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Length': body.length,
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  async #sendFile(request: IncomingMessage, response: ServerResponse, file: Asset): Promise<void> {
    const headers = {
      ...securityHeaders,
      'Content-Security-Policy': contentSecurityPolicy(),
      'Cache-Control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
      ETag: file.etag,
      Vary: 'Accept-Encoding',
    };
    if (request.headers['if-none-match'] === file.etag) {
      response.writeHead(304, headers).end();
      return;
    }
    const encoding = COMPRESSIBLE.test(file.mediaType) ? acceptedEncoding(request) : undefined;
    const body = encoding ? await compressed(file, encoding) : file.content;
    response.writeHead(200, {
      ...headers,
      'Content-Type': file.mediaType,
      'Content-Length': body.length,
      ...(encoding ? { 'Content-Encoding': encoding } : {}),
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  }
}

const asset = (url: string, mediaType: string, content: Buffer): Asset => ({
  mediaType,
  immutable: HASHED.test(url),
  etag: `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`,
  content,
  compressed: new Map(),
});

/** Each file is compressed when it is first asked for, and kept. */
function compressed(file: Asset, encoding: Encoding): Promise<Buffer> {
  const known = file.compressed.get(encoding);
  if (known) return known;
  const made = compressors[encoding](file.content);
  file.compressed.set(encoding, made);
  return made;
}

/** The better of what the client accepts; one refused with q=0 is not accepted. */
function acceptedEncoding(request: IncomingMessage): Encoding | undefined {
  const accepted = String(request.headers['accept-encoding'] ?? '')
    .split(',')
    .map((part) => part.trim().split(/\s*;\s*q=/))
    .filter(([, quality]) => quality === undefined || Number(quality) > 0)
    .map(([name]) => name);
  return (['br', 'gzip'] as const).find((encoding) => accepted.includes(encoding));
}
