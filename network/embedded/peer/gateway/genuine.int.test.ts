import type { ProposalOptions, Transaction } from '@hyperledger/fabric-gateway';
import { common, gateway } from '@hyperledger/fabric-protos';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi, type TestContext } from 'vitest';
import type { Signer } from '../../../protocol/signing';
import { missingForNetwork } from '../../../runtime/testing/city-network';
import { CHANNEL, CONTRACT, GatewayNetwork, type Answer } from './testing/gateway-network';
import {
  channelHeader,
  commitStatusOf,
  commitStatusRaw,
  endorseRaw,
  envelope,
  evaluateRaw,
  eventsRaw,
  invocationOf,
  proposalOf,
  seek,
  signedBytes,
  submitRaw,
} from './testing/odd-requests';

type Call = (network: GatewayNetwork) => Promise<unknown>;
type Options = Omit<ProposalOptions, 'arguments'>;

const soon = (ms = 20_000) => ({ deadline: Date.now() + ms });
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

interface Proposed extends Options {
  readonly as?: Signer | undefined;
  readonly contract?: string;
  readonly channel?: string;
}

function propose(
  network: GatewayNetwork,
  [name, ...args]: string[],
  { as, contract = CONTRACT, channel = CHANNEL, ...options }: Proposed = {},
) {
  const chosen = network.gateway(as).getNetwork(channel).getContract(contract);
  return chosen.newProposal(name ?? '', { arguments: args, ...options });
}

const evaluate = async (network: GatewayNetwork, call: string[], options?: Proposed): Promise<string> =>
  text(await propose(network, call, options).evaluate(soon()));
const endorse = (network: GatewayNetwork, call: string[], options?: Proposed): Promise<Transaction> =>
  propose(network, call, options).endorse(soon());
const endorsed = async (network: GatewayNetwork, call: string[], options?: Proposed): Promise<string> =>
  text((await endorse(network, call, options)).getResult());
const statusOf = async (transaction: Transaction) => (await transaction.submit(soon())).getStatus(soon());
const submit = async (network: GatewayNetwork, call: string[], options?: Proposed): Promise<string> =>
  String((await statusOf(await endorse(network, call, options))).code);

/** The same calls to the gateway of an embedded and of a genuine peer: both must end alike. */
describe('an embedded gateway beside a genuine one', () => {
  const missing = missingForNetwork(true);
  let embedded: GatewayNetwork;
  let genuine: GatewayNetwork;

  const networks = (): GatewayNetwork[] => [embedded, genuine].filter((one) => one !== undefined);
  const onBoth = <T>(work: (network: GatewayNetwork) => Promise<T>): Promise<T[]> =>
    Promise.all(networks().map(work));

  beforeAll(async () => {
    if (missing !== undefined) return;
    // What did start is stopped afterwards, whatever became of the other one.
    const started = await Promise.allSettled([
      GatewayNetwork.start(false).then((network) => (embedded = network)),
      GatewayNetwork.start(true).then((network) => (genuine = network)),
    ]);
    for (const one of started) if (one.status === 'rejected') throw one.reason;
    await onBoth((network) => submit(network, ['put', 'a', '1']));
  });

  afterAll(async () => {
    await onBoth((network) => network.dispose());
  });

  beforeEach((context: TestContext) => {
    if (missing !== undefined) context.skip(missing);
  });

  async function alike(call: Call): Promise<Answer> {
    const [ours, theirs] = await onBoth((network) => network.answer(() => call(network)));
    expect(ours).toEqual(theirs);
    return theirs as Answer;
  }

  const other = (network: GatewayNetwork): GatewayNetwork => (network === embedded ? genuine : embedded);
  const wrong = ({ registrar }: GatewayNetwork): Signer => ({
    ...registrar,
    sign: () => registrar.sign(Buffer.from('something else')),
  });

  describe.each([
    { verb: 'evaluate', run: evaluate, raw: evaluateRaw },
    { verb: 'endorse', run: endorsed, raw: endorseRaw },
  ])('$verb', ({ run, raw }) => {
    it.each<[string, string[], number?]>([
      ['a call', ['get', 'a'], 0],
      ['an unknown function', ['nope']],
      ['status 199', ['status', '199', 'words']],
      ['status 250', ['status', '250', 'words'], 0],
      ['status 399', ['status', '399', 'words'], 0],
      ['status 400', ['status', '400', 'words']],
      ['status 500', ['status', '500', 'words: ä']],
      ['status 600', ['status', '600', 'words']],
    ])('%s', async (_, call, code) => {
      const answer = await alike((network) => run(network, call));
      if (code === undefined) expect(answer.code).not.toBe(0);
      else expect(answer.code).toBe(code);
    });

    it.each<[string, (network: GatewayNetwork) => Proposed]>([
      ['an unknown contract', () => ({ contract: 'nope' })],
      ['an unknown contract with transient data', () => ({ contract: 'nope', transientData: { a: 'b' } })],
      ['an unknown channel', () => ({ channel: 'nope' })],
      ['an unknown channel with transient data', () => ({ channel: 'nope', transientData: { a: 'b' } })],
      ['an unknown channel of named organizations', () => ({ channel: 'nope', ...only('UserServiceMSP') })],
      ['no member of the channel', ({ outsider }) => ({ as: outsider })],
      ['another certificate authority', (network) => ({ as: other(network).registrar })],
      ['an unknown MSP', ({ registrar }) => ({ as: { ...registrar, mspId: 'NopeMSP' } })],
      ['a wrong signature', (network) => ({ as: wrong(network) })],
      ['a certificate that is none', ({ registrar }) => ({ as: { ...registrar, certificatePem: 'x' } })],
      ['an organization that does not exist', () => only('UserServiceMSP', 'NopeMSP', 'OtherMSP')],
      ['an organization that is no member', () => only('CityManagementMSP')],
      ['the orderer organization', () => only('OrdererMSP')],
    ])('%s', async (_, options) => {
      await alike((network) => run(network, ['get', 'a'], options(network)));
    });

    it('transient data, to named organizations and others', async () => {
      for (const options of [{}, only('ParkingOperatorMSP'), only('UserServiceMSP', 'ParkingOperatorMSP')]) {
        const answer = await alike((network) =>
          run(network, ['transient'], { transientData: { a: '1', b: '2' }, ...options }),
        );
        expect(answer).toMatchObject({ code: 0, text: 'a,b' });
      }
    });

    it.each([
      ['qscc', 'GetBlockByNumber', CHANNEL, '999'],
      ['qscc', 'nope', CHANNEL],
      ['_lifecycle', 'QueryInstalledChaincodes'],
    ])('a failing call of %s %s', async (contract, ...call) => {
      expect((await alike((network) => run(network, call, { contract }))).code).not.toBe(0);
    });

    it.each([
      ['nothing', undefined],
      ['rubbish', signedBytes(Buffer.from('rubbish'))],
      ['a rubbish header', proposalOf({ header: Buffer.from('rubbish') })],
      ['a rubbish channel header', proposalOf({ channelHeader: Buffer.from('rubbish') })],
      ['a rubbish payload', proposalOf({ payload: Buffer.from('rubbish') })],
      ['a rubbish input', proposalOf({ input: Buffer.from('rubbish') })],
      ['no chaincode', proposalOf({ input: invocationOf(undefined) })],
      ['no name', proposalOf({ input: invocationOf('') })],
      ['an unknown channel', proposalOf({ channelHeader: channelHeader('nope') })],
      ['no signature header', proposalOf({})],
    ])('a proposal of %s', async (_, proposal) => {
      expect((await alike((network) => raw(network, proposal))).code).not.toBe(0);
    });

    it('a deadline that has passed', async () => {
      const { code } = await alike((network) => {
        const proposal = propose(network, ['get', 'a']);
        const call = run === evaluate ? proposal.evaluate(soon(-1)) : proposal.endorse(soon(-1));
        return call.catch((error: unknown) => Promise.reject(withoutText(error)));
      });
      expect(code).toBe(4);
    });
  });

  it('endorsements that differ', async () => {
    expect(await alike((network) => endorsed(network, ['differ']))).toMatchObject({ code: 10 });
  });

  it.each(['UserServiceMSP', 'ParkingOperatorMSP'])('too few organizations: %s alone', async (mspId) => {
    const answer = await alike((network) => submit(network, ['put', 'few', '1'], only(mspId)));
    expect(answer).toMatchObject({ code: 0, text: '10' });
  });

  it('two transactions that read and write one key', async () => {
    await onBoth((network) => submit(network, ['put', 'counter', '1']));
    const answer = await alike(async (network) => {
      const both = [
        await endorse(network, ['increment', 'counter']),
        await endorse(network, ['increment', 'counter']),
      ];
      const submitted = [];
      for (const transaction of both) submitted.push(await transaction.submit(soon()));
      return (await Promise.all(submitted.map((one) => one.getStatus(soon()))))
        .map(({ code }) => code)
        .join();
    });
    expect(answer).toMatchObject({ code: 0, text: '0,11' });
  });

  it('one envelope twice', async () => {
    const answer = await alike(async (network) => {
      const transaction = await endorse(network, ['put', 'twice', '1']);
      const [first, second] = [await statusOf(transaction), await statusOf(transaction)];
      return `${first.code} ${second.code} ${first.blockNumber === second.blockNumber}`;
    });
    expect(answer).toMatchObject({ code: 0, text: '0 0 true' });
  });

  describe('submit', () => {
    it.each<[string, Call]>([
      ['nothing', (network) => submitRaw(network, CHANNEL)],
      ['no signature', (network) => submitRaw(network, CHANNEL, envelope('x', ''))],
      ['rubbish', (network) => submitRaw(network, CHANNEL, envelope('x', 'x'))],
      ['no payload', (network) => submitRaw(network, CHANNEL, envelope('', 'x'))],
      ['an unknown channel', (network) => submitRaw(network, 'nope', envelope('x', 'x'))],
      ['a wrong signature', (network) => changed(network, (sealed) => sealed.setSignature(Buffer.from('x')))],
      ['an envelope for another channel', (network) => changed(network, toOtherChannel(network))],
      ['an envelope of no member', (network) => changed(network, byOutsider(network))],
    ])('%s', async (_, call) => {
      expect((await alike(call)).code).not.toBe(0);
    });

    async function changed(
      network: GatewayNetwork,
      change: (sealed: common.Envelope) => void,
    ): Promise<string> {
      const prepared = gateway.PreparedTransaction.deserializeBinary(
        (await endorse(network, ['put', 'x', '1'])).getBytes(),
      );
      const sealed = prepared.getEnvelope() ?? new common.Envelope();
      change(sealed);
      return submitRaw(network, CHANNEL, sealed);
    }

    const toOtherChannel = (network: GatewayNetwork) => (sealed: common.Envelope) => {
      const payload = common.Payload.deserializeBinary(sealed.getPayload_asU8());
      payload.getHeader()?.setChannelHeader(channelHeader('nope'));
      seal(sealed, payload, network.registrar);
    };

    const byOutsider = (network: GatewayNetwork) => (sealed: common.Envelope) => {
      const payload = common.Payload.deserializeBinary(sealed.getPayload_asU8());
      const header = new common.SignatureHeader();
      header.setCreator(network.outsider.creator);
      payload.getHeader()?.setSignatureHeader(header.serializeBinary());
      seal(sealed, payload, network.outsider);
    };

    function seal(sealed: common.Envelope, payload: common.Payload, signer: Signer): void {
      sealed.setPayload(payload.serializeBinary());
      sealed.setSignature(signer.sign(sealed.getPayload_asU8()));
    }
  });

  it.each<[string, Call]>([
    ['an unknown channel', (network) => commitStatusRaw(network, 'ff', { channelId: 'nope' })],
    ['no channel', (network) => commitStatusRaw(network, 'ff', { channelId: '' })],
    ['no member', (network) => commitStatusRaw(network, 'ff', { as: network.outsider })],
    ['a wrong signature', (network) => commitStatusRaw(network, 'ff', { as: wrong(network) })],
    ['nothing', (network) => commitStatusOf(network, '')],
    ['rubbish', (network) => commitStatusOf(network, 'rubbish')],
    [
      'an unknown transaction, until the time is over',
      (network) =>
        commitStatusRaw(network, 'ff', { timeoutMs: 1000 }).catch((error: unknown) =>
          Promise.reject(withoutText(error)),
        ),
    ],
  ])('commit status: %s', async (_, call) => {
    expect((await alike(call)).code).not.toBe(0);
  });

  it.each<[string, Call]>([
    ['an unknown channel', (network) => eventsRaw(network, (request) => request.setChannelId('nope'))],
    ['no channel', (network) => eventsRaw(network, (request) => request.setChannelId(''))],
    ['no member', (network) => eventsRaw(network, () => undefined, network.outsider)],
    ['a wrong signature', (network) => eventsRaw(network, () => undefined, wrong(network))],
    [
      'the oldest block',
      (network) => eventsRaw(network, (request) => request.setStartPosition(seek('oldest'))),
    ],
    [
      'the newest block',
      (network) => eventsRaw(network, (request) => request.setStartPosition(seek('newest'))),
    ],
  ])('events: %s', async (_, call) => {
    expect((await alike(call)).code).not.toBe(0);
  });

  it('events from a block on, and after a transaction', async () => {
    const answer = await alike(async (network) => {
      const transactions: Transaction[] = [];
      let startBlock = 0n;
      for (const key of ['one', 'two', 'three']) {
        const transaction = await endorse(network, ['put', key, '1']);
        const { blockNumber } = await statusOf(transaction);
        if (transactions.push(transaction) === 1) startBlock = blockNumber;
      }
      const after = transactions[1]?.getTransactionId();
      const checkpoint = { getBlockNumber: () => startBlock, getTransactionId: () => after };
      const all = await events(network, 3, { startBlock });
      return `${all} / ${await events(network, 1, { checkpoint })}`;
    });
    expect(answer).toMatchObject({ code: 0, text: 'one two three / three' });
  });

  it('a contract whose process ends during the call, and one that does not run', async () => {
    // Which of the peers asked next still has its stream is chance.
    const ended = await onBoth((network) => network.answer(() => evaluate(network, ['exit'])));
    for (const { code, nodes } of ended) {
      expect(code).toBe(10);
      expect(nodes.join()).toContain('error sending: chaincode stream terminated');
    }
    await vi.waitFor(() => alike((network) => endorsed(network, ['get', 'a'])), { timeout: 10_000 });
    expect(await alike((network) => evaluate(network, ['get', 'a']))).toMatchObject({ code: 10 });
    await onBoth((network) => network.runtime.start(network.names.contract));
    expect(await alike((network) => endorsed(network, ['get', 'a']))).toMatchObject({ code: 0 });
  });

  it('no orderer', async () => {
    const prepared = new Map(
      await onBoth(async (network) => [network, await endorse(network, ['put', 'late', '1'])] as const),
    );
    await onBoth((network) => network.runtime.stop(network.names.orderer));
    const answer = await alike((network) => prepared.get(network)?.submit(soon()) ?? Promise.resolve());
    expect(answer).toMatchObject({ code: 14 });
    expect(answer.nodes).toHaveLength(1);
  });

  it('one peer of a needed organization stopped, then both', async () => {
    await onBoth(({ runtime, names }) => runtime.stop(names.other[0]));
    expect(await alike((network) => endorsed(network, ['get', 'a']))).toMatchObject({ code: 0 });
    await onBoth(({ runtime, names }) => runtime.stop(names.other[1]));
    // Each network needs its time to find out that nobody is left to ask.
    const calls: [number, Call][] = [
      [9, (network) => endorsed(network, ['get', 'a'])],
      [14, (network) => endorsed(network, ['get', 'a'], only('ParkingOperatorMSP'))],
      [9, (network) => evaluate(network, ['get', 'a'], only('ParkingOperatorMSP'))],
    ];
    for (const [code, call] of calls) {
      await vi.waitFor(async () => expect(await alike(call)).toMatchObject({ code }), {
        timeout: 25_000,
        interval: 200,
      });
    }
  });
});

function only(...endorsingOrganizations: string[]): Proposed {
  return { endorsingOrganizations };
}

/** Whose clock ends a call that is too late, the client's or the server's, is chance: only the code counts. */
function withoutText(error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? Number(error.code) : -1;
  return Object.assign(new Error('ended'), { code, details: '' });
}

async function events(
  network: GatewayNetwork,
  count: number,
  options: Parameters<
    ReturnType<ReturnType<GatewayNetwork['gateway']>['getNetwork']>['getChaincodeEvents']
  >[1],
): Promise<string> {
  const stream = await network.gateway().getNetwork(CHANNEL).getChaincodeEvents(CONTRACT, options);
  const seen: string[] = [];
  try {
    for await (const { payload } of stream) if (seen.push(text(payload)) === count) break;
  } finally {
    stream.close();
  }
  return seen.join(' ');
}
