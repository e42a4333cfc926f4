import { peer } from '@hyperledger/fabric-protos';
import { describe, expect, it } from 'vitest';
import { commitArgs, differences, reported, type ChaincodeDefinition } from './chaincode-definition';

const wanted: ChaincodeDefinition = {
  name: 'contract',
  version: '1.0',
  sequence: 1,
  endorsementPolicy: "AND('Org1MSP.peer', 'Org2MSP.peer')",
  collections: [],
};

const collection = {
  name: 'secrets',
  policy: "OR('Org1MSP.member')",
  requiredPeerCount: 0,
  maxPeerCount: 1,
  blockToLive: 0,
  memberOnlyRead: true,
  memberOnlyWrite: true,
};

/** The definition as a peer reports it that has committed these arguments. */
function found(definition: ChaincodeDefinition) {
  const args = peer.lifecycle.CommitChaincodeDefinitionArgs.deserializeBinary(commitArgs(definition));
  return reported(definition.name, args);
}

describe('a committed definition', () => {
  it.each<[string, ChaincodeDefinition, string[]]>([
    ['is the wanted one', wanted, []],
    ['has another version', { ...wanted, version: '2.0' }, ['version 2.0 instead of 1.0']],
    [
      'has another policy',
      { ...wanted, endorsementPolicy: "OR('Org1MSP.peer', 'Org2MSP.peer')" },
      ['another endorsement policy'],
    ],
    ['has collections', { ...wanted, collections: [collection] }, ['other collections']],
  ])('%s', (_, committed, said) => {
    expect(differences(wanted, found(committed))).toEqual(said);
  });

  it('is the wanted one when it refers to the default policy and none was asked for', () => {
    const withoutPolicy = { name: 'contract', version: '1.0', sequence: 1, collections: [] };
    const reference = new peer.ApplicationPolicy();
    reference.setChannelConfigPolicyReference('/Channel/Application/Endorsement');
    const committed = { ...found(withoutPolicy), validationParameter: reference.serializeBinary() };
    expect(differences(withoutPolicy, committed)).toEqual([]);
    expect(differences(wanted, committed)).toEqual(['another endorsement policy']);
  });

  it('is another one when it demands an Init call', () => {
    expect(differences(wanted, { ...found(wanted), initRequired: true })).toEqual([
      'an Init call that is required',
    ]);
  });
});
