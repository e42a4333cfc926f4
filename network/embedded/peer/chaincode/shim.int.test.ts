import { ledger, peer } from '@hyperledger/fabric-protos';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createChaincodePackage } from '../../../artifacts/chaincode-package';
import { readFile } from 'node:fs/promises';
import { applicationPolicyOf } from '../../../protocol/application-policy';
import { parsePolicy } from '../../../protocol/policy';
import { actionOf, startTestPeer, type TestPeer } from '../endorser/fixtures/test-peer';
import { freePort, startDemo, type DemoProcess } from './fixtures/demo-process';

const { lifecycle } = peer;
const { kvrwset } = ledger.rwset;
const CHANNEL = 'user-channel';
const OTHER_CHANNEL = 'wallet-channel';

/** A real fabric-shim process, called through the whole endorsing half of a peer. */
describe('a contract served as chaincode-as-a-service', () => {
  let node: TestPeer;
  let demo: DemoProcess;
  let packageId: string;
  let demoOptions: Parameters<typeof startDemo>[0];

  beforeAll(async () => {
    node = await startTestPeer({ executeTimeoutMs: 1_500 });
    const { topology, paths } = node;
    const [contract] = topology.contracts;
    if (contract === undefined) throw new Error('the topology has no contracts');
    const port = await freePort();
    const { tls } = paths.contract(contract.name);
    const built = await createChaincodePackage(
      topology,
      { ...contract, name: 'demo', port },
      await readFile(tls.rootCertificate, 'utf8'),
      'localhost',
    );
    demoOptions = { packageId: built.packageId, port, certificate: tls.certificate, key: tls.key };
    packageId = await install(built.bytes);
    expect(packageId).toBe(built.packageId);
    await define('demo', CHANNEL, false);
    await define('demo2', CHANNEL, false);
    await define('demoinit', CHANNEL, true);
    await define('demo', OTHER_CHANNEL, false);
  });

  afterAll(async () => {
    await demo?.kill();
    await node?.close();
  });

  it('says that a contract does not answer, and works once it does', async () => {
    expect(await message(['get', 'a'])).toMatch(
      new RegExp(
        `^error in simulation: failed to execute transaction [0-9a-f]{64}: could not launch chaincode ${packageId}: connection to ${packageId} failed: error cannot create connection for ${packageId}: error creating grpc connection to localhost:\\d+: failed to create new connection: connection error: desc = "transport: error while dialing: dial tcp \\S+: connect: connection refused"$`,
      ),
    );
    demo = await startDemo(demoOptions);
    expect(await query(['get', 'a'])).toBe('');
  });

  it('reads what is committed, not what the same transaction wrote', async () => {
    await submit(['put', 'own', 'first']);
    expect(await query(['putget', 'own', 'second'])).toBe('first');
  });

  it('records the definition it ran under, its reads and its writes', async () => {
    const response = await call(['putget', 'recorded', 'x']);
    const [definition, own] = namespaces(response);
    expect(definition).toMatchObject({
      name: '_lifecycle',
      reads: ['namespaces/fields/demo/Sequence'],
      writes: [],
    });
    expect(own).toMatchObject({ name: 'demo', reads: ['recorded'], writes: ['recorded'] });
    expect(actionOf(response).getChaincodeId()?.toObject()).toMatchObject({ name: 'demo', version: '1.0' });
    expect(response.getInterest()?.toObject().chaincodesList).toMatchObject([{ name: 'demo' }]);
  });

  it('scans ranges: raw reads up to 50 results, a Merkle summary above, the end once exhausted', async () => {
    await submit(['fill', 'r', '120']);
    const short = ranges(await call(['range', 'r0000', 'r0050']));
    expect(short).toMatchObject([{ startKey: 'r0000', endKey: 'r0050', itrExhausted: true }]);
    expect(short[0]?.rawReads?.kvReadsList).toHaveLength(50);

    const response = await call(['range', 'r', 's']);
    expect(JSON.parse(text(response))).toHaveLength(120);
    expect(ranges(response)).toMatchObject([
      { startKey: 'r', endKey: 's', itrExhausted: true, readsMerkleHashes: { maxDegree: 50, maxLevel: 1 } },
    ]);
    expect(ranges(response)[0]?.readsMerkleHashes?.maxLevelHashesList).toHaveLength(3);
  });

  it('records how far a range was read when the contract stops early: a batch and one result ahead', async () => {
    const response = await call(['rangesome', 'r', 's', '3']);
    expect(JSON.parse(text(response))).toEqual(['r0000', 'r0001', 'r0002']);
    expect(ranges(response)).toMatchObject([{ startKey: 'r', endKey: 'r0100', itrExhausted: false }]);
  });

  it('pages through a range with bookmarks', async () => {
    const first: unknown = JSON.parse(await query(['page', 'r', 's', '70', '']));
    expect(first).toMatchObject({ count: 70, bookmark: 'r0070' });
    const second: unknown = JSON.parse(await query(['page', 'r', 's', '70', 'r0070']));
    expect(second).toMatchObject({ count: 50, bookmark: '' });
  });

  it('refuses paginated reads in a transaction that writes, in either order', async () => {
    expect(await message(['putpage', 'k'])).toMatch(
      /GET_STATE_BY_RANGE failed: transaction ID: [0-9a-f]{64}: txid \[[0-9a-f]{64}\]: unsuppored transaction. Paginated queries are supported only in a read-only transaction/,
    );
    expect(await message(['pageput', 'k'])).toMatch(
      /Transaction has already performed a paginated query. Writes are not allowed/,
    );
  });

  it('shows the history of a key, newest first', async () => {
    const { txId: put } = await submit(['put', 'h', '1']);
    const { txId: del } = await submit(['del', 'h']);
    expect(JSON.parse(await query(['history', 'h']))).toEqual([
      { txId: del, value: '', isDelete: true },
      { txId: put, value: '1', isDelete: false },
    ]);
  });

  it('carries one event, with the contract and the transaction filled in', async () => {
    const proposal = node.propose({ channel: CHANNEL, chaincode: 'demo', args: ['event', 'Done', 'p'] });
    const event = peer.ChaincodeEvent.deserializeBinary(
      actionOf(await node.process(proposal)).getEvents_asU8(),
    );
    expect([event.getChaincodeId(), event.getTxId(), event.getEventName()]).toEqual([
      'demo',
      proposal.txId,
      'Done',
    ]);
  });

  it('hands over the transient map and leaves it out of the proposal hash', async () => {
    const call = {
      channel: CHANNEL,
      chaincode: 'demo',
      args: ['transient'],
      transient: { k: Buffer.from('v') },
    };
    expect(JSON.parse(text(await node.call(call)))).toEqual({ k: 'v' });
  });

  it('refuses rich queries as a peer on LevelDB does', async () => {
    expect(await message(['rich', '{}'])).toContain('ExecuteQuery not supported for leveldb');
    expect(await message(['richpage', '{}'])).toContain('ExecuteQueryWithMetadata not supported for leveldb');
  });

  it('refuses key-level endorsement and private collections of contracts', async () => {
    expect(await message(['setpolicy', 'k'])).toContain(
      'key level endorsement is not available on this peer',
    );
    expect(await message(['policy', 'k'])).toContain('key level endorsement is not available on this peer');
    expect(await message(['private', 'c', 'k'])).toContain(
      'private data collections of chaincodes are not available',
    );
    expect(await message(['privatehash', 'c', 'k'])).toContain(
      'private data collections of chaincodes are not available',
    );
  });

  describe('calling other contracts', () => {
    it('refuses a contract that runs in the same process on the same channel, as a genuine peer must', async () => {
      expect(await message(['invoke', 'demo2', '', 'put', 'x', '1'])).toMatch(
        /INVOKE_CHAINCODE failed: transaction ID: [0-9a-f]{64}: execute failed: error sending: txid: [0-9a-f]{64}\(user-channel\) exists/,
      );
    });

    it('reads another channel without a trace in the transaction', async () => {
      await node.submit({ channel: OTHER_CHANNEL, chaincode: 'demo', args: ['put', 'there', 'seen'] });
      const response = await call(['invoke', 'demo', OTHER_CHANNEL, 'get', 'there']);
      expect(JSON.parse(text(response))).toMatchObject({ status: 200, payload: 'seen' });
      expect(namespaces(response).map(({ name }) => name)).toEqual(['_lifecycle']);
    });

    it('drops what is written on another channel', async () => {
      const before = node.ledger(OTHER_CHANNEL).height;
      await submit(['invoke', 'demo', OTHER_CHANNEL, 'put', 'there', 'changed']);
      expect(node.ledger(OTHER_CHANNEL).height).toBe(before);
      expect(
        text(await node.call({ channel: OTHER_CHANNEL, chaincode: 'demo', args: ['get', 'there'] })),
      ).toBe('seen');
    });

    it('checks the rights of the creator on the other channel, and that this peer is there', async () => {
      expect(await message(['invoke', 'demo', 'nowhere', 'get', 'k'])).toMatch(
        /INVOKE_CHAINCODE failed: transaction ID: [0-9a-f]{64}: Failed to get policy manager for channel \[nowhere\]/,
      );
    });

    it('reaches _lifecycle, and is refused by qscc', async () => {
      const args = new lifecycle.QueryChaincodeDefinitionArgs();
      args.setName('demo');
      const asked = await call([
        'invoke',
        '_lifecycle',
        '',
        'QueryChaincodeDefinition',
        Buffer.from(args.serializeBinary()).toString('utf8'),
      ]);
      expect(JSON.parse(text(asked))).toMatchObject({ status: 200 });
      expect(await query(['invoke', 'qscc', '', 'GetChainInfo', CHANNEL])).toContain(
        "Rejecting invoke of QSCC from another chaincode because of potential for deadlocks, original invocation for 'demo'",
      );
    });
  });

  it('gives answers of 400 and more back unendorsed, with the payload from 500 on', async () => {
    const refused = await call(['status', '404', 'not here']);
    expect(refused.getResponse()?.toObject()).toMatchObject({ status: 404, message: 'not here' });
    expect([refused.hasEndorsement(), refused.getPayload_asU8().length]).toEqual([false, 0]);
    const failed = await call(['status', '500', 'broken']);
    expect(failed.hasEndorsement()).toBe(false);
    expect(failed.getPayload_asU8().length).toBeGreaterThan(0);
  });

  it('reports a contract that throws', async () => {
    expect(await message(['throw', 'boom'])).toContain('boom');
  });

  it('runs init exactly once for a version that requires it', async () => {
    const init = { channel: CHANNEL, chaincode: 'demoinit', args: ['start'] };
    const refusal = async (call: Parameters<TestPeer['call']>[0]): Promise<string> =>
      (await node.call(call)).getResponse()?.getMessage() ?? '';
    expect(await refusal(init)).toContain(
      "invalid invocation: chaincode 'demoinit' has not been initialized for this version, must call as init first",
    );
    await node.submit({ ...init, isInit: true });
    expect(await refusal({ ...init, isInit: true })).toContain(
      "chaincode 'demoinit' is already initialized but called as init",
    );
    expect(await refusal({ ...init, chaincode: 'demo', isInit: true })).toContain(
      "chaincode 'demo' does not require initialization but called as init",
    );
    expect(text(await node.call({ ...init, args: ['get', 'initialized-by'] }))).toBe('start');
  });

  it('gives up on a contract that never answers, and counts it', async () => {
    expect(await message(['hang'])).toMatch(
      /^error in simulation: failed to execute transaction [0-9a-f]{64}: error sending: timeout expired while executing transaction$/,
    );
    expect(await node.metrics.text()).toContain(`chaincode_execute_timeouts{chaincode="${packageId}"} 1`);
  });

  it('reports a contract that dies in the middle, and finds it again after its restart', async () => {
    expect(await message(['exit'])).toMatch(/: error sending: chaincode stream terminated$/);
    await demo.kill();
    expect(await message(['get', 'own'])).toContain('connection refused');
    demo = await startDemo(demoOptions);
    expect(await query(['get', 'own'])).toBe('first');
  });

  it('serves many transactions side by side', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => query(['get', 'own'])));
    expect(new Set(answers)).toEqual(new Set(['first']));
  });

  it('measures what contracts ask for', async () => {
    const page = await node.metrics.text();
    expect(page).toContain(
      `chaincode_shim_requests_completed{chaincode="${packageId}",channel="${CHANNEL}",success="true",type="GET_STATE"}`,
    );
    expect(page).toContain(`chaincode_launch_duration_count{chaincode="${packageId}",success="true"} 2`);
    expect(page).toContain(`chaincode_launch_failures{chaincode="${packageId}"} 2`);
  });

  it('leaves no snapshot open', () => {
    expect([node.ledger(CHANNEL).openSnapshots, node.ledger(OTHER_CHANNEL).openSnapshots]).toEqual([0, 0]);
  });

  function call(args: string[]): Promise<peer.ProposalResponse> {
    return node.call({ channel: CHANNEL, chaincode: 'demo', args });
  }

  function submit(args: string[]): ReturnType<TestPeer['submit']> {
    return node.submit({ channel: CHANNEL, chaincode: 'demo', args });
  }

  async function query(args: string[]): Promise<string> {
    const response = await call(args);
    expect(response.getResponse()?.getMessage()).toBe('');
    return text(response);
  }

  async function message(args: string[]): Promise<string> {
    const response = await call(args);
    expect(response.getResponse()?.getStatus()).toBe(500);
    expect(response.hasEndorsement()).toBe(false);
    return response.getResponse()?.getMessage() ?? '';
  }

  async function install(bytes: Uint8Array): Promise<string> {
    const args = new lifecycle.InstallChaincodeArgs();
    args.setChaincodeInstallPackage(bytes);
    const response = await node.call({
      channel: '',
      chaincode: '_lifecycle',
      args: ['InstallChaincode', args.serializeBinary()],
      as: node.admin,
    });
    const result = response.getResponse()?.getPayload_asU8() ?? new Uint8Array();
    expect(response.getResponse()?.getMessage()).toBe('');
    return lifecycle.InstallChaincodeResult.deserializeBinary(result).getPackageId();
  }

  async function define(name: string, channel: string, initRequired: boolean): Promise<void> {
    const policy = applicationPolicyOf(parsePolicy("OR('UserServiceMSP.peer')")).serializeBinary();
    const local = new lifecycle.ChaincodeSource.Local();
    local.setPackageId(packageId);
    const source = new lifecycle.ChaincodeSource();
    source.setLocalPackage(local);
    const approval = new lifecycle.ApproveChaincodeDefinitionForMyOrgArgs();
    const definition = new lifecycle.CommitChaincodeDefinitionArgs();
    for (const args of [approval, definition]) {
      args.setName(name);
      args.setVersion('1.0');
      args.setSequence(1);
      args.setInitRequired(initRequired);
      args.setValidationParameter(policy);
    }
    approval.setSource(source);
    const submitAs = (fn: string, args: { serializeBinary(): Uint8Array }): Promise<unknown> =>
      node.submit({ channel, chaincode: '_lifecycle', args: [fn, args.serializeBinary()], as: node.admin });
    await submitAs('ApproveChaincodeDefinitionForMyOrg', approval);
    await submitAs('CommitChaincodeDefinition', definition);
  }
});

function text(response: peer.ProposalResponse): string {
  return Buffer.from(response.getResponse()?.getPayload_asU8() ?? []).toString('utf8');
}

function namespaces(response: peer.ProposalResponse): { name: string; reads: string[]; writes: string[] }[] {
  return ledger.rwset.TxReadWriteSet.deserializeBinary(actionOf(response).getResults_asU8())
    .getNsRwsetList()
    .map((namespace) => {
      const set = kvrwset.KVRWSet.deserializeBinary(namespace.getRwset_asU8());
      return {
        name: namespace.getNamespace(),
        reads: set.getReadsList().map((read) => read.getKey()),
        writes: set.getWritesList().map((write) => write.getKey()),
      };
    });
}

function ranges(response: peer.ProposalResponse): ledger.rwset.kvrwset.RangeQueryInfo.AsObject[] {
  return ledger.rwset.TxReadWriteSet.deserializeBinary(actionOf(response).getResults_asU8())
    .getNsRwsetList()
    .flatMap((namespace) =>
      kvrwset.KVRWSet.deserializeBinary(namespace.getRwset_asU8())
        .getRangeQueriesInfoList()
        .map((query) => query.toObject()),
    );
}
