import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { ClassicLevel } from 'classic-level';
import { messageOf } from '../protocol/cause';
import { CorruptIndex, LedgerIndexError } from './errors';

export type Store = ClassicLevel<Buffer, Buffer>;
export type StoreSnapshot = ReturnType<Store['snapshot']>;

const MEBIBYTE = 1024 * 1024;

/** @throws CorruptIndex; LedgerIndexError `in use`, `unusable folder` */
export async function openStore(folder: string): Promise<Store> {
  const store = new ClassicLevel<Buffer, Buffer>(folder, {
    keyEncoding: 'buffer',
    valueEncoding: 'buffer',
    cacheSize: 24 * MEBIBYTE,
    writeBufferSize: 8 * MEBIBYTE,
    maxFileSize: 4 * MEBIBYTE,
    // Open files are mapped into memory, and what was read of them counts as resident.
    maxOpenFiles: 40,
  });
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await store.open();
    return store;
  } catch (error) {
    throw openFailure(folder, error);
  }
}

function openFailure(folder: string, error: unknown): Error {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'LEVEL_LOCKED') {
    return new LedgerIndexError('in use', `the index ${folder} is open in another process`, { cause: error });
  }
  if (saysCorrupt(cause) || code === 'LEVEL_INVALID_ARGUMENT') {
    return new CorruptIndex(messageOf(cause), { cause: error });
  }
  return new LedgerIndexError(
    'unusable folder',
    `the index ${folder} cannot be opened: ${messageOf(cause)}`,
    {
      cause: error,
    },
  );
}

const DISCARDED = '.discarded-';

/** Deletes a closed store. It is out of the way at once, whatever interrupts the rest. */
export async function discardStore(folder: string): Promise<void> {
  await rename(folder, `${folder}${DISCARDED}${randomBytes(6).toString('hex')}`).catch(ignoreMissing);
  await removeDiscarded(folder);
}

/** Deletes what a process that was killed had discarded. */
export async function removeDiscarded(folder: string): Promise<void> {
  const parent = path.dirname(folder);
  const names = await readdir(parent).catch((error: unknown) => {
    ignoreMissing(error);
    return [];
  });
  const left = names.filter((name) => name.startsWith(`${path.basename(folder)}${DISCARDED}`));
  await Promise.all(left.map((name) => rm(path.join(parent, name), { recursive: true, force: true })));
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}

const CHECKSUM_BYTES = 4;

/** Puts a checksum of key and value behind the value: LevelDB itself does not look when it reads. */
export function sealed(key: Buffer, value: Buffer): Buffer {
  const stored = Buffer.allocUnsafe(value.length + CHECKSUM_BYTES);
  stored.set(value);
  stored.writeUInt32LE(crc32(value, crc32(key)), value.length);
  return stored;
}

/** The value, sharing memory. Throws CorruptIndex. */
export function unsealed(key: Buffer, stored: Buffer): Buffer {
  const length = stored.length - CHECKSUM_BYTES;
  if (length >= 0) {
    const value = stored.subarray(0, length);
    if (stored.readUInt32LE(length) === crc32(value, crc32(key))) return value;
  }
  throw new CorruptIndex('the checksum of an entry does not match');
}

/** Whether an error says that a file is damaged or gone; a full disk, for one, is something else. */
export function saysCorrupt(error: unknown): boolean {
  if (error instanceof CorruptIndex) return true;
  if (!(error instanceof Error) || !('code' in error)) return false;
  return (
    error.code === 'LEVEL_CORRUPTION' ||
    (error.code === 'LEVEL_IO_ERROR' && error.message.includes('No such file'))
  );
}
