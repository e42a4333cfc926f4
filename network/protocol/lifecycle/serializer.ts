import { peer } from '@hyperledger/fabric-protos';
import { createHash } from 'node:crypto';
import { withMessage } from '../cause';
import type { OpaqueState, RangeableState, ReadableState, ReadWritableState } from './state';

const { StateData, StateMetadata } = peer.lifecycle;

/** One field of a stored structure: its name and the value in the one form the ledger keeps. */
export interface StoredField {
  readonly name: string;
  readonly data: peer.lifecycle.StateData;
}

/** A structure as lifecycle stores it: each field under its own key, so that only what changes is written. */
export interface StoredStructure {
  readonly typeName: string;
  readonly fields: readonly StoredField[];
}

export function int64Field(name: string, value: number): StoredField {
  const data = new StateData();
  data.setInt64(value);
  return { name, data };
}

export function stringField(name: string, value: string): StoredField {
  const data = new StateData();
  data.setString(value);
  return { name, data };
}

/** An embedded message; it is stored as its serialized bytes. */
export function messageField(
  name: string,
  message: { serializeBinary(): Uint8Array } | undefined,
): StoredField {
  const data = new StateData();
  data.setBytes(message?.serializeBinary() ?? new Uint8Array());
  return { name, data };
}

export const metadataKey = (namespace: string, name: string): string => `${namespace}/metadata/${name}`;
export const fieldKey = (namespace: string, name: string, field: string): string =>
  `${namespace}/fields/${name}/${field}`;

/**
 * Writes a structure, touching only keys whose value changes, and deletes the keys of fields it no longer has
 * (core/chaincode/lifecycle/serializer.go Serialize). Which keys are read and written is part of the contract: peers
 * must produce the same read/write set.
 */
export async function serialize(
  namespace: string,
  name: string,
  structure: StoredStructure,
  state: ReadWritableState,
): Promise<void> {
  const metadata = (await readMetadata(namespace, name, state)) ?? new StateMetadata();
  const existing = new Map<string, Uint8Array | undefined>();
  for (const field of metadata.getFieldsList()) {
    const key = fieldKey(namespace, name, field);
    existing.set(key, await state.getState(key));
  }

  for (const { name: field, data } of structure.fields) {
    const key = fieldKey(namespace, name, field);
    const value = data.serializeBinary();
    if (!existing.has(key) || !sameBytes(existing.get(key) ?? new Uint8Array(), value)) {
      await state.putState(key, value);
    }
    existing.delete(key);
  }

  if (
    existing.size > 0 ||
    metadata.getDatatype() !== structure.typeName ||
    metadata.getFieldsList().length !== structure.fields.length
  ) {
    await state.putState(metadataKey(namespace, name), metadataBytes(structure));
  }
  for (const key of existing.keys()) await state.delState(key);
}

/**
 * Whether exactly this structure stands in a collection of which only hashes are known. Every key is read, also after
 * a mismatch: the read set must not depend on the answer.
 */
export async function isSerialized(
  namespace: string,
  name: string,
  structure: StoredStructure,
  state: OpaqueState,
): Promise<boolean> {
  const expected: [string, Uint8Array][] = [
    [metadataKey(namespace, name), metadataBytes(structure)],
    ...structure.fields.map(({ name: field, data }): [string, Uint8Array] => [
      fieldKey(namespace, name, field),
      data.serializeBinary(),
    ]),
  ];
  let matches = true;
  for (const [key, value] of expected) {
    const hash = await state.getStateHash(key);
    if (hash === undefined || !sameBytes(hash, createHash('sha256').update(value).digest())) matches = false;
  }
  return matches;
}

export async function readMetadata(
  namespace: string,
  name: string,
  state: ReadableState,
): Promise<peer.lifecycle.StateMetadata | undefined> {
  const bytes = await state.getState(metadataKey(namespace, name));
  if (bytes === undefined) return undefined;
  try {
    return StateMetadata.deserializeBinary(bytes);
  } catch (cause) {
    throw withMessage(cause, `could not unmarshal metadata for namespace ${namespace}/${name}`);
  }
}

/** Metadata of everything stored in a namespace, by name. */
export async function readAllMetadata(
  namespace: string,
  state: RangeableState,
): Promise<Map<string, peer.lifecycle.StateMetadata>> {
  const prefix = `${namespace}/metadata/`;
  const all = new Map<string, peer.lifecycle.StateMetadata>();
  for (const [key, value] of await state.getStateRange(prefix)) {
    all.set(key.slice(prefix.length), StateMetadata.deserializeBinary(value));
  }
  return all;
}

/** An absent field reads as zero, as in Go. */
export async function readInt64(
  namespace: string,
  name: string,
  field: string,
  state: ReadableState,
): Promise<number> {
  const data = await readField(namespace, name, field, state);
  if (data.getTypeCase() === StateData.TypeCase.TYPE_NOT_SET) return 0;
  if (!data.hasInt64()) throw wrongType(namespace, name, field, 'Int64', data);
  return data.getInt64();
}

export async function readString(
  namespace: string,
  name: string,
  field: string,
  state: ReadableState,
): Promise<string> {
  const data = await readField(namespace, name, field, state);
  if (data.getTypeCase() === StateData.TypeCase.TYPE_NOT_SET) return '';
  if (!data.hasString()) throw wrongType(namespace, name, field, 'String', data);
  return data.getString();
}

/** An absent field reads as an empty message. */
export async function readMessage<T>(
  namespace: string,
  name: string,
  field: string,
  state: ReadableState,
  decode: (bytes: Uint8Array) => T,
): Promise<T> {
  const data = await readField(namespace, name, field, state);
  if (data.getTypeCase() === StateData.TypeCase.TYPE_NOT_SET) return decode(new Uint8Array());
  if (!data.hasBytes()) throw wrongType(namespace, name, field, '[]byte', data);
  try {
    return decode(data.getBytes_asU8());
  } catch (cause) {
    throw withMessage(cause, `could not unmarshal key ${fieldKey(namespace, name, field)}`);
  }
}

async function readField(
  namespace: string,
  name: string,
  field: string,
  state: ReadableState,
): Promise<peer.lifecycle.StateData> {
  const key = fieldKey(namespace, name, field);
  const bytes = await state.getState(key);
  try {
    return StateData.deserializeBinary(bytes ?? new Uint8Array());
  } catch (cause) {
    throw withMessage(cause, `could not unmarshal state for key ${key}`);
  }
}

function metadataBytes(structure: StoredStructure): Uint8Array {
  const metadata = new StateMetadata();
  metadata.setDatatype(structure.typeName);
  metadata.setFieldsList(structure.fields.map(({ name }) => name));
  return metadata.serializeBinary();
}

function wrongType(
  namespace: string,
  name: string,
  field: string,
  expected: string,
  data: peer.lifecycle.StateData,
): Error {
  const goTypes = {
    [StateData.TypeCase.TYPE_NOT_SET]: '<nil>',
    [StateData.TypeCase.INT64]: '*lifecycle.StateData_Int64',
    [StateData.TypeCase.BYTES]: '*lifecycle.StateData_Bytes',
    [StateData.TypeCase.STRING]: '*lifecycle.StateData_String_',
  };
  const key = fieldKey(namespace, name, field);
  return new Error(
    `expected key ${key} to encode a value of type ${expected}, but was ${goTypes[data.getTypeCase()]}`,
  );
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
