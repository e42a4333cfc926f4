import { StringDecoder } from 'node:string_decoder';

const HEADER_BYTES = 8;
/** Longer lines are passed on in parts of this size (moby, daemon/logger/copier.go). */
const PART_BYTES = 16 * 1024;

/** One message of a container's log, as the engine stamped it. */
export interface LogMessage {
  /** RFC 3339 with nine digits of a second, UTC: in the order of time they are in the order of the alphabet. */
  readonly stamp: string;
  /** Without its line feed. */
  readonly text: string;
  /** False for a part of a line that is longer than the engine passes on in one piece (16 KB); the rest follows. */
  readonly isWhole: boolean;
}

/** Takes a log stream's bytes apart, however they were cut on their way. */
export interface LogParser {
  add(chunk: Buffer): LogMessage[];
}

/** @param isTty such containers send plain lines; all others frames: stream, three zeros, length, message */
export const logParser = (isTty: boolean): LogParser => (isTty ? new TtyParser() : new FrameParser());

class FrameParser implements LogParser {
  #rest: Buffer = Buffer.alloc(0);
  readonly #decoders = new Map<number, StringDecoder>();

  add(chunk: Buffer): LogMessage[] {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const messages: LogMessage[] = [];
    let at = 0;
    while (bytes.length - at >= HEADER_BYTES) {
      const length = bytes.readUInt32BE(at + 4);
      const end = at + HEADER_BYTES + length;
      if (bytes.length < end) break;
      messages.push(this.#message(bytes[at] ?? 0, bytes.subarray(at + HEADER_BYTES, end)));
      at = end;
    }
    this.#rest = bytes.subarray(at);
    return messages;
  }

  /** Long lines are cut by bytes: what is left of a character waits for the stream's next message. */
  #message(stream: number, body: Buffer): LogMessage {
    const blank = body.indexOf(' ');
    const stamp = body.subarray(0, Math.max(blank, 0)).toString('latin1');
    const decoder = this.#decoders.get(stream) ?? new StringDecoder('utf8');
    this.#decoders.set(stream, decoder);
    const ends = body.at(-1) === LINE_FEED;
    const content = body.subarray(blank + 1, ends ? body.length - 1 : body.length);
    // The last part of a long line has no line feed with every log driver, but it is not full.
    const isWhole = ends || content.length < PART_BYTES;
    const text = isWhole ? decoder.write(content) + decoder.end() : decoder.write(content);
    return { stamp, text, isWhole };
  }
}

const LINE_FEED = 10;

class TtyParser implements LogParser {
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  add(chunk: Buffer): LogMessage[] {
    const lines = (this.#rest + this.#decoder.write(chunk)).split('\n');
    this.#rest = lines.pop() ?? '';
    return lines.map((line) => {
      const blank = line.indexOf(' ');
      const text = line.slice(blank + 1).replace(/\r$/, '');
      return { stamp: line.slice(0, Math.max(blank, 0)), text, isWhole: true };
    });
  }
}
