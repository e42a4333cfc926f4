import { LAST_ORDER } from './place';

/** What the index holds, by the first byte of a key. */
export const Area = {
  /** One record: how far the index has got. */
  PROGRESS: 0x01,
  /** Block number, newest first → block. */
  BLOCK: 0x02,
  /** Header hash → block number. */
  BLOCK_HASH: 0x03,
  /** Place, newest first → transaction. */
  TRANSACTION: 0x04,
  /** Place, newest first → texts of its arguments and values. */
  TEXT: 0x05,
  /** Kind and term, place of the first, newest first → places. */
  POSTING: 0x06,
  /** Contract \0 key → place of the last write. */
  STATE: 0x07,
  /** Contract \0 key, place, newest first → what was written. */
  HISTORY: 0x08,
} as const;

export type AreaByte = (typeof Area)[keyof typeof Area];

/** Stands behind text in a key: UTF-8 never holds this byte. */
const END_OF_TEXT = 0xff;
const ORDER_BYTES = 8;

/** Writes a number of the chain so that the newest comes first. */
function writeNewestFirst(target: Buffer, order: number, offset: number): void {
  const rest = LAST_ORDER - order;
  target.writeUInt32BE(Math.floor(rest / 2 ** 32), offset);
  target.writeUInt32BE(rest % 2 ** 32, offset + 4);
}

export function orderKey(area: AreaByte, order: number): Buffer {
  const key = Buffer.allocUnsafe(1 + ORDER_BYTES);
  key[0] = area;
  writeNewestFirst(key, order, 1);
  return key;
}

/** The number at the end of a key. */
export function orderAtEnd(key: Buffer): number {
  const offset = key.length - ORDER_BYTES;
  return LAST_ORDER - (key.readUInt32BE(offset) * 2 ** 32 + key.readUInt32BE(offset + 4));
}

export function textKey(area: AreaByte, text: string): Buffer {
  const key = Buffer.allocUnsafe(1 + Buffer.byteLength(text, 'utf8'));
  key[0] = area;
  key.write(text, 1, 'utf8');
  return key;
}

/** Text and a place. */
export function textOrderKey(area: AreaByte, text: string, order: number): Buffer {
  const length = Buffer.byteLength(text, 'utf8');
  const key = Buffer.allocUnsafe(length + 2 + ORDER_BYTES);
  key[0] = area;
  key.write(text, 1, 'utf8');
  key[length + 1] = END_OF_TEXT;
  writeNewestFirst(key, order, length + 2);
  return key;
}

/** Text of a key that ends with a place. */
export const textBeforeOrder = (key: Buffer): string => key.toString('utf8', 1, key.length - ORDER_BYTES - 1);

export const textOfKey = (key: Buffer): string => key.toString('utf8', 1);

export interface Bounds {
  readonly gte: Buffer;
  readonly lte: Buffer;
}

/** Entries of one text, not later than a place. */
export const textBounds = (area: AreaByte, text: string, newest = LAST_ORDER): Bounds => ({
  gte: textOrderKey(area, text, newest),
  lte: textOrderKey(area, text, 0),
});

/** All keys that begin with a text, whatever follows. */
export function prefixBounds(area: AreaByte, prefix: string): Bounds {
  const gte = textKey(area, prefix);
  return { gte, lte: Buffer.concat([gte, Buffer.alloc(ORDER_BYTES + 2, END_OF_TEXT)]) };
}

export function blockHashKey(hash: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(Area.BLOCK_HASH), hash]);
}

export const PROGRESS_KEY = Buffer.of(Area.PROGRESS);

/** Of state and history. */
export const stateText = (contract: string, key: string): string => `${contract}\0${key}`;
