import { peer, type msp } from '@hyperledger/fabric-protos';
import { rolePrincipal } from '../../../protocol/principal';
import { decodeMessage } from '../../../protocol/wire';
import type { PeerChannel } from '../channel';
import {
  committedDefinition,
  implicitCollectionOwner,
  type ChaincodeDefinition,
} from '../../../protocol/lifecycle/definition';
import { applicationPolicyTree, configPolicyTree, signaturePolicyTree } from './policy-tree';
import {
  mergePrincipalSets,
  principal,
  principalSets,
  type PrincipalSet,
  type PrincipalTree,
} from './principal-sets';

const LIFECYCLE = '_lifecycle';
const LIFECYCLE_POLICY = '/Channel/Application/LifecycleEndorsement';

/** What a transaction asks of its endorsers. */
export interface EndorsementRequirements {
  /** Every way to satisfy all policies the transaction meets. */
  readonly sets: readonly PrincipalSet[];
  /** The definitions an endorser must run: all of them. */
  readonly chaincodes: readonly { readonly name: string; readonly sequence: number }[];
  /** An endorser must satisfy one principal of each list: it reads these private collections. */
  readonly readers: readonly (readonly msp.MSPPrincipal[])[];
}

/**
 * Requirements of a transaction that touches the given chaincodes, collections and keys, by the definitions and the
 * configuration in force (discovery/endorsement, core/chaincode/lifecycle/metadata_provider.go). Throws with the
 * texts of the discovery service.
 */
export async function endorsementRequirements(
  channel: PeerChannel,
  interest: peer.ChaincodeInterest,
): Promise<EndorsementRequirements> {
  const trees: PrincipalTree[] = [];
  const keyTrees: PrincipalTree[] = [];
  const chaincodes: { name: string; sequence: number }[] = [];
  const readers: (readonly msp.MSPPrincipal[])[] = [];
  for (const call of interest.getChaincodesList()) {
    const known = await knownDefinition(channel, call.getName());
    chaincodes.push({ name: call.getName(), sequence: known.sequence });
    const collections = call.getCollectionNamesList();
    if (!call.getNoPrivateReads()) {
      readers.push(...collections.map((name) => collectionMembers(known, call.getName(), name)));
    }
    const collectionTrees = collections.map((name) => collectionTree(channel, known, name));
    trees.push(...policiesOf(call, known.tree, collectionTrees));
    keyTrees.push(...call.getKeyPoliciesList().map(signaturePolicyTree));
  }

  const perPolicy = trees.map((tree) => setsOf(tree, 'endorsement policy cannot be satisfied'));
  perPolicy.push(
    ...keyTrees.map((tree) => setsOf(tree, 'state based endorsement policy cannot be satisfied')),
  );
  const [first, ...others] = perPolicy;
  if (first === undefined) throw new Error('no principal sets remained after filtering');
  return { sets: others.reduce(mergePrincipalSets, first), chaincodes, readers };
}

interface KnownDefinition {
  readonly sequence: number;
  readonly tree: PrincipalTree;
  readonly definition: ChaincodeDefinition | undefined;
}

async function knownDefinition(channel: PeerChannel, name: string): Promise<KnownDefinition> {
  const config = channel.config();
  if (name === LIFECYCLE) {
    return { sequence: 1, tree: configPolicyTree(config, LIFECYCLE_POLICY), definition: undefined };
  }
  const snapshot = await channel.ledger.snapshot();
  try {
    const definition = await committedDefinition(snapshot, name);
    if (definition === undefined) {
      throw new Error(`No metadata was found for chaincode ${name} in channel ${channel.id}`);
    }
    const policy = decodeMessage(peer.ApplicationPolicy, definition.endorsementPolicy, 'ApplicationPolicy');
    return { sequence: definition.sequence, tree: applicationPolicyTree(config, policy), definition };
  } finally {
    await snapshot.close();
  }
}

/** The namespace's policy unless collection policies or key policies stand in for it. */
function policiesOf(
  call: peer.ChaincodeCall,
  namespaceTree: PrincipalTree,
  collectionTrees: readonly (PrincipalTree | undefined)[],
): PrincipalTree[] {
  // A collection without a policy of its own is governed by the chaincode's.
  const policies =
    collectionTrees.length === 0
      ? [namespaceTree]
      : [...new Set(collectionTrees.map((tree) => tree ?? namespaceTree))];
  if (!call.getDisregardNamespacePolicy()) return policies;
  if (policies.length === 1 && call.getKeyPoliciesList().length === 0) {
    throw new Error(
      `requested to disregard chaincode ${call.getName()}'s policy but key and collection policies are missing, either disable DisregardNamespacePolicy or specify at least one key policy or at least one collection policy`,
    );
  }
  return policies.slice(1);
}

function collectionTree(
  channel: PeerChannel,
  { definition }: KnownDefinition,
  name: string,
): PrincipalTree | undefined {
  const owner = implicitCollectionOwner(name);
  if (owner !== undefined) return { principal: principal(rolePrincipal(owner, 'member')) };
  const policy = collectionConfig(definition, name)?.getEndorsementPolicy();
  return policy === undefined ? undefined : applicationPolicyTree(channel.config(), policy);
}

function collectionMembers(
  { definition }: KnownDefinition,
  chaincode: string,
  name: string,
): readonly msp.MSPPrincipal[] {
  const owner = implicitCollectionOwner(name);
  if (owner !== undefined) return [rolePrincipal(owner, 'member')];
  const members = collectionConfig(definition, name)?.getMemberOrgsPolicy()?.getSignaturePolicy();
  if (members === undefined) {
    throw new Error(`collection ${name} doesn't exist in collection config for chaincode ${chaincode}`);
  }
  return members.getIdentitiesList();
}

function collectionConfig(
  definition: ChaincodeDefinition | undefined,
  name: string,
): peer.StaticCollectionConfig | undefined {
  return definition?.collections
    ?.getConfigList()
    .map((entry) => entry.getStaticCollectionConfig())
    .find((entry) => entry?.getName() === name);
}

function setsOf(tree: PrincipalTree, otherwise: string): PrincipalSet[] {
  const sets = principalSets(tree);
  if (sets.length === 0) throw new Error(otherwise);
  return sets;
}
