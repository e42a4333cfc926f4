import { CorruptIndex } from './errors';
import { ByteReader, ByteWriter } from './byte-sequence';

/** What a list of blocks shows. */
export interface BlockEntry {
  readonly number: number;
  readonly headerHash: Buffer;
  readonly transactions: number;
  /** How many of them have another code than VALID. */
  readonly invalid: number;
  /** Of the serialized block. */
  readonly bytes: number;
  /** Claimed by the client of its first transaction. */
  readonly claimedTime: ClaimedTime | undefined;
  /** Whether it brings a channel configuration into force. */
  readonly configuration: boolean;
}

export interface ClaimedTime {
  readonly seconds: number;
  readonly nanos: number;
}

export interface TouchedKey {
  readonly contract: string;
  readonly key: string;
}

/** What a list of transactions shows. Text that is not there, or cannot be read, is empty. */
export interface TransactionEntry {
  readonly id: string;
  /** Name of the header type. */
  readonly type: string;
  readonly contract: string;
  readonly function: string;
  readonly mspId: string;
  readonly subject: string;
  readonly claimedTime: ClaimedTime | undefined;
  /** Byte of the filter; undefined where no peer has validated the block. */
  readonly code: number | undefined;
  readonly events: readonly string[];
  /** Public keys read or written, each once. Keys that were read as part of a range are not among them. */
  readonly keys: readonly TouchedKey[];
  /** Whether its arguments and values are longer than what free text is searched in. */
  readonly textCut: boolean;
}

/** One committed write of a key. */
export interface WriteEntry {
  readonly deleted: boolean;
  /** Bytes of the value. */
  readonly length: number;
  /** Undefined where it is too long to be kept here: it stands in the block. */
  readonly value: Buffer | undefined;
}

/** How far the index has got: written together with what it speaks of. */
export interface Progress {
  readonly channelId: string;
  readonly genesisHash: Buffer;
  readonly lastHash: Buffer;
  /** Blocks included. */
  readonly height: number;
  readonly transactions: number;
  /** The first and the last second that clients claim; undefined as long as there is none. */
  readonly claimed: { readonly first: number; readonly last: number } | undefined;
}

/** Rises when what is on disk changes: an index of another form is built anew. */
const FORM = 1;

const writer = new ByteWriter();

function writeTime(time: ClaimedTime | undefined): void {
  if (time === undefined) writer.number(0);
  else writer.number(1).number(time.seconds).number(time.nanos);
}

function readTime(reader: ByteReader): ClaimedTime | undefined {
  return reader.number() === 0 ? undefined : { seconds: reader.number(), nanos: reader.number() };
}

export function encodeBlock(entry: BlockEntry): Buffer {
  writer.number(entry.number).bytes(entry.headerHash).number(entry.transactions).number(entry.invalid);
  writer.number(entry.bytes).number(entry.configuration ? 1 : 0);
  writeTime(entry.claimedTime);
  return writer.finish();
}

export const decodeBlock = reading((reader): BlockEntry => {
  const [number, headerHash, transactions, invalid] = [
    reader.number(),
    reader.bytes(),
    reader.number(),
    reader.number(),
  ];
  const [bytes, configuration] = [reader.number(), reader.number() === 1];
  return { number, headerHash, transactions, invalid, bytes, configuration, claimedTime: readTime(reader) };
});

export function encodeTransaction(entry: TransactionEntry): Buffer {
  writer.text(entry.id).text(entry.type).text(entry.contract).text(entry.function);
  writer.text(entry.mspId).text(entry.subject);
  writer.number(entry.code === undefined ? 0 : entry.code + 1).number(entry.textCut ? 1 : 0);
  writeTime(entry.claimedTime);
  writer.number(entry.events.length);
  for (const event of entry.events) writer.text(event);
  for (const { contract, key } of entry.keys) writer.text(contract).text(key);
  return writer.finish();
}

export const decodeTransaction = reading((reader): TransactionEntry => {
  const [id, type, contract, name] = [reader.text(), reader.text(), reader.text(), reader.text()];
  const [mspId, subject] = [reader.text(), reader.text()];
  const [code, textCut, claimedTime] = [reader.number(), reader.number() === 1, readTime(reader)];
  const events = Array.from({ length: reader.number() }, () => reader.text());
  const keys: TouchedKey[] = [];
  while (!reader.done) keys.push({ contract: reader.text(), key: reader.text() });
  return {
    ...{ id, type, contract, function: name, mspId, subject, claimedTime, events, keys, textCut },
    code: code === 0 ? undefined : code - 1,
  };
});

export function encodeTexts(texts: readonly string[]): Buffer {
  for (const text of texts) writer.text(text);
  return writer.finish();
}

export const decodeTexts = reading((reader): string[] => {
  const texts: string[] = [];
  while (!reader.done) texts.push(reader.text());
  return texts;
});

export function encodeWrite({ deleted, length, value }: WriteEntry): Buffer {
  writer.number(deleted ? 1 : 0).number(length);
  if (value !== undefined) writer.bytes(value);
  return writer.finish();
}

export const decodeWrite = reading((reader): WriteEntry => ({
  deleted: reader.number() === 1,
  length: reader.number(),
  value: reader.done ? undefined : reader.bytes(),
}));

export function encodeProgress(progress: Progress): Buffer {
  writer.number(FORM).text(progress.channelId).bytes(progress.genesisHash).bytes(progress.lastHash);
  writer.number(progress.height).number(progress.transactions);
  if (progress.claimed) writer.number(progress.claimed.first).number(progress.claimed.last);
  return writer.finish();
}

export const decodeProgress = reading((reader): Progress => {
  const form = reader.number();
  if (form !== FORM) throw new CorruptIndex(`it was written by another version (form ${form}, not ${FORM})`);
  return {
    channelId: reader.text(),
    genesisHash: reader.bytes(),
    lastHash: reader.bytes(),
    height: reader.number(),
    transactions: reader.number(),
    claimed: reader.done ? undefined : { first: reader.number(), last: reader.number() },
  };
});

export const encodeNumber = (value: number): Buffer => writer.number(value).finish();

export const decodeNumber = reading((reader) => reader.number());

function reading<T>(read: (reader: ByteReader) => T): (stored: Buffer) => T {
  return (stored) => {
    try {
      return read(new ByteReader(stored));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new CorruptIndex(`an entry cannot be read: ${error.message}`);
    }
  };
}
