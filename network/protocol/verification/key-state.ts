import { hashNamespace, type StateEntry } from '../validation/state';
import type { ChainVerifier } from './chain-verifier';
import { hex } from './block-checks';
import { fails, holds, notCheckable, type Check } from './check';

/** What a peer answers of a key: of private data the SHA-256 of key and value. */
export interface AnsweredKey {
  readonly namespace: string;
  /** Undefined for public keys. */
  readonly collection?: string;
  /** Text; of private data the hash of the key, raw. */
  readonly key: string | Uint8Array;
  /** Undefined where the peer has no such key. */
  readonly value: Uint8Array | undefined;
}

/** Holds what a peer answers against the state that the chain makes, as of the last block verified. */
export async function checkKeyState(chain: ChainVerifier, answered: AnsweredKey): Promise<Check> {
  const check = 'key state';
  if (chain.stateProblem !== undefined) return notCheckable(check, chain.stateProblem);
  const { namespace, collection, key, value } = answered;
  const stored = collection === undefined ? namespace : hashNamespace(namespace, collection);
  const entry = await chain.state.get(stored, key);
  if (sameValue(entry?.value, value)) return holds(check, standing(entry));
  const found = value === undefined ? 'no such key' : described(value);
  return fails(check, `the peer has ${found}; by the chain ${standing(entry)}`);
}

function sameValue(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return Buffer.compare(one, other) === 0;
}

const standing = (entry: StateEntry | undefined): string =>
  entry === undefined
    ? 'there is no such key'
    : `it has ${described(entry.value)}, written by block ${entry.version.block}, transaction ${entry.version.tx}`;

/** Values may be megabytes long. */
const SHOWN_BYTES = 32;

const described = (value: Uint8Array): string =>
  `${value.length} bytes ${hex(value.subarray(0, SHOWN_BYTES))}${value.length > SHOWN_BYTES ? '…' : ''}`;
