import { common, peer } from '@hyperledger/fabric-protos';
import { describe, expect, it } from 'vitest';
import { applicationPolicy, applicationPolicyOf, formatApplicationPolicy } from './application-policy';
import { blockData, blockHeader, blockHeaderBytes, configFromBlock, signaturesMetadata } from './block';
import { ChannelConfig, ChannelConfigError } from './channel-config';
import { parseEnvelope } from './envelope';
import { parkingBlocks, referenceBlock } from './fixtures/blocks';
import { parsePolicy, type SignedData } from './policy';
import { endorsedBytes } from './proposal';

const channel = ChannelConfig.fromBlock(referenceBlock('parking-channel', 0));
const signedBlocks = parkingBlocks.filter((number) => number > 0);

const transactions = signedBlocks.flatMap((number) => {
  const block = referenceBlock('parking-channel', number);
  return blockData(block).map((bytes) => ({ number, ...parseEnvelope(bytes) }));
});

function endorsementsOf(data: Uint8Array): SignedData[] {
  return peer.Transaction.deserializeBinary(data)
    .getActionsList()
    .flatMap((action) => {
      const endorsed = peer.ChaincodeActionPayload.deserializeBinary(action.getPayload_asU8()).getAction();
      const payload = endorsed?.getProposalResponsePayload_asU8() ?? new Uint8Array();
      return (endorsed?.getEndorsementsList() ?? []).map((endorsement) => ({
        identity: endorsement.getEndorser_asU8(),
        data: endorsedBytes(payload, endorsement.getEndorser_asU8()),
        signature: endorsement.getSignature_asU8(),
      }));
    });
}

describe('the genesis block of a genuine network', () => {
  it('gives organizations, orderers and batch', () => {
    expect(channel.channelId).toBe('parking-channel');
    expect(channel.sequence).toBe(0);
    expect(channel.organizations()).toEqual([
      {
        name: 'CityManagementMSP',
        mspId: 'CityManagementMSP',
        anchorPeers: [{ host: 'peer0.citymanagement.cityflow.com', port: 10051 }],
      },
      {
        name: 'ParkingOperatorMSP',
        mspId: 'ParkingOperatorMSP',
        anchorPeers: [{ host: 'peer0.parkingoperator.cityflow.com', port: 7051 }],
      },
      {
        name: 'UserServiceMSP',
        mspId: 'UserServiceMSP',
        anchorPeers: [{ host: 'peer0.userservice.cityflow.com', port: 9051 }],
      },
    ]);
    expect(channel.ordererOrganizations()).toEqual([
      { name: 'OrdererOrg', mspId: 'OrdererMSP', endpoints: ['orderer.cityflow.com:7050'] },
    ]);
    expect(channel.ordererEndpoints()).toEqual(['orderer.cityflow.com:7050']);
    expect(channel.ordererTlsAuthorities()).toHaveLength(1);
    expect(channel.consensusType()).toBe('etcdraft');
    expect(channel.consenters()).toMatchObject([{ host: 'orderer.cityflow.com', port: 7050 }]);
    expect(channel.raftOptions()?.getTickInterval()).toBe('500ms');
    expect(channel.batch()).toEqual({
      timeoutMs: 2000,
      maxMessageCount: 10,
      absoluteMaxBytes: 103809024,
      preferredMaxBytes: 524288,
    });
    expect(channel.capabilities()).toEqual({ channel: ['V2_0'], orderer: ['V2_0'], application: ['V2_5'] });
    expect(channel.acls().size).toBe(0);
    expect(channel.msps.mspIds.sort()).toEqual([
      'CityManagementMSP',
      'OrdererMSP',
      'ParkingOperatorMSP',
      'UserServiceMSP',
    ]);
  });

  it.each(signedBlocks)('has a BlockValidation policy that accepts the orderer of block %i', (number) => {
    const block = referenceBlock('parking-channel', number);
    const metadata = signaturesMetadata(block);
    const signed = metadata.getSignaturesList().map((signature) => ({
      identity: common.SignatureHeader.deserializeBinary(
        signature.getSignatureHeader_asU8(),
      ).getCreator_asU8(),
      data: Buffer.concat([
        metadata.getValue_asU8(),
        signature.getSignatureHeader_asU8(),
        blockHeaderBytes(blockHeader(block)),
      ]),
      signature: signature.getSignature_asU8(),
    }));
    expect(channel.policy('/Channel/Orderer/BlockValidation').evaluate(signed)).toEqual({
      satisfied: true,
      reason: '',
      message: '',
    });
    const [first] = signed;
    if (first === undefined) throw new Error('block has no signature');
    const forged = { ...first, data: Buffer.concat([first.data, Buffer.of(0)]) };
    expect(channel.policy('/Channel/Orderer/BlockValidation').evaluate([forged]).satisfied).toBe(false);
  });

  it('has Writers that accept the creators of its transactions', () => {
    const writers = channel.policy('/Channel/Application/Writers');
    for (const { number, payload, signature, signatureHeader } of transactions) {
      const signed = { identity: signatureHeader.getCreator_asU8(), data: payload, signature };
      expect(writers.evaluate([signed]), `block ${number}`).toMatchObject({ satisfied: true });
    }
  });

  it('recognizes every endorsement', () => {
    let count = 0;
    for (const { data } of transactions) {
      for (const { identity, data: message, signature } of endorsementsOf(data)) {
        const endorser = channel.msps.deserializeIdentity(identity);
        endorser.validate();
        expect(endorser.verify(message, signature)).toBe(true);
        expect(endorser.principalName).toMatch(/\.peer$/);
        expect(Buffer.from(endorser.serialize())).toEqual(Buffer.from(identity));
        count++;
      }
    }
    expect(count).toBeGreaterThan(25);
  });
});

describe('policy lookup', () => {
  const endorsements = transactions.map(({ data }) => endorsementsOf(data));
  const three = endorsements.find((list) => list.length === 3) ?? [];

  it('knows absolute and relative paths', () => {
    for (const path of ['/Channel/Application/Endorsement', 'Application/Endorsement']) {
      expect(channel.hasPolicy(path)).toBe(true);
      expect(channel.policy(path).evaluate(three)).toMatchObject({ satisfied: true });
    }
    expect(channel.policy('/Channel/Application/UserServiceMSP/Endorsement').describe()).toBe(
      'UserServiceMSP.peer',
    );
    expect(channel.hasPolicy('Writers')).toBe(true);
  });

  it.each(['/Channel/Application/Nothing', 'Nothing', '', '/Elsewhere/Writers'])(
    'refuses everyone under %j',
    (path) => {
      expect(channel.hasPolicy(path)).toBe(false);
      expect(channel.policy(path).evaluate(three)).toMatchObject({
        satisfied: false,
        reason: expect.stringContaining('no such policy') as string,
      });
    },
  );

  it('counts a majority of the organizations, and says what is missing', () => {
    const [one, two] = three;
    if (one === undefined || two === undefined) throw new Error('expected three endorsements');
    const policy = channel.policy('/Channel/Application/Endorsement');
    expect(policy.evaluate([one, two])).toMatchObject({ satisfied: true });
    const result = policy.evaluate([one, one]);
    expect(result.satisfied).toBe(false);
    expect(result.message).toBe(
      "implicit policy evaluation failed - 1 sub-policies were satisfied, but this policy requires 2 of the 'Endorsement' sub-policies to be satisfied",
    );
    expect(result.reason).toMatch(
      /^needs 2 of the 'Endorsement' policies of CityManagementMSP, ParkingOperatorMSP, UserServiceMSP, 1 satisfied; .* needs .*MSP\.peer.*; had \w+MSP\.peer$/,
    );
    expect(policy.toSignaturePolicy().getIdentitiesList()).toHaveLength(3);
  });

  it('resolves what a chaincode names', () => {
    const reference = applicationPolicyOf({ reference: '/Channel/Application/Endorsement' });
    expect(applicationPolicy(reference.serializeBinary(), channel).evaluate(three)).toMatchObject({
      satisfied: true,
    });
    expect(formatApplicationPolicy(reference)).toBe('/Channel/Application/Endorsement');
    const own = applicationPolicyOf(parsePolicy("AND('ParkingOperatorMSP.peer', 'OrdererMSP.peer')"));
    expect(applicationPolicy(own, channel).evaluate(three)).toMatchObject({
      satisfied: false,
      reason: expect.stringMatching(/^needs ParkingOperatorMSP\.peer and OrdererMSP\.peer; had /) as string,
      message: 'signature set did not satisfy policy',
    });
    expect(formatApplicationPolicy(own)).toBe("AND('ParkingOperatorMSP.peer', 'OrdererMSP.peer')");
    expect(() => applicationPolicy(applicationPolicyOf({ reference: '/Channel/Nothing' }), channel)).toThrow(
      'failed to retrieve policy for reference /Channel/Nothing',
    );
    expect(() => applicationPolicy(new peer.ApplicationPolicy(), channel)).toThrow('unsupported policy type');
  });
});

describe('a configuration no node would accept', () => {
  const changed = (change: (group: common.ConfigGroup) => void): (() => ChannelConfig) => {
    const config = configFromBlock(referenceBlock('parking-channel', 0));
    const group = config.getChannelGroup();
    if (group === undefined) throw new Error('no channel group');
    change(group);
    return () => ChannelConfig.fromConfig('parking-channel', config);
  };

  it('is refused with the reason', () => {
    expect(changed((group) => group.getValuesMap().del('HashingAlgorithm'))).toThrow(
      'Unknown hashing algorithm type: ',
    );
    expect(changed((group) => group.getValuesMap().del('Capabilities'))).toThrow(ChannelConfigError);
    expect(changed((group) => group.getGroupsMap().set('Extra', new common.ConfigGroup()))).toThrow(
      'Disallowed channel group: Extra',
    );
    expect(changed((group) => group.getGroupsMap().get('Orderer')?.getValuesMap().del('BatchSize'))).toThrow(
      'batch size max message count to an invalid value: 0',
    );
    expect(
      changed((group) =>
        group
          .getGroupsMap()
          .get('Application')
          ?.getGroupsMap()
          .get('UserServiceMSP')
          ?.getValuesMap()
          .del('MSP'),
      ),
    ).toThrow('expected at least one CA certificate');
    expect(changed((group) => group.getPoliciesMap().get('Admins')?.clearPolicy())).toThrow(
      'policy Admins at path Channel was nil',
    );
    expect(() => ChannelConfig.fromConfig('c', new common.Config())).toThrow('channelgroup not specified');
  });
});
