import { common } from '@hyperledger/fabric-protos';
import { createBlock } from '../../../protocol/block';
import { channelHeaderOf, payloadOf, signatureHeaderOf } from '../../../protocol/envelope';
import { sha256 } from '../../../protocol/hash';
import { VALID } from '../../../protocol/validation-code';
import { blockTransactions } from '../../../protocol/validation/block-transaction';
import type { CheckedBlock } from '../../../protocol/validation/block-validator';
import type { LevelChannelLedger } from './channel-ledger';
import type { Version } from '../../../protocol/version';
import { WireEncoder } from '../../../protocol/wire-encoder';

/** Read and write sets for tests, as bytes: field number of kvrwset.KVRWSet or HashedRWSet, and the entry. */
export type Entry = readonly [field: number, encoded: Uint8Array];

function height(version: Version): Buffer {
  return new WireEncoder().uint64(1, version.block).uint64(2, version.tx).finish();
}

export function read(key: string, version?: Version): Entry {
  const encoder = new WireEncoder().string(1, key);
  return [1, (version === undefined ? encoder : encoder.message(2, height(version))).finish()];
}

/** Without a value a delete. */
export function write(key: string, value?: string): Entry {
  const encoder = new WireEncoder().string(1, key).bool(2, value === undefined);
  return [3, encoder.bytes(3, Buffer.from(value ?? '')).finish()];
}

export function hashedWrite(key: string, value?: string): Entry {
  const encoder = new WireEncoder().bytes(1, sha256(Buffer.from(key))).bool(2, value === undefined);
  return [2, (value === undefined ? encoder : encoder.bytes(3, sha256(Buffer.from(value)))).finish()];
}

export function set(...entries: readonly Entry[]): Buffer {
  const encoder = new WireEncoder();
  for (const [field, encoded] of entries) encoder.message(field, encoded);
  return encoder.finish();
}

/** A collection's part of a namespace: hashes of private writes, and the hash of the private set itself. */
export function collection(name: string, privateSet: Uint8Array, ...entries: readonly Entry[]): Buffer {
  return new WireEncoder()
    .string(1, name)
    .bytes(2, set(...entries))
    .bytes(3, sha256(privateSet))
    .finish();
}

export function namespace(
  name: string,
  publicSet: Uint8Array,
  ...collections: readonly Uint8Array[]
): Buffer {
  const encoder = new WireEncoder().string(1, name).bytes(2, publicSet);
  for (const encoded of collections) encoder.message(3, encoded);
  return encoder.finish();
}

/** A transaction as it stands in a block, unsigned. */
export function transaction(channelId: string, txId: string, ...namespaces: readonly Uint8Array[]): Buffer {
  const results = new WireEncoder();
  for (const encoded of namespaces) results.message(2, encoded);
  const chaincodeId = new WireEncoder().string(2, 'contract').string(3, '1.0').finish();
  const action = new WireEncoder().bytes(1, results.finish()).message(4, chaincodeId).finish();
  const response = new WireEncoder().bytes(1, sha256()).bytes(2, action).finish();
  const endorsed = new WireEncoder().bytes(1, response).finish();
  const payload = new WireEncoder().message(2, endorsed).finish();
  const data = new WireEncoder().message(1, new WireEncoder().bytes(2, payload).finish()).finish();
  const type = common.HeaderType.ENDORSER_TRANSACTION;
  const timestamp = new Date('2026-11-22T09:00:00Z');
  const channelHeader = channelHeaderOf({ type, channelId, txId, timestamp }).serializeBinary();
  const signatureHeader = signatureHeaderOf(Buffer.from('creator'), Buffer.from('nonce')).serializeBinary();
  return new WireEncoder()
    .bytes(1, payloadOf(channelHeader, signatureHeader, data).serializeBinary())
    .finish();
}

/** The block that follows a ledger, its transactions already found to be in order. */
export function nextBlock(ledger: LevelChannelLedger, ...transactions: readonly Uint8Array[]): CheckedBlock {
  const block = createBlock(ledger.height, ledger.currentBlockHash, transactions);
  return { block, transactions: blockTransactions(transactions), codes: transactions.map(() => VALID) };
}
