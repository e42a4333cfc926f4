import { act, cleanup, configure, render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerActionModel, LedgerBlockModel } from '../../../electron/api/ledger-models';
import type { BlockSummary, TransactionLine } from '../../../electron/api/models';
import { App } from '../../app';
import { aProblem, FakeClient, FakeProblem } from '../../client/testing/fake-client';
import { aLedgerTransaction } from '../../network/testing/ledger';
import { aStatus } from '../../network/testing/status';

configure({ asyncUtilTimeout: 10_000 });

// Views are loaded when they are opened; here that is not waited for.
beforeAll(async () => {
  await Promise.all([import('./ledger'), import('./block-page'), import('./transaction-page')]);
}, 60_000);

afterEach(() => {
  cleanup();
  window.location.hash = '';
});

const id = 'cd'.repeat(32);
const winner = 'ef'.repeat(32);

const line = (change: Partial<TransactionLine> = {}): TransactionLine => ({
  transactionId: id,
  type: 'ENDORSER_TRANSACTION',
  status: 'VALID',
  code: 0,
  creatorMspId: 'AlphaMSP',
  contract: 'goods',
  function: 'Put',
  claimedTime: '2026-11-22T12:00:00.000Z',
  ...change,
});

const summary = (number: number): BlockSummary => ({
  number: String(number),
  headerHash: 'ab'.repeat(32),
  previousHash: '',
  dataHash: '',
  commitHash: null,
  transactions: [line({ function: `Put${number}` })],
});

const signer = {
  mspId: 'AlphaMSP',
  role: 'orderer',
  commonName: 'orderer.test',
  subject: 'CN=orderer.test,OU=orderer',
  issuer: 'CN=ca.test',
  serialNumber: '01',
  notBefore: '2026-01-01T00:00:00.000Z',
  notAfter: '2036-01-01T00:00:00.000Z',
  pem: '-----BEGIN CERTIFICATE-----',
  problem: null,
};

const block = (change: Partial<LedgerBlockModel> = {}): LedgerBlockModel => ({
  channel: 'goods-channel',
  number: '2',
  headerHash: 'ab'.repeat(32),
  previousHash: 'cd'.repeat(32),
  dataHash: 'ef'.repeat(32),
  commitHash: null,
  size: 1234,
  lastConfiguration: '0',
  consenterMetadata: { kind: 'empty' },
  ordererSignatures: [{ signer, nonce: '00', signature: '3044' }],
  transactions: [line(), line({ transactionId: winner, status: 'MVCC_READ_CONFLICT', code: 11 })],
  undecodable: [],
  height: '3',
  readFrom: 'peer0.alpha.test',
  ...change,
});

const whole = { isWhole: true, part: 'p' };
const json = (value: unknown) => {
  const text = JSON.stringify(value);
  return { kind: 'json' as const, text, size: text.length, ...whole };
};
const text = (value: string) => ({ kind: 'text' as const, text: value, size: value.length, ...whole });

const action: LedgerActionModel = {
  contract: { name: 'goods', version: '1.0', path: '' },
  isInit: false,
  args: [text('Put'), text('good-1'), text('7')],
  decorations: [],
  response: { status: 200, message: '', payload: json({ done: true }) },
  proposalHash: 'aa',
  namespaces: [
    {
      name: 'goods',
      reads: [
        { key: 'good-1', words: null, version: { block: '1', position: 0 } },
        { key: 'only-read', words: null, version: null },
      ],
      rangeQueries: [],
      writes: [
        {
          key: 'good-1',
          words: null,
          isDelete: false,
          value: json({ priceCents: 7 }),
          valueWords: null,
          before: { kind: 'value', version: { block: '1', position: 0 }, value: json({ priceCents: 5 }) },
        },
        {
          key: 'gone',
          words: null,
          isDelete: true,
          value: { kind: 'empty' },
          valueWords: null,
          before: { kind: 'unknown', reason: 'It was written without being read.' },
        },
      ],
      metadataWrites: [],
      collections: [
        {
          name: 'prices',
          privateHash: 'aa',
          reads: [],
          writes: [{ keyHash: 'bb'.repeat(32), key: null, kind: 'purge', valueHash: '' }],
          metadataWrites: [],
        },
      ],
    },
  ],
  event: { name: 'GoodPut', contract: 'goods', payload: json({ event: 1 }) },
  endorsements: [
    { endorser: { ...signer, role: 'peer', commonName: 'peer0.alpha.test' }, signature: '3045' },
  ],
  lifecycle: null,
};

async function open(address: string, answers: FakeClient['answers'] = {}) {
  window.location.hash = address;
  const client = new FakeClient({
    'identity.list': () => [],
    'contract.list': () => [],
    'ledger.blocks': ({ from = '0', to = '0' }) =>
      Array.from({ length: Number(to) - Number(from) + 1 }, (_, index) => summary(Number(from) + index)),
    'ledger.block': () => block(),
    ...answers,
  });
  const user = userEvent.setup();
  render(<App client={client} />);
  await screen.findByRole('main');
  tell(client, '3');
  return { client, user };
}

const tell = (client: FakeClient, height: string | null) =>
  act(() => {
    const status = aStatus();
    client.streams
      .filter(({ topic, closed }) => topic === 'network.status' && !closed)
      .at(-1)
      ?.send([{ ...status, channels: status.channels.map((channel) => ({ ...channel, height })) }]);
  });

const view = () => screen.getByRole('main');

describe('the blocks of a channel', () => {
  test('that come are told, and shown when the reader wants them', async () => {
    const { client, user } = await open('/ledger');
    expect(await screen.findByRole('table', { name: 'Blocks of goods-channel' })).toBeDefined();
    expect(screen.queryByText(/new block/)).toBeNull();
    tell(client, '5');
    const notice = await screen.findByRole('button', { name: /2 new blocks/ });
    expect(screen.getByRole('table').getAttribute('aria-rowcount')).toBe('4');
    await user.click(notice);
    expect(screen.queryByText(/new block/)).toBeNull();
    expect(screen.getByRole('table').getAttribute('aria-rowcount')).toBe('6');
  });

  test('of a network that was made anew begin anew', async () => {
    const { client } = await open('/ledger');
    await screen.findByRole('table', { name: 'Blocks of goods-channel' });
    tell(client, '1');
    await waitFor(() => expect(screen.getByRole('table').getAttribute('aria-rowcount')).toBe('2'));
  });

  test('stay while no peer answers, which is said', async () => {
    const { client } = await open('/ledger');
    tell(client, null);
    await screen.findByText('no peer answers');
    expect(screen.getByRole('table', { name: 'Blocks of goods-channel' })).toBeDefined();
  });

  test('are opened by number, by hash or by the id of a transaction; what is not there is told in place', async () => {
    const missing = new FakeProblem(
      aProblem({ code: 'BLOCK_NOT_FOUND', title: 'goods-channel has no block 9.' }),
    );
    const { user } = await open('/ledger', { 'ledger.block': () => missing });
    const field = await screen.findByRole('searchbox', { name: 'Open a block or a transaction' });
    await user.type(field, '9{Enter}');
    expect(await screen.findByText('goods-channel has no block 9.')).toBeDefined();
    await user.clear(field);
    expect(screen.queryByText('goods-channel has no block 9.')).toBeNull();
  });

  test('a header hash that is no transaction opens its block', async () => {
    const unknown = new FakeProblem(aProblem({ code: 'TRANSACTION_NOT_FOUND' }));
    const { user } = await open('/ledger', { 'ledger.transaction': () => unknown });
    const field = await screen.findByRole('searchbox', { name: 'Open a block or a transaction' });
    await user.type(field, `${'ab'.repeat(32)}{Enter}`);
    expect(await screen.findByRole('heading', { level: 1, name: 'Block 2' })).toBeDefined();
  });
});

describe('a block', () => {
  test('shows its hashes, who signed it, and each transaction with its code', async () => {
    await open('/ledger/goods-channel/blocks/2');
    expect(await screen.findByRole('heading', { level: 1, name: 'Block 2' })).toBeDefined();
    const table = await screen.findByRole('table', { name: 'Transactions of block 2' });
    expect(within(table).getAllByRole('row')).toHaveLength(3);
    expect(within(table).getByText('MVCC_READ_CONFLICT')).toBeDefined();
    expect(screen.getByText('orderer.test')).toBeDefined();
    expect(screen.getByRole('link', { name: 'Earlier block' })).toBeDefined();
    expect(screen.queryByRole('link', { name: 'Later block' })).toBeNull();
  });

  test('beyond the tip is a problem in words', async () => {
    const missing = aProblem({ code: 'BLOCK_NOT_FOUND', title: 'goods-channel has no block 99.' });
    await open('/ledger/goods-channel/blocks/99', { 'ledger.block': () => new FakeProblem(missing) });
    expect(await screen.findByText('goods-channel has no block 99.')).toBeDefined();
  });
});

describe('a transaction', () => {
  const shown = (change = {}) => ({
    'ledger.transaction': () => aLedgerTransaction({ transactionId: id, actions: [action], ...change }),
  });

  test('shows what changed in each key, and nothing that is not known', async () => {
    await open(`/ledger/goods-channel/tx/${id}`, shown());
    const changes = await screen.findByRole('group', { name: 'Reads and writes' });
    expect(changes.textContent).toContain('-removed:   "priceCents": 5');
    expect(changes.textContent).toContain('+added:   "priceCents": 7');
    const gone = within(changes).getByText('gone').closest('article');
    expect(gone?.textContent).toBe('gonedelete');
    expect(within(changes).getByText('read as absent')).toBeDefined();
    expect(within(changes).getByText('purge')).toBeDefined();
    expect(within(changes).getByText('delivered with its block')).toBeDefined();
    expect(screen.getByText('peer0.alpha')).toBeDefined();
    expect(within(view()).getByText('VALID, code 0')).toBeDefined();
  });

  test('that is invalid says why, and leads to who was first', async () => {
    const conflict = {
      kind: 'key' as const,
      namespace: 'goods',
      collection: null,
      key: 'good-1',
      read: { blockNumber: '1', position: 0 },
      writer: { transactionId: winner, blockNumber: '2', position: 0 },
    };
    const explanation = {
      title: 'Someone changed good-1 of goods first. Nothing was written.',
      detail: `Transaction ${winner} wrote it in block 2.`,
      hint: 'Submit again.',
      conflict,
    };
    await open(
      `/ledger/goods-channel/tx/${id}`,
      shown({ status: 'MVCC_READ_CONFLICT', code: 11, blockNumber: '2', position: 1, explanation }),
    );
    const verdict = await screen.findByRole('region', { name: explanation.title });
    expect(within(verdict).getByRole('link').getAttribute('href')).toContain(winner);
    expect(
      within(verdict)
        .getAllByRole('listitem')
        .map(({ textContent }) => textContent),
    ).toEqual(['1:0read here', '2:0winner wrote it', '2:1this one, rejected']);
    expect(screen.getByText('version moved on')).toBeDefined();
    expect(screen.getByText('not delivered, the transaction is invalid')).toBeDefined();
  });

  test('has its envelope as bytes and as JSON, asked for when they are looked at', async () => {
    const envelope = '{"payload":{"n":18446744073709551615}}';
    const { client, user } = await open(`/ledger/goods-channel/tx/${id}`, {
      ...shown(),
      'ledger.part': ({ offset }) => ({
        size: envelope.length,
        base64: btoa(envelope.slice(offset, offset + 20)),
      }),
    });
    await screen.findByRole('group', { name: 'Reads and writes' });
    expect(client.calls.filter(({ name }) => name === 'ledger.part')).toEqual([]);
    await user.click(screen.getByRole('radio', { name: 'JSON' }));
    expect(await screen.findByText(/"n": 18446744073709551615/)).toBeDefined();
    await user.click(screen.getByRole('radio', { name: 'Hex' }));
    expect(await screen.findByText(/7b 22 70 61 79 6c 6f 61/)).toBeDefined();
  });

  test('of 10 MB shows the beginning, and offers the whole', async () => {
    const big = {
      kind: 'text' as const,
      text: 'x'.repeat(100),
      size: 10_000_000,
      isWhole: false,
      part: 'actions.0.args.1',
    };
    await open(
      `/ledger/goods-channel/tx/${id}`,
      shown({ actions: [{ ...action, args: [text('Put'), big] }] }),
    );
    const args = await screen.findByRole('group', { name: 'Arguments' });
    expect(within(args).getByText('The beginning of 9.5 MB.')).toBeDefined();
    expect(within(args).getByRole('button', { name: 'Save it whole: argument 1' })).toBeDefined();
  });

  test('that cannot be read shows its bytes and the reason', async () => {
    const bytes = { kind: 'bytes' as const, hex: 'ffff', size: 2, ...whole };
    await open(
      '/ledger/goods-channel/blocks/2/0',
      shown({
        transactionId: null,
        type: null,
        actions: [],
        undecodable: [{ what: 'envelope', reason: 'no message', bytes }],
      }),
    );
    expect(await screen.findByText('envelope cannot be read')).toBeDefined();
    expect(screen.getByText('no message')).toBeDefined();
    expect(screen.getByText('ffff')).toBeDefined();
  });
});
