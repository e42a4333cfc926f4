import { ClassicLevel } from 'classic-level';
import {
  Area,
  behind,
  decodeState,
  keyOfState,
  SAVEPOINT_KEY,
  stateKey,
  stateRange,
  type StoredState,
} from './keys';
import type { CommittedState, PlacedKey, StateKey } from '../../../protocol/validation/state';
import { decoder, bytes, uint64 } from '../../../protocol/strict-decoder';
import { WireEncoder } from '../../../protocol/wire-encoder';

export type Database = ClassicLevel<Buffer, Buffer>;
export type DatabaseSnapshot = ReturnType<Database['snapshot']>;

/** One change of the database; a value of undefined deletes. */
export interface Change {
  readonly key: Buffer;
  readonly value: Buffer | undefined;
}

/** How far the database has got: written in the same batch as what it speaks of. */
export interface Savepoint {
  /** Number of blocks the database includes. */
  readonly height: number;
  readonly currentBlockHash: Uint8Array;
  readonly previousBlockHash: Uint8Array;
  /** Empty before block 1. */
  readonly commitHash: Uint8Array;
}

export const EMPTY_SAVEPOINT: Savepoint = {
  height: 0,
  currentBlockHash: new Uint8Array(),
  previousBlockHash: new Uint8Array(),
  commitHash: new Uint8Array(),
};

/** A channel's database cannot be opened; the message says what to do. */
export class StateDatabaseError extends Error {
  override readonly name = 'StateDatabaseError';
}

const KIBIBYTE = 1024;

/**
 * Opens a channel's LevelDB. Its caches are small: a peer opens one for each of its channels.
 * Throws StateDatabaseError when it is held by another process or damaged.
 */
export async function openDatabase(folder: string): Promise<Database> {
  const database = new ClassicLevel<Buffer, Buffer>(folder, {
    keyEncoding: 'buffer',
    valueEncoding: 'buffer',
    cacheSize: 2048 * KIBIBYTE,
    writeBufferSize: 1024 * KIBIBYTE,
  });
  try {
    await database.open();
  } catch (error) {
    throw explainOpenFailure(folder, error);
  }
  return database;
}

function explainOpenFailure(folder: string, error: unknown): StateDatabaseError {
  const { cause } = error as { cause?: { code?: string; message?: string } };
  if (cause?.code === 'LEVEL_LOCKED') {
    return new StateDatabaseError(
      `state database ${folder} is in use by another process: stop the other peer that runs on this folder`,
      { cause: error },
    );
  }
  return new StateDatabaseError(
    `state database ${folder} cannot be opened (${cause?.message ?? String(error)}): delete this folder and start ` +
      `the peer again; it is rebuilt from the block file beside it, private data is fetched from other peers`,
    { cause: error },
  );
}

const decodeSavepoint = decoder<{ -readonly [K in keyof Savepoint]: Savepoint[K] }>(
  () => ({ ...EMPTY_SAVEPOINT }),
  {
    1: uint64((target, value) => (target.height = value)),
    2: bytes((target, value) => (target.currentBlockHash = value)),
    3: bytes((target, value) => (target.previousBlockHash = value)),
    4: bytes((target, value) => (target.commitHash = value)),
  },
);

export function savepointChange(savepoint: Savepoint): Change {
  const encoder = new WireEncoder().uint64(1, savepoint.height).bytes(2, savepoint.currentBlockHash);
  const value = encoder.bytes(3, savepoint.previousBlockHash).bytes(4, savepoint.commitHash).finish();
  return { key: SAVEPOINT_KEY, value };
}

/**
 * One value. LevelDB answers from memory or the page cache within microseconds: handing the read to another thread
 * costs more than the read, most of all under load.
 */
export function readValue(
  database: Database,
  key: Buffer,
  options: { snapshot?: DatabaseSnapshot } = {},
): Promise<Buffer | undefined> {
  return new Promise((resolve) => resolve(database.getSync(key, options)));
}

/** Reads of committed state, of the latest commit or of a snapshot. */
export class StateReader implements CommittedState {
  readonly #options: { snapshot?: DatabaseSnapshot };

  constructor(
    readonly database: Database,
    snapshot?: DatabaseSnapshot,
  ) {
    this.#options = snapshot === undefined ? {} : { snapshot };
  }

  async savepoint(): Promise<Savepoint> {
    const stored = await readValue(this.database, SAVEPOINT_KEY, this.#options);
    return stored === undefined ? EMPTY_SAVEPOINT : decodeSavepoint(stored);
  }

  async get(namespace: string, key: StateKey): Promise<StoredState | undefined> {
    const stored = await readValue(this.database, stateKey(namespace, key), this.#options);
    return stored === undefined ? undefined : decodeState(stored);
  }

  async getMany(keys: readonly PlacedKey[]): Promise<(StoredState | undefined)[]> {
    if (keys.length === 0) return [];
    const placed = keys.map(({ namespace, key }) => stateKey(namespace, key));
    const stored = await this.database.getMany(placed, this.#options);
    return stored.map((value) => (value === undefined ? undefined : decodeState(value)));
  }

  async *range(
    namespace: string,
    start: string,
    end: string,
  ): AsyncGenerator<StoredState & { readonly key: string }> {
    const bounds = stateRange(namespace, start, end);
    for await (const [key, stored] of this.database.iterator({ ...bounds, ...this.#options })) {
      yield { key: keyOfState(key, namespace), ...decodeState(stored) };
    }
  }

  /** Keys that start with the prefix. */
  keys(prefix: Buffer, reverse = false): AsyncIterable<Buffer> {
    return this.database.keys({ gte: prefix, lt: behind(prefix), reverse, ...this.#options });
  }

  entries(prefix: Buffer): AsyncIterable<[Buffer, Buffer]> {
    return this.database.iterator({ gte: prefix, lt: behind(prefix), ...this.#options });
  }
}

/** Writes changes in one batch; `durable` waits until they have reached the disk. */
export async function writeChanges(
  database: Database,
  changes: readonly Change[],
  durable = false,
): Promise<void> {
  if (changes.length === 0) return;
  await database.batch(
    changes.map(({ key, value }) =>
      value === undefined ? { type: 'del' as const, key } : { type: 'put' as const, key, value },
    ),
    { sync: durable },
  );
}

/** Everything that can be derived from the blocks: what a rebuild removes first. */
export async function clearDerived(database: Database): Promise<void> {
  // The savepoint goes first: whatever interrupts this, the rest is then known to be void.
  await database.del(SAVEPOINT_KEY, { sync: true });
  const derived = [
    Area.STATE,
    Area.HISTORY,
    Area.TRANSACTION,
    Area.BLOCK_HASH,
    Area.METADATA_HINT,
    Area.MISSING,
    Area.EXPIRY,
  ];
  for (const byte of derived) {
    const prefix = Buffer.from([byte]);
    await database.clear({ gte: prefix, lt: behind(prefix) });
  }
}
