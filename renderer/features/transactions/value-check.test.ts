import { describe, expect, test } from 'vitest';
import type { ValueSchema } from '../../../electron/api/contract-models';
import { addsNothing, parameterWords, unitOf } from './parameter-words';
import { patternWords } from './pattern-words';
import { faultOf } from './value-check';

const ID = '^[A-Za-z0-9][A-Za-z0-9._@-]*$';

describe('an argument against what its contract says', () => {
  test.each<[ValueSchema, string, string | undefined]>([
    [{ type: 'number', minimum: 1, maximum: 200, multipleOf: 1 }, '200', undefined],
    [
      { type: 'number', minimum: 1, maximum: 200, multipleOf: 1 },
      '201',
      'Needs a whole number from 1 to 200.',
    ],
    [
      { type: 'number', minimum: 1, maximum: 200, multipleOf: 1 },
      '1.5',
      'Needs a whole number from 1 to 200.',
    ],
    [{ type: 'number', minimum: 1, maximum: 200, multipleOf: 1 }, '', 'Needs a whole number from 1 to 200.'],
    [{ type: 'number', minimum: 0.5 }, '0.25', 'Needs a number of at least 0.50.'],
    [{ type: 'number', exclusiveMinimum: 0 }, '0', 'Needs a number above 0.'],
    [{ type: 'number', multipleOf: 0.1 }, '0.3', undefined],
    [
      { type: 'integer', format: 'uint16', maximum: 65_535, minimum: 0 },
      '-1',
      'Needs a whole number from 0 to 65,535.',
    ],
    [{ type: 'boolean' }, 'yes', 'Needs true or false.'],
    [{ enum: ['a', 'b'] }, 'c', 'Needs one of a, b.'],
    [{ type: 'string', maxLength: 2 }, 'ééé', 'At most 2 characters; these are 3.'],
    [{ type: 'string', minLength: 1 }, '', 'Needs a value.'],
    [
      { type: 'string', pattern: ID },
      '-x',
      'Needs letters, digits and . _ @ -, beginning with a letter or digit.',
    ],
    [{ type: 'string', pattern: '^(?<a>x|y){2}$' }, 'z', 'Must match ^(?<a>x|y){2}$'],
    [{ type: 'string', pattern: '(' }, 'anything', undefined],
    [{}, '', undefined],
    [{ type: 'array', items: { type: 'integer' }, maxItems: 2 }, '[1,2,3]', 'At most 2 are taken.'],
    [{ type: 'array', items: { type: 'integer' } }, '[1, "2"]', '[1]: Needs a whole number.'],
    [
      { type: 'object', title: 'Spot', required: ['id'], properties: { id: { type: 'string' } } },
      '{}',
      'id is missing.',
    ],
    [
      { type: 'object', properties: { a: { type: 'object', properties: { b: { type: 'boolean' } } } } },
      '{"a":\n{"b": 1}}',
      'a.b: Needs true or false.',
    ],
    [{ type: 'object', title: 'Spot' }, '', 'Needs a Spot as JSON.'],
    [{ type: 'object' }, '{"a":\n1,}', 'Line 2: After the comma a value is expected, not }'],
  ])('%j takes %s: %s', (schema, text, words) => expect(faultOf(schema, text)?.words).toBe(words));
});

test.each([
  ['spotId', 'Spot id', undefined],
  ['hourlyRateCents', 'Hourly rate', 'cents'],
  ['payeeMspId', 'Payee MSP id', undefined],
  ['energyWh', 'Energy', 'Wh'],
  ['maxStayMinutes', 'Max stay', 'minutes'],
  ['param0', 'Argument 1', undefined],
  ['cents', 'Cents', undefined],
])('%s is called %s', (name, label, unit) => {
  expect(parameterWords(name)).toEqual(unit === undefined ? { label } : { label, unit });
});

test('an amount in cents says what it is', () => {
  expect(unitOf('hourlyRateCents', '250')).toBe('cents, 2.50');
  expect(unitOf('hourlyRateCents', 'x')).toBe('cents');
});

test('a description that repeats the label is left out', () => {
  expect(addsNothing("The spot's id", 'Spot id')).toBe(true);
  expect(addsNothing('The zone of the city', 'Zone')).toBe(false);
});

test.each([
  ['^[A-Za-z0-9][A-Za-z0-9._-]*$', 'letters, digits and . _ -, beginning with a letter or digit'],
  [
    '^([A-Za-z0-9][A-Za-z0-9._-]*)?$',
    'letters, digits and . _ -, beginning with a letter or digit, or nothing',
  ],
  [
    '^(parking|charging):[A-Za-z0-9][A-Za-z0-9._@-]*$',
    'parking: or charging: and then letters, digits and . _ @ -, beginning with a letter or digit',
  ],
  [
    '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,3})?Z$',
    'a moment in UTC such as 2026-11-22T08:45:00Z',
  ],
  ['^[^\\s]+$', undefined],
  ['^a{3}$', undefined],
])('the pattern %s in words', (pattern, words) => expect(patternWords(pattern)).toBe(words));
