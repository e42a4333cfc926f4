import { appendFile, mkdir, readFile, rename, truncate } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MetricsFrame } from '../../core/ports/metrics';
import { FrameDecoder, FrameEncoder } from './frame-codec';

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** Whoever else waits for this process gets a turn after so many lines. */
const LINES_A_TURN = 100;

/** Which frames are wanted, by their times, in order. */
type Wanted = (at: number) => boolean;

/**
 * Frames on disk in two files: the one that grows and the one before it. Between one and two times `framesPerFile`
 * are kept; where that became less, at once in the first file and a file later in the second. A line that was cut off
 * by the end of its process is dropped when the file is read again.
 */
export class FrameFile {
  #encoder: FrameEncoder | undefined;
  #count = 0;

  constructor(
    private readonly file: string,
    private readonly framesPerFile: () => number,
  ) {}

  /** Frames that are kept, oldest first. */
  async *read(wanted: Wanted = () => true): AsyncGenerator<MetricsFrame> {
    yield* (await this.#readOne(`${this.file}.1`, wanted)).frames;
    yield* (await this.#readOne(this.file, wanted)).frames;
  }

  async append(frame: MetricsFrame): Promise<void> {
    this.#encoder ??= await this.#resume();
    if (this.#count >= this.framesPerFile()) this.#encoder = await this.#rotated();
    this.#count += 1;
    try {
      await appendFile(this.file, `${this.#encoder.encode(frame)}\n`, { mode: 0o600 });
    } catch (error) {
      // The encoder is a line ahead of the file now: it begins again from what the file says.
      this.#encoder = undefined;
      throw error;
    }
  }

  /** Goes on where an earlier process ended: its encoder's state is what its file says. */
  async #resume(): Promise<FrameEncoder> {
    await mkdir(path.dirname(this.file), { recursive: true, mode: 0o700 });
    const { frames, goodBytes, damaged } = await this.#readOne(this.file);
    this.#count = frames.length;
    if (damaged === 'within') return this.#rotated();
    if (damaged === 'end') await truncate(this.file, goodBytes);
    const encoder = new FrameEncoder();
    for (const frame of frames) encoder.encode(frame);
    return encoder;
  }

  async #rotated(): Promise<FrameEncoder> {
    await rename(this.file, `${this.file}.1`);
    this.#count = 0;
    return new FrameEncoder();
  }

  async #readOne(
    file: string,
    wanted: Wanted = () => true,
  ): Promise<{ frames: MetricsFrame[]; goodBytes: number; damaged?: 'end' | 'within' }> {
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (error) {
      if (isMissing(error)) return { frames: [], goodBytes: 0 };
      throw error;
    }
    const lines = text.split('\n');
    const rest = lines.pop() ?? '';
    const decoder = new FrameDecoder();
    const frames: MetricsFrame[] = [];
    let goodBytes = 0;
    for (const [number, line] of lines.entries()) {
      if (number % LINES_A_TURN === LINES_A_TURN - 1) await nextTurn();
      try {
        const { at, frame } = decoder.decode(line);
        if (wanted(at)) frames.push(frame());
      } catch {
        return { frames, goodBytes, damaged: 'within' };
      }
      goodBytes += Buffer.byteLength(line) + 1;
    }
    return rest === '' ? { frames, goodBytes } : { frames, goodBytes, damaged: 'end' };
  }
}
