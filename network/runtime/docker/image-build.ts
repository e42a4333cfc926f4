import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type Docker from 'dockerode';
import { pack } from 'tar-stream';
import { untilOver } from './image-pull';
import type { ImageProgress } from './image-pull';

/** A file of a build context: a text, or a file of this machine. */
export type ContextFile =
  | { readonly name: string; readonly text: string }
  | { readonly name: string; readonly file: string; readonly isProgram?: boolean };

export interface ImageRecipe {
  readonly repository: string;
  readonly dockerfile: string;
  readonly files: readonly ContextFile[];
}

const PROGRAM = 0o755;
const PLAIN = 0o644;
const DIGEST_LENGTH = 16;

/**
 * Builds an image unless the same one is there already: its tag is a digest of all that goes into it.
 * @returns repository:tag
 */
export async function buildImage(
  docker: Docker,
  recipe: ImageRecipe,
  {
    onProgress,
    signal,
  }: {
    readonly onProgress: (progress: ImageProgress) => void;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<string> {
  const reference = `${recipe.repository}:${await digestOf(recipe)}`;
  if ((await docker.listImages({ filters: { reference: [reference] } })).length > 0) {
    onProgress({ image: reference, detail: 'ready' });
    return reference;
  }
  signal?.throwIfAborted();
  const context = pack();
  // The engine's client wants a stream of Node's own.
  const upload = new PassThrough();
  const packed = Promise.all([fill(context, recipe), pipeline(context, upload)]);
  const stream = await docker.buildImage(upload, { t: reference, forcerm: true });
  await Promise.all([
    packed,
    untilOver(docker, stream, signal, (event) => {
      const step = stepOf(event);
      if (step !== '') onProgress({ image: reference, detail: step });
    }),
  ]);
  onProgress({ image: reference, detail: 'built' });
  return reference;
}

async function fill(context: ReturnType<typeof pack>, { dockerfile, files }: ImageRecipe): Promise<void> {
  context.entry({ name: 'Dockerfile', mtime: new Date(0) }, dockerfile);
  for (const file of files) {
    if ('text' in file) {
      context.entry({ name: file.name, mtime: new Date(0) }, file.text);
      continue;
    }
    const { size } = await stat(file.file);
    const mode = file.isProgram ? PROGRAM : PLAIN;
    const entry = context.entry({ name: file.name, size, mode, mtime: new Date(0) });
    await pipeline(createReadStream(file.file), entry);
  }
  context.finalize();
}

async function digestOf({ dockerfile, files }: ImageRecipe): Promise<string> {
  const hash = createHash('sha256').update(dockerfile);
  for (const file of files) {
    hash.update(`\0${file.name}\0`);
    if ('text' in file) hash.update(file.text);
    else for await (const chunk of createReadStream(file.file)) hash.update(chunk as Buffer);
  }
  return hash.digest('hex').slice(0, DIGEST_LENGTH);
}

const stepOf = (event: unknown): string =>
  typeof event === 'object' && event !== null && 'stream' in event && typeof event.stream === 'string'
    ? event.stream.trim()
    : '';
