import { isUtf8 } from 'node:buffer';
import { messageOf } from '../cause';

/** Bytes that hold no message of the kind that belongs there; they are shown as they are. */
export class Undecodable {
  constructor(
    readonly reason: string,
    readonly bytes: Uint8Array,
  ) {}
}

/** A layer of a transaction, read or kept. */
export type Layer<T> = T | Undecodable;

/** Reads a layer; whatever stands in the way of that becomes part of what is shown. */
export function layer<T>(bytes: Uint8Array, decode: (bytes: Uint8Array) => T): Layer<T> {
  try {
    return decode(bytes);
  } catch (error) {
    return new Undecodable(messageOf(error), bytes);
  }
}

/** What bytes of an argument, a value or a payload say. */
export type Content =
  | { readonly kind: 'empty' }
  | { readonly kind: 'text'; readonly text: string }
  /** An object or a list; a number alone is text. */
  | { readonly kind: 'json'; readonly text: string; readonly value: unknown }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array };

/** Control characters that text does not have; a serialized message nearly always has some. */
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/;

export function contentOf(bytes: Uint8Array): Content {
  if (bytes.length === 0) return { kind: 'empty' };
  const text = textOf(bytes);
  if (text === undefined) return { kind: 'bytes', bytes };
  if (/^\s*[{[]/.test(text)) {
    try {
      return { kind: 'json', text, value: JSON.parse(text) as unknown };
    } catch {
      // Text that begins like JSON.
    }
  }
  return { kind: 'text', text };
}

/** The bytes as text; undefined where they are not UTF-8 or hold characters that do not show. */
export function textOf(bytes: Uint8Array): string | undefined {
  if (!isUtf8(bytes)) return undefined;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  return CONTROL.test(text) ? undefined : text;
}
