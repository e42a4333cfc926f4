import { expect, it } from 'vitest';
import { contentOf } from './layer';

it.each([
  ['', { kind: 'empty' }],
  ['grün\n', { kind: 'text', text: 'grün\n' }],
  ['12', { kind: 'text', text: '12' }],
  ['{"a":[1]}', { kind: 'json', text: '{"a":[1]}', value: { a: [1] } }],
  ['{almost', { kind: 'text', text: '{almost' }],
])('shows %o as what it is', (text, content) => {
  expect(contentOf(Buffer.from(text))).toEqual(content);
});

it.each([
  ['no UTF-8', [0xc3, 0x28]],
  ['a serialized message', [0x0a, 0x03, 0x61, 0x62, 0x63, 0x10, 0x01]],
  ['a composite key', [0x00, 0x61, 0x00]],
])('shows %s as bytes', (_, bytes) => {
  expect(contentOf(Uint8Array.from(bytes))).toEqual({ kind: 'bytes', bytes: Uint8Array.from(bytes) });
});
