import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';

const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
const CONFIG = 'application/vnd.docker.container.image.v1+json';
const LAYER = 'application/vnd.docker.image.rootfs.diff.tar.gzip';
const LAYER_BYTES = 300_000;

interface Blob {
  readonly bytes: Buffer;
  readonly digest: string;
  readonly type: string;
}

/** What a registry has of one image: its manifest, its configuration, its layers. */
export interface RegistryImage {
  readonly manifest: Blob;
  readonly config: Blob;
  readonly layers: readonly Blob[];
}

/** An image of two layers that nothing runs. */
export async function imageFor(architecture: string): Promise<RegistryImage> {
  const archives = await Promise.all(['first', 'second'].map(archiveOf));
  const config = blob(
    CONFIG,
    JSON.stringify({
      architecture,
      os: 'linux',
      config: {},
      rootfs: { type: 'layers', diff_ids: archives.map(digestOf) },
      history: archives.map(() => ({ created: '2024-01-01T00:00:00Z' })),
    }),
  );
  const layers = archives.map((archive) => blob(LAYER, gzipSync(archive)));
  const described = ({ bytes, digest, type }: Blob) => ({ mediaType: type, size: bytes.length, digest });
  const manifest = blob(
    MANIFEST,
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: described(config),
      layers: layers.map(described),
    }),
  );
  return { manifest, config, layers };
}

/** A registry (HTTP API v2) on loopback, where engines ask for no TLS. */
export class FakeRegistry {
  /** Paths of what was asked for. */
  readonly asked: string[] = [];
  readonly #images = new Map<string, RegistryImage>();
  readonly #refusals = new Map<string, { status: number; words: string }>();
  readonly #held: ServerResponse[] = [];
  #heldDigest: string | undefined;

  private constructor(private readonly server: Server) {}

  static async open(): Promise<FakeRegistry> {
    const registry = new FakeRegistry(
      createServer((request, response) => registry.#answer(request.url ?? '', response)),
    );
    await new Promise<void>((resolve) => registry.server.listen(0, '127.0.0.1', resolve));
    return registry;
  }

  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  has(repository: string, image: RegistryImage): void {
    this.#images.set(repository, image);
  }

  refuses(repository: string, status: number, words: string): void {
    this.#refusals.set(repository, { status, words });
  }

  /** Only the first half of a blob is sent until it is let go. */
  hold(digest: string | undefined): void {
    this.#heldDigest = digest;
  }

  letGo(): void {
    this.#heldDigest = undefined;
    for (const response of this.#held.splice(0)) response.destroy();
  }

  get isHolding(): boolean {
    return this.#held.length > 0;
  }

  async close(): Promise<void> {
    this.letGo();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  #answer(path: string, response: ServerResponse): void {
    this.asked.push(path);
    const [, repository = '', kind = '', reference = ''] =
      /^\/v2\/(.+)\/(manifests|blobs)\/(.+)$/.exec(path) ?? [];
    const refusal = this.#refusals.get(repository);
    const image = this.#images.get(repository);
    if (path === '/v2/') response.writeHead(200).end('{}');
    else if (refusal) refuse(response, refusal.status, refusal.words);
    else if (!image) refuse(response, 404, `no ${repository} here`);
    else if (kind === 'manifests') this.#send(response, image.manifest);
    else {
      const found = [image.config, ...image.layers].find(({ digest }) => digest === reference);
      if (found) this.#send(response, found);
      else refuse(response, 404, `no blob ${reference}`);
    }
  }

  #send(response: ServerResponse, { bytes, digest, type }: Blob): void {
    response.writeHead(200, {
      'content-type': type,
      'content-length': bytes.length,
      'docker-content-digest': digest,
    });
    if (digest !== this.#heldDigest) {
      response.end(bytes);
      return;
    }
    response.write(bytes.subarray(0, bytes.length / 2));
    this.#held.push(response);
  }
}

function refuse(response: ServerResponse, status: number, message: string): void {
  const code = status === 401 ? 'UNAUTHORIZED' : status === 404 ? 'MANIFEST_UNKNOWN' : 'UNKNOWN';
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ errors: [{ code, message }] }));
}

const digestOf = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

function blob(type: string, content: Buffer | string): Blob {
  const bytes = Buffer.from(content);
  return { bytes, digest: digestOf(bytes), type };
}

/** Random, so that no engine has it from elsewhere. */
async function archiveOf(name: string): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name }, randomBytes(LAYER_BYTES));
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks);
}
