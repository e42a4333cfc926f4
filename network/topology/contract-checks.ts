import type { common } from '@hyperledger/fabric-protos';
import { msp } from '@hyperledger/fabric-protos';
import { parsePolicy } from '../protocol/policy';
import { duplicates } from './cross-checks';
import type { FieldPath } from './positions';
import { describe, type FieldFinding } from './schema-findings';
import type { Contract, Topology } from './schema';

/** What a contract refers to must exist, and its policies must be ones its channel can satisfy. */
export function contractChecks(topology: Topology): FieldFinding[] {
  const names = topology.contracts.map(({ name }, index) => ({
    path: ['contracts', index, 'name'],
    value: name,
  }));
  return [
    ...duplicates('a name', names),
    ...topology.contracts.flatMap((contract, index) =>
      checkContract(topology, contract, ['contracts', index]),
    ),
  ];
}

function checkContract(topology: Topology, contract: Contract, path: FieldPath): FieldFinding[] {
  const channel = topology.channels.find(({ name }) => name === contract.channel);
  if (channel === undefined) {
    const known = topology.channels.map(({ name }) => name).join(', ');
    return [
      { path: [...path, 'channel'], expected: `a channel: ${known}`, found: describe(contract.channel) },
    ];
  }
  const findings: FieldFinding[] = [];
  if (!channel.members.includes(contract.owner)) {
    const expected = `a member of ${channel.name}: ${channel.members.join(', ')}`;
    findings.push({ path: [...path, 'owner'], expected, found: describe(contract.owner) });
  }
  const mspIds = topology.organizations
    .filter(({ name }) => channel.members.includes(name))
    .map(({ mspId }) => mspId);
  return [
    ...findings,
    ...policyFindings(contract.endorsement, [...path, 'endorsement'], mspIds),
    ...collectionChecks(contract, path, mspIds),
  ];
}

/** As `_lifecycle` checks collections (core/chaincode/lifecycle/scc.go, `validateCollectionConfigs`). */
function collectionChecks(contract: Contract, path: FieldPath, mspIds: readonly string[]): FieldFinding[] {
  const at = (index: number, field: string): FieldPath => [...path, 'collections', index, field];
  return [
    ...duplicates(
      'a name',
      contract.collections.map(({ name }, index) => ({ path: at(index, 'name'), value: name })),
    ),
    ...contract.collections.flatMap((collection, index): FieldFinding[] => {
      const findings = policyFindings(collection.policy, at(index, 'policy'), mspIds);
      if (collection.requiredPeerCount <= collection.maxPeerCount) return findings;
      const expected = `at most maxPeerCount (${collection.maxPeerCount})`;
      return [
        ...findings,
        { path: at(index, 'requiredPeerCount'), expected, found: describe(collection.requiredPeerCount) },
      ];
    }),
  ];
}

function policyFindings(policy: string, path: FieldPath, mspIds: readonly string[]): FieldFinding[] {
  let parsed: common.SignaturePolicyEnvelope;
  try {
    parsed = parsePolicy(policy);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [{ path, expected: 'a signature policy', found: `${describe(policy)} (${reason})` }];
  }
  const strangers = parsed
    .getIdentitiesList()
    .map((principal) => msp.MSPRole.deserializeBinary(principal.getPrincipal_asU8()).getMspIdentifier())
    .filter((mspId) => !mspIds.includes(mspId));
  return [...new Set(strangers)].map((mspId) => ({
    path,
    expected: `MSP ids of the channel's members: ${mspIds.join(', ')}`,
    found: `"${mspId}"`,
  }));
}
