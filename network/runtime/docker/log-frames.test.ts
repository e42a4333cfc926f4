import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logParser } from './log-frames';
import type { LogMessage } from './log-frames';

const stamp = (index: number): string => `2026-11-22T10:00:00.${String(index).padStart(9, '0')}Z`;

function frame(stream: number, body: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
}

/** The bytes in pieces, cut at any places. */
function pieces(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}

const text = fc.string({ unit: 'grapheme' }).map((value) => value.replaceAll(/[\r\n]/g, ' '));
const cuts = fc.array(fc.nat({ max: 100_000 }), { maxLength: 40 });

describe('messages of a container', () => {
  test('are the same however the bytes of their frames were cut on the way', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(1, 2), text), { maxLength: 20 }),
        cuts,
        (lines, places) => {
          const bytes = Buffer.concat(
            lines.map(([stream, line], index) => frame(stream, Buffer.from(`${stamp(index)} ${line}\n`))),
          );
          const parser = logParser(false);
          const told = pieces(bytes, places).flatMap((piece) => parser.add(piece));
          const wanted = lines.map(([, line], index): LogMessage => ({
            stamp: stamp(index),
            text: line,
            isWhole: true,
          }));
          expect(told).toEqual(wanted);
        },
      ),
    );
  });

  test.each(['\n', ''])(
    'a long line comes in parts, and a character cut between two of them is whole (%j)',
    (end) => {
      // An odd number of bytes before characters of three.
      const long = Buffer.from(`a${'€'.repeat(8_000)}`);
      const parser = logParser(false);
      const parts = [0, 16_384].map((from) => long.subarray(from, from + 16_384));
      const told = parts.flatMap((part, index) =>
        parser.add(
          frame(1, Buffer.concat([Buffer.from(`${stamp(7)} `), part, Buffer.from(index === 1 ? end : '')])),
        ),
      );
      expect(told.map(({ isWhole }) => isWhole)).toEqual([false, true]);
      expect(told.map((part) => part.text).join('')).toBe(`a${'€'.repeat(8_000)}`);
      expect(new Set(told.map((part) => part.stamp))).toEqual(new Set([stamp(7)]));
    },
  );

  test('of a terminal are lines without frames', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 20 }), cuts, (lines, places) => {
        const bytes = Buffer.from(lines.map((line, index) => `${stamp(index)} ${line}\r\n`).join(''));
        const parser = logParser(true);
        const told = pieces(bytes, places).flatMap((piece) => parser.add(piece));
        expect(told.map((one) => one.text)).toEqual(lines);
        expect(told.map((one) => one.stamp)).toEqual(lines.map((_line, index) => stamp(index)));
      }),
    );
  });
});
