import { afterAll, beforeAll, beforeEach, describe, expect, it, vi, type TestContext } from 'vitest';
import { blockHeader, blockHeaderHash, transactionsFilter } from '../../protocol/block';
import { MemoryPins } from '../../protocol/verification/genesis-pins';
import { verifyChain } from '../../protocol/verification/report';
import { GatewayTransactionError } from '../../gateway/transaction-error';
import type { ContractCall, SubmitProgress } from '../../gateway/transaction';
import { ForeignDataError } from '../data-origin';
import { CityNetwork, type OpenNetwork, type StageOutcome } from './city-network';

const channelId = 'user-channel';
const peers = {
  first: 'peer0.userservice.cityflow.com',
  second: 'peer1.userservice.cityflow.com',
};

/** A kind of network that all tests below hold for. */
export interface NetworkKind {
  readonly title: string;
  /** Why it can't run here; undefined where it can. */
  readonly missing: () => Promise<string | undefined>;
  readonly open: OpenNetwork;
  /** The same folder, with programs whose ledgers these can't read. */
  readonly openOther: OpenNetwork;
  /** Why that can't run here. */
  readonly missingOther?: () => Promise<string | undefined>;
  /** Whether nodes run on when whoever started them lets go. */
  readonly outlivesSupervisor: boolean;
}

/** What every runtime and program must do. */
export function describeNetwork(kind: NetworkKind): void {
  describe(kind.title, () => suite(kind));
}

function suite(kind: NetworkKind): void {
  const { missing: findMissing, open, openOther, missingOther, outlivesSupervisor } = kind;
  let missing: string | undefined;
  let network: CityNetwork;
  let firstStart: StageOutcome[];

  beforeAll(async () => {
    missing = await findMissing();
    if (missing !== undefined) return;
    network = await CityNetwork.create(open);
    firstStart = await network.bringUp();
  });

  afterAll(async () => {
    if (missing === undefined) await (network as CityNetwork | undefined)?.dispose();
  });

  beforeEach((context: TestContext) => {
    if (missing !== undefined) context.skip(missing);
  });

  const call = (functionName: string, ...args: string[]): ContractCall => ({
    channelId,
    contract: 'user',
    functionName,
    args,
  });
  const registrar = () => network.clients.directory.signer('UserService', 'registrar');
  const register = async (userId: string) =>
    network.clients.transactions.submit(await registrar(), call('RegisterUser', userId, 'Ada', 'driver'));
  const tip = async (peer: string) => {
    const { channels, directory } = network.clients;
    return channels.chainInfo(directory.node(peer), await directory.adminOfNode(peer), channelId);
  };

  it('come up from an empty folder to contracts that answer', async () => {
    expect(firstStart.map(({ stage, state }) => `${stage}: ${state}`)).toEqual([
      'start nodes: done',
      'join orderers: done',
      'join peers: done',
      'install contracts: done',
      'approve contracts: done',
      'commit contracts: done',
      'first calls: done',
    ]);
    for (const { name } of network.runtime.nodes()) {
      expect(await network.runtime.state(name)).toMatchObject({ state: 'running' });
    }
  });

  it('have nothing left to do when brought up again', async () => {
    const again = await network.bringUp();
    expect(again.filter(({ state }) => state === 'done').map(({ stage }) => stage)).toEqual(['first calls']);
  });

  it('commit a transaction whose stages are told, with no connection more for another identity', async () => {
    const { transactions, connections, directory } = network.clients;
    const progress: SubmitProgress[] = [];
    const outcome = await transactions.submit(
      await registrar(),
      call('RegisterUser', 'ada', 'Ada', 'driver'),
      {
        onProgress: (step) => progress.push(step),
      },
    );
    expect(outcome).toMatchObject({ outcome: 'valid', codeName: 'VALID', gatewayPeer: peers.first });
    expect(progress.map(({ stage }) => stage)).toEqual(['proposed', 'endorsed', 'submitted']);
    expect(new Set(progress.map(({ transactionId }) => transactionId))).toEqual(
      new Set([outcome.transactionId]),
    );
    expect(outcome.durationsMs.commit).toBeGreaterThan(0);

    const open = connections.size;
    const user = await directory.signer('UserService', 'User1');
    const { result } = await transactions.evaluate(user, call('GetUser', 'ada'));
    expect(JSON.parse(Buffer.from(result).toString('utf8'))).toMatchObject({
      userId: 'ada',
      displayName: 'Ada',
    });
    expect(connections.size).toBe(open);
  });

  it("keep a contract's own words, with the peer that said them", async () => {
    const { transactions } = network.clients;
    const refused = await transactions
      .submit(await registrar(), call('RegisterUser', 'ada', 'Ada', 'driver'))
      .then(
        () => undefined,
        (error: unknown) => error,
      );
    expect(refused).toBeInstanceOf(GatewayTransactionError);
    const { stage, codeName, details, mayCommit } = refused as GatewayTransactionError;
    expect({ stage, codeName, mayCommit }).toEqual({
      stage: 'endorse',
      codeName: 'ABORTED',
      mayCommit: false,
    });
    expect(details[0]?.message).toContain('USER_EXISTS: user ada is already registered');
    expect(details[0]?.mspId).toMatch(/MSP$/);
  });

  it('end a call whose caller gives up', async () => {
    const { transactions } = network.clients;
    const cancelled = { stage: 'evaluate', codeName: 'CANCELLED' };
    const given = new AbortController();
    const running = transactions.evaluate(await registrar(), call('GetUser', 'ada'), {
      signal: given.signal,
    });
    given.abort();
    await expect(running).rejects.toMatchObject(cancelled);
    const later = transactions.evaluate(await registrar(), call('GetUser', 'ada'), { signal: given.signal });
    await expect(later).rejects.toMatchObject(cancelled);
  });

  it('show blocks by number and transaction, the same by query and by stream', async () => {
    const { ledger, deliver, directory } = network.clients;
    const node = directory.node(peers.first);
    const admin = await directory.adminOfNode(peers.first);
    const outcome = await register('grace');
    if (outcome.outcome === 'unknown') throw new Error(outcome.reason);
    const block = await ledger.blockByTxId(node, admin, channelId, outcome.transactionId);
    if (!block) throw new Error('the block is missing');
    expect(blockHeader(block).getNumber()).toBe(outcome.blockNumber);
    const transaction = await ledger.transaction(node, admin, channelId, outcome.transactionId);
    expect(transaction?.getValidationcode()).toBe(0);
    expect(await ledger.blockByNumber(node, admin, channelId, 1_000)).toBeUndefined();
    expect(await ledger.transaction(node, admin, channelId, 'ff')).toBeUndefined();

    const range = { from: 0, to: outcome.blockNumber };
    const ofPeer: string[] = [];
    for await (const each of deliver.peerBlocks(node, admin, channelId, range)) {
      ofPeer.push(blockHeaderHash(blockHeader(each)).toString('hex'));
    }
    const ofOrderer: string[] = [];
    for await (const each of deliver.ordererBlocks(
      directory.orderers()[0] ?? node,
      admin,
      channelId,
      range,
    )) {
      ofOrderer.push(blockHeaderHash(blockHeader(each)).toString('hex'));
      expect(
        transactionsFilter(each).length === 0 || transactionsFilter(each).every((code) => code === 0),
      ).toBe(true);
    }
    expect(ofPeer).toHaveLength(outcome.blockNumber + 1);
    expect(ofOrderer).toEqual(ofPeer);
  });

  it('end a stream of future blocks when its reader stops it', async () => {
    const { deliver, directory } = network.clients;
    const admin = await directory.adminOfNode(peers.first);
    const stop = new AbortController();
    let last = -1;
    for await (const block of deliver.filteredBlocks(
      directory.node(peers.first),
      admin,
      channelId,
      { from: 'newest' },
      { signal: stop.signal },
    )) {
      last = block.getNumber();
      stop.abort();
    }
    expect(last).toBe((await tip(peers.first)).height - 1);
  });

  it('refuse with status and words what the orderer does not know', async () => {
    const [orderer] = network.clients.directory.orderers();
    const participation = await network.clients.participation(orderer?.name ?? '');
    await expect(participation.info('no-such-channel')).rejects.toMatchObject({
      name: 'ParticipationError',
      httpStatus: 404,
    });
    await expect(participation.join('broken', Buffer.from('no block'))).rejects.toMatchObject({
      httpStatus: 400,
    });
    expect(await participation.info(channelId)).toMatchObject({
      consensusRelation: 'consenter',
      status: 'active',
    });
  });

  it('go on through peer1 while peer0 is stopped, and through peer0 when it is back', async () => {
    await network.runtime.stop(peers.first);
    expect(await register('edsger')).toMatchObject({ outcome: 'valid', gatewayPeer: peers.second });
    await network.runtime.start(peers.first);
    await vi.waitFor(
      async () => {
        const { gatewayPeer } = await network.clients.transactions.evaluate(
          await registrar(),
          call('GetUser', 'edsger'),
        );
        expect(gatewayPeer).toBe(peers.first);
      },
      { timeout: 30_000, interval: 250 },
    );
  });

  it('are seen to crash, start again and catch up', async () => {
    const status = await network.runtime.state(peers.first);
    if (status.state !== 'running') throw new Error(`the peer is ${status.state}`);
    await network.runtime.kill(peers.first);
    await vi.waitFor(async () =>
      expect(await network.runtime.state(peers.first)).toMatchObject({ state: 'killed' }),
    );
    expect(await register('barbara')).toMatchObject({ outcome: 'valid' });
    await network.runtime.start(peers.first);
    await vi.waitFor(async () => expect(await tip(peers.first)).toEqual(await tip(peers.second)), {
      timeout: 30_000,
      interval: 250,
    });
  });

  it('belong to the next supervisor when theirs is gone', async () => {
    const before = await network.runtime.state(peers.second);
    await network.reopen();
    // Programs of this project don't outlive theirs: the next one finds them ended, or ends them.
    expect(await network.runtime.state(peers.second)).toEqual(
      outlivesSupervisor ? before : { state: 'stopped' },
    );
    await network.bringUp();
    await network.runtime.restart(peers.second);
    expect(await network.runtime.state(peers.second)).toMatchObject({ state: 'running' });
  });

  it('resume with their ledgers after everything was stopped', async () => {
    const before = await tip(peers.first);
    await network.runtime.stopAll();
    const again = await network.bringUp();
    expect(again.filter(({ state }) => state === 'done').map(({ stage }) => stage)).toEqual([
      'start nodes',
      'first calls',
    ]);
    expect(await tip(peers.first)).toEqual(before);
  });

  it('have ledgers that hold from block 0 to the tip, on every peer of every channel', async () => {
    const { transactions, channels, deliver, directory } = network.clients;
    const raced = await Promise.all([register('race'), register('race')]);
    const statuses = raced.map((outcome) => ('codeName' in outcome ? outcome.codeName : outcome.reason));
    expect(statuses.sort()).toEqual(['MVCC_READ_CONFLICT', 'VALID']);
    const alone = {
      ...call('RegisterUser', 'alone', 'Ada', 'driver'),
      endorsingOrganizations: ['UserServiceMSP'],
    };
    const unendorsed = await transactions.submit(await registrar(), alone);
    expect(unendorsed).toMatchObject({ codeName: 'ENDORSEMENT_POLICY_FAILURE' });

    for (const { name: channel } of network.topology.channels) {
      const pins = new MemoryPins();
      const tips = new Set<string>();
      for (const node of directory.peersOfChannel(channel)) {
        const admin = await directory.adminOfNode(node.name);
        const { height, currentBlockHash: hash } = await channels.chainInfo(node, admin, channel);
        const blocks = deliver.peerBlocks(node, admin, channel, { from: 0, to: height - 1 });
        const report = await verifyChain({ channelId: channel, blocks, pins, tip: { height, hash } });
        expect(report.anomalies, `${channel} on ${node.name}`).toEqual([]);
        expect(report.totals['validation code'], channel).toEqual({
          holds: report.transactions,
          fails: 0,
          'not checkable': 0,
        });
        expect(report.totals['commit hash']).toMatchObject({ holds: height - 1, fails: 0 });
        expect(report.totals.tip).toMatchObject({ holds: 1 });
        if (channel === channelId) {
          expect(report.codes).toMatchObject({ MVCC_READ_CONFLICT: 1, ENDORSEMENT_POLICY_FAILURE: 1 });
        }
        tips.add(`${report.tipHash} ${report.commitHash}`);
      }
      expect(tips.size, `tips of ${channel}`).toBe(1);
    }
  });

  it('keep their ledgers from the other kind of program', async (context) => {
    const missingThere = await missingOther?.();
    if (missingThere !== undefined) context.skip(missingThere);
    await network.runtime.stopAll();
    await network.reopen(openOther);
    await expect(network.bringUp()).rejects.toThrow(ForeignDataError);
    await network.reopen();
  });
}
