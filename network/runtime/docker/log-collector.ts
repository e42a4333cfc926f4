import { appendFile, mkdir, truncate } from 'node:fs/promises';
import path from 'node:path';
import type Docker from 'dockerode';
import { LogFile } from '../log/log-file';
import { Backoff } from './backoff';
import { statusOf } from './engine-answer';
import { LogBookmark } from './log-bookmark';
import { logParser } from './log-frames';
import type { LogMessage } from './log-frames';

const SAVE_MS = 500;

/**
 * Copies a container's output into the node's log, so that logs are read, searched and rotated the same on every
 * runtime and outlive their containers. Every line once, whatever ends in between: this process, the connection, the
 * container. What a crash left unaccounted for is cut off and fetched again.
 */
export class LogCollector {
  readonly #closed = new AbortController();
  readonly #log: LogFile;
  #bookmark: LogBookmark | undefined;
  #saved = 0;
  #partial = '';
  #following: Promise<void> | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly docker: Docker,
    private readonly container: string,
    file: string,
    /** Hears why nothing could be collected for a while. */
    private readonly onFailure: (error: unknown) => void = () => undefined,
  ) {
    this.#log = new LogFile(file);
  }

  /** Collects until the container has ended and all it said is written; once for several calls. */
  start(): Promise<void> {
    this.#following ??= this.#collect().finally(() => (this.#following = undefined));
    return this.#following;
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await this.#following;
    await this.#exclusively(() => this.#save());
  }

  /** The last lines, oldest first. */
  tail(count: number): Promise<string[]> {
    return this.#log.tail(count);
  }

  rotateIfLarge(): Promise<void> {
    return this.#exclusively(async () => {
      await this.#log.rotateIfLarge();
      await this.#save();
    });
  }

  async #collect(): Promise<void> {
    const { signal } = this.#closed;
    const backoff = new Backoff();
    while (!signal.aborted) {
      const begun = Date.now();
      try {
        if (await this.#follow()) return;
        // There may be more: the container goes on, or was started again.
        backoff.reset();
      } catch (error) {
        // There is no such container any more.
        if (statusOf(error) === 404 || signal.aborted) return;
        this.onFailure(error);
      }
      await backoff.pause(Date.now() - begun, signal);
    }
  }

  /**
   * One connection to the engine; answers whether the container has nothing more to say. A log that is followed may end
   * before the container has, or before all it said was passed on (Engine 20.10): whether that was all is asked of a
   * container that has ended, without following.
   */
  async #follow(): Promise<boolean> {
    const { signal } = this.#closed;
    const container = this.docker.getContainer(this.container);
    const { Config, State } = await container.inspect();
    const bookmark = await this.#bookmarked();
    this.#partial = '';
    // A container that says nothing is not even answered for: giving up must not wait for it.
    const options = { stdout: true, stderr: true, timestamps: true, abortSignal: signal } as const;
    // The engine takes fractions of a second, which the types do not know.
    const since = bookmark.since as unknown as number | undefined;
    const from = since === undefined ? options : { ...options, since };
    const chunks = State.Running
      ? await container.logs({ ...from, follow: true })
      : [await container.logs({ ...from, follow: false })];
    const parser = logParser(Config.Tty);
    for await (const chunk of chunks) {
      await this.#exclusively(() => this.#write(bookmark, parser.add(Buffer.from(chunk))));
    }
    await this.#exclusively(() => this.#save());
    return !State.Running && !(await container.inspect()).State.Running;
  }

  async #bookmarked(): Promise<LogBookmark> {
    if (this.#bookmark) return this.#bookmark;
    await mkdir(path.dirname(this.#log.file), { recursive: true });
    const { bookmark, size } = await LogBookmark.read(`${this.#log.file}.collected`);
    if (size !== undefined && (await this.#log.size()) > size) await truncate(this.#log.file, size);
    this.#bookmark = bookmark;
    return bookmark;
  }

  async #write(bookmark: LogBookmark, messages: readonly LogMessage[]): Promise<void> {
    const lines: string[] = [];
    for (const message of messages) {
      if (!bookmark.take(message)) continue;
      this.#partial += message.text;
      if (!message.isWhole) continue;
      lines.push(this.#partial);
      this.#partial = '';
    }
    if (lines.length === 0) return;
    await appendFile(this.#log.file, `${lines.join('\n')}\n`, { mode: 0o600 });
    if (Date.now() - this.#saved > SAVE_MS) await this.#save();
  }

  async #save(): Promise<void> {
    this.#saved = Date.now();
    await this.#bookmark?.save(await this.#log.size());
  }

  #exclusively(work: () => Promise<void>): Promise<void> {
    const done = this.#writing.catch(() => undefined).then(work);
    this.#writing = done;
    return done;
  }
}
