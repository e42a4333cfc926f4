import { expect, test } from 'vitest';
import { functionsOf } from './contract-metadata';

const system = { 'org.hyperledger.fabric': { transactions: [{ name: 'GetMetadata' }] } };
const described = (transactions: unknown[], components = {}) =>
  functionsOf({ contracts: { ...system, Asset: { transactions } }, components: { schemas: components } });

test('TypeScript: rules, descriptions and what is returned arrive whole', () => {
  const schema = { type: 'string', pattern: '^[A-Z]+$', maxLength: 8, minLength: 1 };
  expect(
    described(
      [
        {
          name: 'Put',
          description: 'Stores it',
          tag: ['SUBMIT', 'submitTx'],
          parameters: [
            { name: 'id', description: 'Its id', schema },
            { name: 'cents', schema: { type: 'number', minimum: 1, maximum: 9, multipleOf: 1 } },
          ],
          returns: { $ref: '#/components/schemas/Asset' },
        },
      ],
      { Asset: { $id: 'Asset', type: 'object', properties: { id: { type: 'string' } } } },
    ),
  ).toEqual([
    {
      name: 'Put',
      call: 'Put',
      kind: 'submit',
      description: 'Stores it',
      parameters: [
        { name: 'id', type: 'string', description: 'Its id', schema },
        {
          name: 'cents',
          type: 'number',
          schema: { type: 'number', minimum: 1, maximum: 9, multipleOf: 1 },
        },
      ],
      returns: { type: 'object', title: 'Asset', properties: { id: { type: 'string' } } },
    },
  ]);
});

test.each([
  ['Go', { tag: ['submit', 'SUBMIT'] }, 'submit'],
  ['Go', { tag: ['evaluate', 'EVALUATE'] }, 'evaluate'],
  ['TypeScript', { tag: ['EVALUATE'] }, 'evaluate'],
  ['TypeScript, older', { tag: [] }, 'evaluate'],
  ['JavaScript', { tags: ['SUBMIT', 'submitTx'] }, 'submit'],
  ['Java', { tags: ['SUBMIT', 'INVOKE'] }, 'submit'],
  ['Java', { tags: ['EVALUATE', 'QUERY'] }, 'evaluate'],
  ['without a word', {}, 'submit'],
])('%s: %o is %s', (_language, marks, kind) => {
  expect(described([{ name: 'F', ...marks }])?.[0]?.kind).toBe(kind);
});

test('Go: parameters have lost their names, whole numbers their signs', () => {
  const schema = { type: 'integer', format: 'uint16', minimum: 0, maximum: 65_535 };
  expect(
    described([{ name: 'F', tag: ['submit'], parameters: [{ name: 'param0', schema }] }])?.[0]?.parameters,
  ).toEqual([{ name: 'param0', type: 'integer', schema }]);
});

test('JavaScript: a function that says nothing of its parameters has none that are known', () => {
  expect(described([{ name: 'F', tags: ['SUBMIT'] }])?.[0]?.parameters).toBeNull();
  expect(described([{ name: 'F', tag: ['SUBMIT'], parameters: [] }])?.[0]?.parameters).toEqual([]);
});

test('types that refer to each other end by their name', () => {
  const node = { type: 'object', properties: { next: { $ref: '#/components/schemas/Node' } } };
  const [one] = described(
    [
      {
        name: 'F',
        parameters: [{ name: 'list', schema: { type: 'array', items: { $ref: 'Node' } } }],
        returns: [{ name: 'success', schema: { type: ['string', 'null'] } }],
      },
    ],
    { Node: node },
  ) ?? [undefined];
  expect(one?.parameters?.[0]?.schema).toEqual({
    type: 'array',
    items: {
      type: 'object',
      title: 'Node',
      properties: { next: { type: 'object', title: 'Node' } },
    },
  });
  expect(one?.returns).toEqual({ type: 'string' });
});

test('a field that is not of its form is left out, and what is no metadata at all is none', () => {
  expect(
    described([{ name: 'F', parameters: [{ name: 'a', schema: { type: 'text', maxLength: 'many' } }] }])?.[0]
      ?.parameters?.[0],
  ).toEqual({ name: 'a', type: 'string', schema: {} });
  expect(functionsOf('ready')).toBeUndefined();
  expect(functionsOf({ contracts: [] })).toBeUndefined();
});

test('a chaincode of several contracts is called with the contract’s name', () => {
  const functions = functionsOf({
    contracts: { ...system, A: { transactions: [{ name: 'F' }] }, B: { transactions: [{ name: 'F' }] } },
  });
  expect(functions?.map(({ call }) => call)).toEqual(['A:F', 'B:F']);
});
