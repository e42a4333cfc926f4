import { describe, expect, test } from 'vitest';
import type { ContractParameter, ValueSchema } from '../../../electron/api/contract-models';
import { argumentsFromJson, argumentsToJson } from './argument-json';

const parameter = (name: string, schema: ValueSchema): ContractParameter => ({
  name,
  type: schema.type ?? 'string',
  schema,
});
const parameters = [
  parameter('spotId', { type: 'string', maxLength: 8 }),
  parameter('cents', { type: 'integer', minimum: 1 }),
  parameter('open', { type: 'boolean' }),
  parameter('tags', { type: 'array', items: { type: 'string' } }),
];
const args = ['A-1', '250', 'true', '["x","y"]'];

describe('arguments as JSON', () => {
  test('and back are the same arguments', () => {
    const text = argumentsToJson(parameters, args);
    expect(text).toBe(
      '{\n  "spotId": "A-1",\n  "cents": 250,\n  "open": true,\n  "tags": [\n    "x",\n    "y"\n  ]\n}',
    );
    expect(argumentsFromJson(parameters, text)).toEqual({ args, faults: [] });
  });

  test('what is no number stands in quotes, and is told at its line', () => {
    const text = argumentsToJson(parameters, ['A-1', 'many', 'true', '[]']);
    expect(text).toContain('"cents": "many"');
    expect(argumentsFromJson(parameters, text)).toEqual({
      args: ['A-1', 'many', 'true', '[]'],
      faults: [{ line: 3, words: 'cents: Needs a whole number of at least 1.' }],
    });
  });

  test('a uint64 keeps all its digits', () => {
    const one = [parameter('n', { type: 'integer' })];
    expect(argumentsFromJson(one, '{"n": 18446744073709551615}').args).toEqual(['18446744073709551615']);
  });

  test.each([
    [
      '{\n"spotId": "A",\n"colour": 1,\n"cents": 1, "open": true, "tags": []}',
      3,
      'There is no argument colour.',
    ],
    ['{"spotId": "A", "cents": 1,\n"open": true}', 2, 'tags is missing.'],
    ['{"spotId": 5, "cents": 1, "open": true, "tags": []}', 1, 'double quotes: "5"'],
    ['{"spotId": "A", "cents": 1, "open": true, "tags":\n[1]}', 2, '[0]: Needs a text.'],
    ['["A"]', 1, 'Arguments stand by their names in { }'],
    ['{"spotId": "A",\n"cents" 1}', 2, 'A colon is missing'],
  ])('%s', (text, line, words) => {
    const { faults } = argumentsFromJson(parameters, text);
    expect(faults[0]?.line).toBe(line);
    expect(faults[0]?.words).toContain(words);
  });

  test('without names they are a list of texts', () => {
    expect(argumentsToJson(null, ['a', '{"b":1}'])).toBe('[\n  "a",\n  "{\\"b\\":1}"\n]');
    expect(argumentsFromJson(null, '["a", 5, {"b": 1}]').args).toEqual(['a', '5', '{"b":1}']);
    expect(argumentsFromJson(null, '["a",\nnull]').faults).toEqual([
      { line: 2, words: 'An argument is a text; "" is an empty one.' },
    ]);
    expect(argumentsFromJson(null, '{}').faults[0]?.words).toContain('stand in a list');
  });
});
