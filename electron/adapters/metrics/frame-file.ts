import { mkdir, readFile, rename, truncate } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MetricsFrame } from '../../core/ports/metrics';
import { appendLines } from '../store/append-lines';
import { isMissing } from '../store/file-errors';
import { setAside } from '../store/set-aside';
import { FrameDecoder, FrameEncoder } from './frame-codec';

/** Whoever else waits for this process gets a turn after so many lines. */
const LINES_A_TURN = 100;

/** Which frames are wanted, by their times, in order. */
type Wanted = (at: number) => boolean;

/**
 * Frames on disk in two files: the one that grows and the one before it. Between one and two times `framesPerFile`
 * are kept; where that became less, at once in the first file and a file later in the second. A line that was cut off
 * by the end of its process or a full disk is dropped before the next is written. Lines say what changed since the line
 * before: where one is damaged, those after it mean nothing, and the file is set aside and goes on from before it. Only
 * the core that started the nodes writes: it has the network's lock.
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
      await appendLines(this.file, `${this.#encoder.encode(frame)}\n`);
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
    if (damaged === 'within') await setAside(this.file);
    if (damaged) await truncate(this.file, goodBytes);
    const encoder = new FrameEncoder();
    for (const frame of frames) encoder.encode(frame);
    return encoder;
  }

  async #rotated(): Promise<FrameEncoder> {
    await rename(this.file, `${this.file}.1`).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
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
