import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { z } from 'zod';

export interface ImageProgress {
  readonly image: string;
  /** In words, e.g. `3 of 7 layers, 12.4 of 40.1 MB`. */
  readonly detail: string;
}

const eventSchema = z.object({
  status: z.string().optional(),
  id: z.string().optional(),
  error: z.string().optional(),
  progressDetail: z.object({ current: z.number().optional(), total: z.number().optional() }).optional(),
});

/**
 * Pulls an image. Of one that was given up, engines with the containerd image store keep whole layers; others nothing.
 * @throws Error with the registry's own words; the signal's reason
 */
export async function pullImage(
  docker: Docker,
  reference: string,
  onProgress: (progress: ImageProgress) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted();
  const stream = await docker.pull(reference, signal ? { abortSignal: signal } : {});
  const layers = new Layers();
  await untilOver(docker, stream, signal, (raw) => {
    const event = eventSchema.safeParse(raw).data;
    if (!event) return;
    layers.add(event);
    onProgress({ image: reference, detail: layers.told });
  });
}

/** Follows what the engine tells of a pull or a build. The connection's end is what cancels it there. */
export function untilOver(
  docker: Docker,
  stream: NodeJS.ReadableStream,
  signal: AbortSignal | undefined,
  onEvent: (event: unknown) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = () => {
      if (stream instanceof Readable) stream.destroy();
      reject(signal?.reason instanceof Error ? signal.reason : new Error('cancelled'));
    };
    signal?.addEventListener('abort', cancel, { once: true });
    docker.modem.followProgress(
      stream,
      (error) => {
        signal?.removeEventListener('abort', cancel);
        if (error) reject(error);
        else resolve();
      },
      onEvent,
    );
  });
}

class Layers {
  readonly #layers = new Map<string, { current: number; total: number; isDone: boolean }>();
  #status = '';

  add({ status = '', id, progressDetail }: z.infer<typeof eventSchema>): void {
    if (id === undefined) {
      this.#status = status;
      return;
    }
    if (status.startsWith('Pulling from')) return;
    const layer = this.#layers.get(id) ?? { current: 0, total: 0, isDone: false };
    this.#layers.set(id, layer);
    if (status === 'Downloading') {
      layer.current = progressDetail?.current ?? layer.current;
      layer.total = progressDetail?.total ?? layer.total;
    }
    if (status === 'Download complete' || status === 'Extracting') layer.current = layer.total;
    if (status === 'Pull complete' || status === 'Already exists') layer.isDone = true;
  }

  get told(): string {
    const all = [...this.#layers.values()];
    if (all.length === 0) return this.#status;
    const sum = (field: 'current' | 'total') => all.reduce((total, layer) => total + layer[field], 0) / 1e6;
    const done = all.filter(({ isDone }) => isDone).length;
    return `${done} of ${all.length} layers, ${sum('current').toFixed(1)} of ${sum('total').toFixed(1)} MB`;
  }
}
