import { peer } from '@hyperledger/fabric-protos';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import { createSignedProposal, type CreatedProposal, type ProposalFields } from '../../../protocol/proposal';
import type { Signer } from '../../../protocol/signing';
import { missingForNetwork } from '../../../runtime/testing/city-network';
import { TwoPeers, type Answer } from './fixtures/two-peers';
import { definitionArgs, highS } from './fixtures/proposals';

const { lifecycle } = peer;
const CHANNEL = 'user-channel';
const OTHER_CHANNEL = 'wallet-channel';

/**
 * The same signed proposal goes to an embedded and to a genuine peer of one organization, which follow the same
 * channels: both must answer alike, successful ones with the same payload to the byte.
 */
describe('an embedded peer beside a genuine one', () => {
  const missing = missingForNetwork(true);
  let network: TwoPeers;
  let admin: Signer;
  let user: Signer;
  let stranger: Signer;

  beforeAll(async () => {
    if (missing !== undefined) return;
    network = await TwoPeers.start();
    ({ admin, user, stranger } = network);
  });

  afterAll(async () => {
    await network?.dispose();
  });

  beforeEach((context: TestContext) => {
    if (missing !== undefined) context.skip(missing);
  });

  const propose = (
    fields: Partial<ProposalFields> & Pick<ProposalFields, 'chaincode' | 'args'>,
    as: Signer = user,
  ) => createSignedProposal(as, { channelId: CHANNEL, ...fields });

  async function alike(proposal: CreatedProposal): Promise<Answer> {
    const { embedded, genuine } = await network.ask(proposal);
    expect(embedded).toEqual(genuine);
    return genuine;
  }

  /** Go's protobuf words its errors with one of two kinds of space, by the program it is built into. */
  async function alikeButForSpaces(proposal: CreatedProposal): Promise<void> {
    const { embedded, genuine } = await network.ask(proposal);
    const normal = (answer: Answer) => textOf(answer).replaceAll('\u00a0', ' ');
    expect(normal(embedded)).toBe(normal(genuine));
  }

  const demo = (...args: string[]) => propose({ chaincode: 'demo', args });

  /** Endorsed by both, ordered, committed by both. */
  async function committed(proposal: CreatedProposal, as = user, channelId = CHANNEL): Promise<void> {
    const answer = await alike(proposal);
    expect(answer).toMatchObject({ status: 200, endorsed: true });
    await network.commit(channelId, proposal, as);
  }

  it('is what is being compared', () => {
    expect(network.programs()).toEqual(['embedded', 'genuine']);
  });

  describe('lifecycle', () => {
    const call = (
      name: string,
      message: { serializeBinary(): Uint8Array },
      as = admin,
      channelId = CHANNEL,
    ) => propose({ channelId, chaincode: '_lifecycle', args: [name, message.serializeBinary()] }, as);

    it('installs a package under the same id, once', async () => {
      const args = new lifecycle.InstallChaincodeArgs();
      args.setChaincodeInstallPackage(network.chaincodes[0].bytes);
      expect(await alike(call('InstallChaincode', args, admin, ''))).toMatchObject({ status: 200 });
      expect(await alike(call('InstallChaincode', args, admin, ''))).toMatchObject({
        message: expect.stringContaining('chaincode already successfully installed') as string,
      });
    });

    it.each([
      ['rubbish', Buffer.from('rubbish')],
      ['nothing', Buffer.alloc(0)],
    ])('refuses %s as a package', async (_, bytes) => {
      const args = new lifecycle.InstallChaincodeArgs();
      args.setChaincodeInstallPackage(bytes);
      const { embedded, genuine } = await network.ask(call('InstallChaincode', args, admin, ''));
      expect(embedded).toMatchObject({ status: 500 });
      const opening =
        "failed to invoke backing implementation of 'InstallChaincode': could not parse as a chaincode install package: error reading as gzip stream";
      expect(textOf(embedded)).toContain(opening);
      expect(textOf(genuine)).toContain(opening);
    });

    it('lists what is installed, and hands packages out', async () => {
      await alike(call('QueryInstalledChaincodes', new lifecycle.QueryInstalledChaincodesArgs(), admin, ''));
      for (const id of [network.chaincodes[0].packageId, 'unknown:1']) {
        const query = new lifecycle.QueryInstalledChaincodeArgs();
        query.setPackageId(id);
        await alike(call('QueryInstalledChaincode', query, admin, ''));
        const get = new lifecycle.GetInstalledChaincodePackageArgs();
        get.setPackageId(id);
        await alike(call('GetInstalledChaincodePackage', get, admin, ''));
      }
    });

    it('refuses those who may not, unknown functions and wrong arguments alike', async () => {
      const query = new lifecycle.QueryInstalledChaincodesArgs();
      await alike(call('QueryInstalledChaincodes', query, user, ''));
      await alike(call('Unknown', query));
      await alike(propose({ chaincode: '_lifecycle', args: ['QueryChaincodeDefinitions'] }, admin));
      await alike(propose({ chaincode: '_lifecycle', args: [] }, admin));
      await alikeButForSpaces(
        propose({ chaincode: '_lifecycle', args: ['CheckCommitReadiness', Buffer.from([0xff])] }, admin),
      );
      await alike(
        call('QueryChaincodeDefinitions', new lifecycle.QueryChaincodeDefinitionsArgs(), admin, ''),
      );
    });

    it('refuses definitions that cannot be', async () => {
      for (const changes of [
        { name: '-bad' },
        { name: 'qscc' },
        { version: 'a b' },
        { sequence: 0 },
        { sequence: 3 },
      ]) {
        const args = definitionArgs({ name: 'demo', ...changes }, network.chaincodes[0].packageId);
        await alike(call('ApproveChaincodeDefinitionForMyOrg', args.approve));
        await alike(call('CommitChaincodeDefinition', args.commit));
        await alike(call('CheckCommitReadiness', args.readiness));
      }
    });

    it('approves, commits and reports a definition', async () => {
      const args = definitionArgs({ name: 'demo' }, network.chaincodes[0].packageId);
      const other = definitionArgs({ name: 'demo', version: '9' }, network.chaincodes[0].packageId);
      const name = new lifecycle.QueryChaincodeDefinitionArgs();
      name.setName('demo');
      const approved = new lifecycle.QueryApprovedChaincodeDefinitionArgs();
      approved.setName('demo');

      expect(await alike(call('QueryChaincodeDefinition', name))).toMatchObject({ status: 404 });
      await alike(call('QueryApprovedChaincodeDefinition', approved));
      await alike(call('CommitChaincodeDefinition', args.commit));
      await committed(call('ApproveChaincodeDefinitionForMyOrg', args.approve), admin);
      await alike(call('ApproveChaincodeDefinitionForMyOrg', args.approve));
      await alike(call('CheckCommitReadiness', args.readiness));
      await alike(call('CheckCommitReadiness', other.readiness));
      await alike(call('QueryApprovedChaincodeDefinition', approved));
      await committed(call('CommitChaincodeDefinition', args.commit), admin);
      await alike(call('QueryChaincodeDefinition', name));
      await alike(call('QueryChaincodeDefinitions', new lifecycle.QueryChaincodeDefinitionsArgs()));
      await alike(call('QueryInstalledChaincodes', new lifecycle.QueryInstalledChaincodesArgs(), admin, ''));
      await alike(call('ApproveChaincodeDefinitionForMyOrg', args.approve));
      await alike(call('ApproveChaincodeDefinitionForMyOrg', other.approve));
      await alike(call('CheckCommitReadiness', args.readiness));
    });

    it('defines contracts on another channel, from another package, with init', async () => {
      const elsewhere = definitionArgs({ name: 'demo' }, network.chaincodes[0].packageId);
      const approve = 'ApproveChaincodeDefinitionForMyOrg';
      await committed(call(approve, elsewhere.approve, admin, OTHER_CHANNEL), admin, OTHER_CHANNEL);
      await committed(
        call('CommitChaincodeDefinition', elsewhere.commit, admin, OTHER_CHANNEL),
        admin,
        OTHER_CHANNEL,
      );
      const install = new lifecycle.InstallChaincodeArgs();
      install.setChaincodeInstallPackage(network.chaincodes[1].bytes);
      await alike(call('InstallChaincode', install, admin, ''));
      const second = definitionArgs({ name: 'second', initRequired: true }, network.chaincodes[1].packageId);
      await committed(call(approve, second.approve), admin);
      await committed(call('CommitChaincodeDefinition', second.commit), admin);
    });

    it('tells a chaincode that is not installed from one that is not approved', async () => {
      const absent = definitionArgs({ name: 'absent' }, 'absent_1:00');
      await committed(call('ApproveChaincodeDefinitionForMyOrg', absent.approve), admin);
      await committed(call('CommitChaincodeDefinition', absent.commit), admin);
      expect(textOf(await alike(propose({ chaincode: 'absent', args: ['get', 'k'] })))).toContain(
        "chaincode definition for 'absent' exists, but chaincode is not installed",
      );
    });
  });

  describe('contracts', () => {
    it('asks for init once, before anything else', async () => {
      const init = propose({ chaincode: 'second', args: ['start'], isInit: true });
      expect(textOf(await alike(propose({ chaincode: 'second', args: ['get', 'k'] })))).toContain(
        'has not been initialized for this version, must call as init first',
      );
      await committed(init);
      expect(textOf(await alike(propose({ chaincode: 'second', args: ['start'], isInit: true })))).toContain(
        'is already initialized but called as init',
      );
      await alike(propose({ chaincode: 'second', args: ['get', 'initialized-by'] }));
    });

    it('reports a contract that does not answer', async () => {
      await network.stopContracts();
      const { embedded, genuine } = await network.ask(demo('get', 'k'));
      // Which of localhost's addresses is named differs.
      const masked = (answer: Answer) =>
        textOf(answer).replace(/dial tcp \S+: connect/, 'dial tcp ADDRESS: connect');
      expect(masked(embedded)).toBe(masked(genuine));
      await network.startContracts();
    });

    it('simulates the same reads, writes and events', async () => {
      for (const args of [
        ['put', 'a', '1'],
        ['fill', 'r', '130'],
        ['put', '\u{1F600}', 'emoji'],
        ['put', 'h', '1'],
      ]) {
        await committed(demo(...args));
      }
      await committed(demo('del', 'h'));
      for (const args of [
        ['get', 'a'],
        ['get', 'absent'],
        ['putget', 'a', '2'],
        ['put', 'empty', ''],
        ['del', 'absent'],
        ['event', 'Done', 'payload'],
        ['creator'],
      ]) {
        expect(await alike(demo(...args))).toMatchObject({ status: 200, endorsed: true });
      }
    });

    it('scans ranges alike, whole, cut short and paginated', async () => {
      for (const args of [
        ['range', '', ''],
        ['range', 'r0000', 'r0050'],
        ['range', 'r0000', 'r0051'],
        ['range', 'r', 's'],
        ['range', 'x', 'y'],
        ['rangesome', 'r', 's', '3'],
        ['page', 'r', 's', '70', ''],
        ['page', 'r', 's', '70', 'r0070'],
        ['page', 'r', 's', '130', ''],
        ['page', 'r', 's', '131', ''],
        ['page', 'r', 's', '0', 'r0100'],
        ['history', 'h'],
        ['history', 'absent'],
      ]) {
        expect(await alike(demo(...args))).toMatchObject({ status: 200, endorsed: true });
      }
    });

    it('refuses what cannot be done with the same words', async () => {
      for (const args of [
        ['putpage', 'k'],
        ['pageput', 'k'],
        ['rich', '{}'],
        ['richpage', '{}'],
        ['status', '399', 'fine'],
        ['status', '400', 'client'],
        ['status', '404', 'not here'],
        ['status', '500', 'broken'],
        ['throw', 'boom'],
        ['unknown'],
      ]) {
        await alike(demo(...args));
      }
    });

    it('calls other contracts alike', async () => {
      for (const args of [
        ['invoke', 'second', '', 'put', 'x', '1'],
        ['invoke', 'second', '', 'event', 'Inner', 'dropped'],
        ['invoke', 'second', '', 'range', '', ''],
        ['invoke', 'second', '', 'invoke', 'demo', '', 'get', 'a'],
        ['invoke', 'second', '', 'status', '500', 'broken'],
        ['invoke', 'second', '', 'page', '', '', '5', ''],
        ['invoke', 'demo', '', 'get', 'a'],
        ['invoke', 'demo', OTHER_CHANNEL, 'put', 'a', '1'],
        ['invoke', 'demo', OTHER_CHANNEL, 'get', 'a'],
        ['invoke', 'second', OTHER_CHANNEL, 'get', 'a'],
        ['invoke', 'demo', 'nowhere', 'get', 'a'],
        ['invoke', 'nothing', '', 'get', 'a'],
        ['invoke', 'qscc', '', 'GetChainInfo', CHANNEL],
        ['invoke', 'cscc', '', 'GetChannels'],
        ['invoke', '_lifecycle', '', 'QueryChaincodeDefinition', '\n\u0004demo'],
      ]) {
        await alike(demo(...args));
      }
    });

    it('refuses init of a contract that needs none, unknown contracts and unknown channels', async () => {
      await alike(propose({ chaincode: 'demo', args: ['x'], isInit: true }));
      await alike(propose({ chaincode: 'nothing', args: ['x'] }));
      await alike(propose({ chaincode: 'demo', args: ['x'], channelId: 'nowhere' }));
      await alike(propose({ chaincode: 'demo', args: ['x'], channelId: '' }));
    });
  });

  describe('proposals', () => {
    it('refuses strangers, false signatures and high S', async () => {
      const call = { chaincode: 'demo', args: ['get', 'a'] };
      await alike(propose(call, stranger));
      await alike(propose({ ...call, channelId: '' }, stranger));
      const forged = demo('get', 'a');
      forged.signedProposal.setSignature(demo('get', 'b').signedProposal.getSignature_asU8());
      await alike(forged);
      const high = demo('get', 'a');
      high.signedProposal.setSignature(highS(high.signedProposal.getSignature_asU8()));
      await alike(high);
    });

    it('refuses malformed ones', async () => {
      const call = { chaincode: 'demo', args: ['get', 'a'] };
      await alike(propose({ ...call, nonce: new Uint8Array() }));
      await alike(propose({ ...call, type: 1 }));
      await alike(propose({ ...call, type: 2 }));
      await alike(propose({ ...call, chaincode: '' }));
      const unsigned = demo('get', 'a');
      unsigned.signedProposal.setSignature('');
      await alike(unsigned);
      const empty = demo('get', 'a');
      empty.signedProposal.setProposalBytes('');
      await alike(empty);
    });

    it('refuses a transaction id that is on the ledger', async () => {
      const proposal = demo('put', 'dup', '1');
      await committed(proposal);
      expect(await alike(proposal)).toMatchObject({
        details: expect.stringContaining('duplicate transaction found') as string,
      });
    });
  });

  describe('system chaincodes', () => {
    it('answers qscc', async () => {
      const call = (args: (string | Uint8Array)[], as = user, channelId = CHANNEL) =>
        propose({ channelId, chaincode: 'qscc', args }, as);
      const info = await alike(call(['GetChainInfo', CHANNEL]));
      expect(info).toMatchObject({ status: 200, endorsed: true });
      for (const number of [
        '0',
        '1',
        '99999',
        '-1',
        'x',
        '',
        '18446744073709551615',
        '18446744073709551616',
      ]) {
        const { embedded, genuine } = await network.ask(call(['GetBlockByNumber', CHANNEL, number]));
        expect(embedded).toEqual(genuine);
      }
      const committedTx = network.lastTxId;
      for (const id of [committedTx, 'ff00']) {
        await alike(call(['GetTransactionByID', CHANNEL, id]));
        await alike(call(['GetBlockByTxID', CHANNEL, id]));
      }
      await alike(call(['GetBlockByHash', CHANNEL, Buffer.from('unknown')]));
      await alike(call(['GetBlockByHash', CHANNEL, Buffer.from([0xff, 0xfe])]));
      await alike(call(['GetBlockByHash', CHANNEL, await network.headerHash(CHANNEL, 1)]));
      await alike(call(['GetBlockByNumber', CHANNEL]));
      await alike(call(['GetChainInfo']));
      await alike(call(['GetChainInfo', 'nowhere']));
      await alike(call(['GetChainInfo', CHANNEL], user, ''));
      await alike(call(['Unknown', CHANNEL, 'x']));
      await alike(call(['GetChainInfo', CHANNEL], stranger, ''));
    });

    it('answers cscc', async () => {
      const call = (args: (string | Uint8Array)[], as = admin, channelId = '') =>
        propose({ channelId, chaincode: 'cscc', args }, as);
      const channels = (answer: Answer): string[] =>
        'payload' in answer
          ? peer.ChannelQueryResponse.deserializeBinary(Buffer.from(answer.result, 'hex'))
              .getChannelsList()
              .map((channel) => channel.getChannelId())
              .sort()
          : [];
      const both = await network.ask(call(['GetChannels'], user));
      expect(channels(both.embedded)).toEqual([CHANNEL, OTHER_CHANNEL]);
      expect(channels(both.genuine)).toEqual(channels(both.embedded));
      await alike(call(['GetChannels'], stranger));
      await alike(call(['GetConfigBlock', CHANNEL], user));
      await alike(call(['GetConfigBlock', 'nowhere'], user));
      await alike(call(['GetChannelConfig', ''], user));
      await alike(call(['GetChannelConfig', 'nowhere'], user));
      await alike(call(['JoinChain', await readFile(network.genesisFile(CHANNEL))]));
      await alike(call(['JoinChain', await readFile(network.genesisFile(CHANNEL))], user));
      await alikeButForSpaces(call(['JoinChain', Buffer.from('rubbish')]));
      await alike(call(['JoinChain', Buffer.alloc(0)]));
      await alike(call(['JoinChain']));
      await alike(call(['JoinBySnapshotStatus']));
      await alike(call(['Unknown', 'x']));
      await alike(call([]));
    });
  });

  function textOf(answer: Answer): string {
    return 'message' in answer ? answer.message : answer.details;
  }
});
