import { common, ledger, peer } from '@hyperledger/fabric-protos';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChannelConfig } from '../../../protocol/channel-config';
import { endorsedBytes } from '../../../protocol/proposal';
import { AccessControl } from './access-control';
import { ProposalRefused } from './endorser';
import { definitionArgs, highS } from './fixtures/proposals';
import { actionOf, startTestPeer, type TestPeer } from './fixtures/test-peer';

const CHANNEL = 'user-channel';

describe('the endorser', () => {
  let node: TestPeer;
  beforeAll(async () => {
    node = await startTestPeer();
  });
  afterAll(async () => {
    await node.close();
  });

  const query = () => ({ channel: CHANNEL, chaincode: 'qscc', args: ['GetChainInfo', CHANNEL] });
  const approval = (name: string) => definitionArgs({ name }, `${name}_1:00`).approve.serializeBinary();

  it('signs the payload together with its own identity', async () => {
    const response = await node.call(query());
    const endorsement = response.getEndorsement();
    const signed = endorsedBytes(
      response.getPayload_asU8(),
      endorsement?.getEndorser_asU8() ?? new Uint8Array(),
    );
    const config = ChannelConfig.fromBlock(node.ledger(CHANNEL).genesis);
    const endorser = config.msps.deserializeIdentity(endorsement?.getEndorser_asU8() ?? new Uint8Array());
    expect(endorser.verify(signed, endorsement?.getSignature_asU8() ?? new Uint8Array())).toBe(true);
    expect(response.getVersion()).toBe(1);
  });

  it('does not say what is wrong with a signature, only that it is denied', async () => {
    const forged = node.propose(query());
    forged.signedProposal.setSignature(highS(forged.signedProposal.getSignature_asU8()));
    await expect(node.process(forged)).rejects.toThrow(
      new ProposalRefused(
        `error validating proposal: access denied: channel [${CHANNEL}] creator org [UserServiceMSP]`,
      ),
    );
  });

  it('does not know organizations outside the channel, nor without a channel any but its own', async () => {
    await expect(node.call({ ...query(), channel: '', as: node.otherAdmin })).rejects.toThrow(
      'error validating proposal: access denied: channel [] creator org unknown, creator is malformed',
    );
    // A member of the channel may ask it, whoever the peer belongs to.
    expect((await node.call({ ...query(), as: node.otherAdmin })).hasEndorsement()).toBe(true);
  });

  it('answers without endorsement where there is no channel', async () => {
    const response = await node.call({ ...query(), channel: '' });
    expect([response.getResponse()?.getStatus(), response.hasEndorsement()]).toEqual([200, false]);
    expect(response.getPayload_asU8()).toHaveLength(0);
  });

  it('counts proposals by what became of them', async () => {
    await expect(node.call({ ...query(), chaincode: '' })).rejects.toThrow(
      'ChaincodeHeaderExtension.ChaincodeId.Name is empty',
    );
    await node.call({ channel: CHANNEL, chaincode: 'nothing', args: ['x'] });
    const page = await node.metrics.text();
    expect(page).toMatch(/^endorser_proposal_validation_failures \d+$/m);
    expect(page).toContain(
      `endorser_proposal_duration_count{chaincode="nothing",channel="${CHANNEL}",success="false"} 1`,
    );
    expect(page).not.toContain('endorser_proposal_simulation_failures');
  });

  describe('approvals', () => {
    it('go to the ledger as hashes, in clear to the transient store and to the other peers', async () => {
      const args = ['ApproveChaincodeDefinitionForMyOrg', approval('kept')];
      const proposal = node.propose({ channel: CHANNEL, chaincode: '_lifecycle', args, as: node.admin });
      const response = await node.process(proposal);
      expect(response.getResponse()?.toObject()).toMatchObject({ status: 200 });
      expect(node.distributed).toContainEqual({ channelId: CHANNEL, txId: proposal.txId });

      const [stored] = await node.ledger(CHANNEL).transientStore.get(proposal.txId);
      const [namespace] = ledger.rwset.TxPvtReadWriteSet.deserializeBinary(
        stored ?? new Uint8Array(),
      ).getNsPvtRwsetList();
      expect(namespace?.getCollectionPvtRwsetList().map((entry) => entry.getCollectionName())).toEqual([
        '_implicit_org_UserServiceMSP',
      ]);
      const results = Buffer.from(actionOf(response).getResults_asU8());
      expect(results.includes('kept_1:00')).toBe(false);
      expect(response.getInterest()?.getChaincodesList()).toEqual([]);
    });

    it("are for the organization's admins", async () => {
      const args = ['ApproveChaincodeDefinitionForMyOrg', approval('other')];
      for (const [as, reason] of [
        [node.user, 'The identity is not an admin under this MSP [UserServiceMSP]'],
        [node.otherAdmin, 'expected MSP ID UserServiceMSP, received ParkingOperatorMSP'],
      ] as const) {
        const response = await node.call({ channel: CHANNEL, chaincode: '_lifecycle', args, as });
        expect(response.getResponse()?.getMessage()).toContain(
          'Failed to authorize invocation due to failed ACL check',
        );
        expect(response.getResponse()?.getMessage()).toContain(reason);
      }
    });
  });
});

describe('access control', () => {
  let node: TestPeer;
  beforeAll(async () => {
    node = await startTestPeer();
  });
  afterAll(async () => {
    await node.close();
  });

  it('follows the policy the channel names for a resource, by path or by name', () => {
    for (const [reference, allowed] of [
      ['/Channel/Application/Admins', false],
      ['Admins', false],
      ['Readers', true],
      ['', true],
    ] as const) {
      const { signedProposal } = node.propose({ channel: CHANNEL, chaincode: 'qscc', args: ['x'] });
      const check = () =>
        controlWith('qscc/GetChainInfo', reference).check('qscc/GetChainInfo', CHANNEL, signedProposal);
      if (allowed) expect(check).not.toThrow();
      else
        expect(check).toThrow(
          /^failed evaluating policy on signed data during check policy \[\/Channel\/Application\/Admins\]/,
        );
    }
  });

  it("cannot be loosened for the peer's own resources by a channel", () => {
    const { signedProposal } = node.propose({ channel: CHANNEL, chaincode: '_lifecycle', args: ['x'] });
    expect(() =>
      controlWith('_lifecycle/InstallChaincode', 'Readers').check(
        '_lifecycle/InstallChaincode',
        CHANNEL,
        signedProposal,
      ),
    ).toThrow('during channelless check policy with policy [Admins]');
  });

  /** Access control of the same peer on a channel whose configuration has one ACL more. */
  function controlWith(resource: string, reference: string): AccessControl {
    const original = ChannelConfig.fromBlock(node.ledger(CHANNEL).genesis).config;
    const config = common.Config.deserializeBinary(original.serializeBinary());
    const acl = new peer.APIResource();
    acl.setPolicyRef(reference);
    const acls = new peer.ACLs();
    acls.getAclsMap().set(resource, acl);
    const value = new common.ConfigValue();
    value.setValue(acls.serializeBinary());
    config.getChannelGroup()?.getGroupsMap().get('Application')?.getValuesMap().set('ACLs', value);
    const changed = ChannelConfig.fromConfig(CHANNEL, config);
    return new AccessControl(node.localMsp, () => ({
      id: CHANNEL,
      ledger: node.ledger(CHANNEL),
      config: () => changed,
    }));
  }
});
