import { describe, expect, test } from 'vitest';
import { compactJson, JsonTextError, parseJsonText } from './json-text';

const fault = (text: string) => {
  try {
    parseJsonText(text);
  } catch (error) {
    if (error instanceof JsonTextError)
      return `${String(error.line)}:${String(error.column)} ${error.message}`;
    throw error;
  }
  return 'none';
};

describe('JSON with its lines', () => {
  test('numbers keep all their digits, and every part knows its line', () => {
    const node = parseJsonText('{\n  "a": 12345678901234567890,\n  "b": [true,\n null]\n}');
    expect(node).toEqual({
      kind: 'object',
      line: 1,
      members: [
        { name: 'a', line: 2, value: { kind: 'number', line: 2, raw: '12345678901234567890' } },
        {
          name: 'b',
          line: 3,
          value: {
            kind: 'array',
            line: 3,
            items: [
              { kind: 'boolean', line: 3, value: true },
              { kind: 'null', line: 4 },
            ],
          },
        },
      ],
    });
    expect(compactJson(node)).toBe('{"a":12345678901234567890,"b":[true,null]}');
  });

  test.each(['"é\\n\\u00e9"', '-0.5e-7', '[]', '{}', ' [ 1 , "a" ] ', '{"a":{"b":[{}]}}'])(
    'what JSON.parse takes is taken: %s',
    (text) => expect(JSON.parse(compactJson(parseJsonText(text)))).toEqual(JSON.parse(text)),
  );

  test.each([
    ['{\n  "a": 1,\n}', '3:1 After the comma a value is expected, not }'],
    ['{"a" 1}', '1:6 A colon is missing behind "a".'],
    ['{\n "a": 1\n "b": 2 }', '3:2 A comma or } is expected here.'],
    ['{"a": SPOT}', '1:7 SPOT is no JSON value: text stands in double quotes.'],
    ["{'a': 1}", '1:2 A name in double quotes is expected here.'],
    ['["a', '1:2 This text has no closing quote on its line, or a wrong \\ in it.'],
    ['[1', '1:3 A comma or ] is expected here.'],
    ['', '1:1 A value is missing: the text ends here.'],
    ['1 2', '1:3 The value ends before this: nothing may follow it.'],
    ['{"a":1,\n"a":2}', '2:1 "a" stands here twice.'],
    ['01', '1:2 The value ends before this: nothing may follow it.'],
    [`${'['.repeat(200)}`, '1:102 This is nested too deeply.'],
  ])('%s is refused at its place', (text, where) => expect(fault(text)).toBe(where));
});
