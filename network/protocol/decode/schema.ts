import { readFields, type RawFields, type RawValue } from './fields';
import { rfc3339 } from './rfc3339';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** How a message is written as JSON. */
export interface Schema {
  readonly fields: Readonly<Record<number, Field>>;
}

/** How one field is written; `values` are what the wire holds of it, none when it is absent. */
interface Field {
  readonly name: string;
  /** Members of a oneof are left out when they are not the one that is set. */
  readonly optional?: boolean;
  write(values: readonly RawValue[], message: RawFields): Json;
}

/**
 * JSON of a serialized message as configtxlator's proto_decode writes it: names of the .proto files, 64-bit numbers
 * as text, bytes as base64 (null when absent), absent messages as null, and bytes that hold a message decoded in place.
 */
export function decodeAs(schema: Schema, bytes: Uint8Array): JsonObject {
  const raw = readFields(bytes);
  const json: JsonObject = {};
  for (const [number, field] of Object.entries(schema.fields)) {
    const values = raw.get(Number(number)) ?? [];
    if (field.optional === true && values.length === 0) continue;
    json[field.name] = field.write(values, raw);
  }
  return json;
}

type Scalar = (value: RawValue | undefined) => Json;

const asNumber = (value: RawValue | undefined): bigint => (typeof value === 'bigint' ? value : 0n);
const asBytes = (value: RawValue | undefined): Uint8Array | undefined =>
  typeof value === 'bigint' ? undefined : value;

const utf8: Scalar = (value) => Buffer.from(asBytes(value) ?? []).toString('utf8');
const base64: Scalar = (value) => {
  const bytes = asBytes(value);
  return bytes === undefined ? null : Buffer.from(bytes).toString('base64');
};
const signed32: Scalar = (value) => Number(BigInt.asIntN(32, asNumber(value)));
const unsigned32: Scalar = (value) => Number(BigInt.asUintN(32, asNumber(value)));
const signed64: Scalar = (value) => BigInt.asIntN(64, asNumber(value)).toString();
const unsigned64: Scalar = (value) => asNumber(value).toString();
const truth: Scalar = (value) => asNumber(value) !== 0n;

function single(scalar: Scalar): (name: string) => Field {
  return (name) => ({ name, write: (values) => scalar(values.at(-1)) });
}

export const string = single(utf8);
export const bytes = single(base64);
export const int32 = single(signed32);
export const uint32 = single(unsigned32);
export const int64 = single(signed64);
export const uint64 = single(unsigned64);
export const bool = single(truth);

/** An enumeration, by the object that google-protobuf generates for it; unknown values stay numbers. */
export function enumeration(name: string, members: object): Field {
  const names = new Map(Object.entries(members).map(([member, value]): [unknown, string] => [value, member]));
  return single((value) => {
    const number = signed32(value) as number;
    return names.get(number) ?? number;
  })(name);
}

export function strings(name: string): Field {
  return { name, write: (values) => values.map(utf8) };
}

export function bytesList(name: string): Field {
  return { name, write: (values) => values.map((value) => base64(value)) };
}

/** Schemas refer to each other in circles: groups hold groups. */
type Lazy = Schema | (() => Schema);

function resolve(schema: Lazy): Schema {
  return typeof schema === 'function' ? schema() : schema;
}

export function message(name: string, schema: Lazy): Field {
  return {
    name,
    write: (values) => (values.length === 0 ? null : decodeAs(resolve(schema), merged(values))),
  };
}

/** Repeated occurrences of an embedded message merge, which is what joining their bytes does. */
function merged(values: readonly RawValue[]): Uint8Array {
  const parts = values.map((value) => asBytes(value) ?? new Uint8Array());
  return parts.length === 1 ? (parts[0] ?? new Uint8Array()) : Buffer.concat(parts);
}

export function messages(name: string, schema: Lazy): Field {
  return {
    name,
    write: (values) => values.map((value) => decodeAs(resolve(schema), asBytes(value) ?? new Uint8Array())),
  };
}

/** Marks a member of a oneof. */
export function oneOf(field: Field): Field {
  return { ...field, optional: true };
}

/** Chooses what opaque bytes hold, from the fields beside them; undefined leaves them base64. */
type Choice = (message: RawFields) => Schema | undefined;

/** Bytes that hold a message. */
export function opaque(name: string, schema: Lazy): Field {
  return opaqueBy(name, () => resolve(schema));
}

/** Bytes whose message depends on other fields. */
export function opaqueBy(name: string, choose: Choice): Field {
  return {
    name,
    write: (values, raw) => {
      const value = asBytes(values.at(-1));
      if (value === undefined) return null;
      const schema = choose(raw);
      return schema === undefined ? base64(value) : decodeAs(schema, value);
    },
  };
}

export function opaqueList(name: string, schema: Lazy): Field {
  return messages(name, schema);
}

/** A map with text keys, sorted by key; the schema may depend on the key. */
export function messageMap(name: string, schemaOf: (key: string) => Schema): Field {
  return {
    name,
    write: (values) =>
      mapOf(values, (value, key) => decodeAs(schemaOf(key), asBytes(value) ?? new Uint8Array())),
  };
}

export function bytesMap(name: string): Field {
  return { name, write: (values) => mapOf(values, (value) => base64(value) ?? '') };
}

function mapOf(
  entries: readonly RawValue[],
  write: (value: RawValue | undefined, key: string) => Json,
): JsonObject {
  const pairs = entries.map((entry): [string, Json] => {
    const fields = readFields(asBytes(entry) ?? new Uint8Array());
    const key = utf8(fields.get(1)?.at(-1)) as string;
    return [key, write(fields.get(2)?.at(-1), key)];
  });
  return Object.fromEntries(pairs.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** google.protobuf.Timestamp. */
export function timestamp(name: string): Field {
  return {
    name,
    write: (values) => {
      if (values.length === 0) return null;
      const fields = readFields(merged(values));
      const seconds = Number(BigInt.asIntN(64, asNumber(fields.get(1)?.at(-1))));
      return rfc3339(seconds, Number(BigInt.asIntN(32, asNumber(fields.get(2)?.at(-1)))));
    },
  };
}
