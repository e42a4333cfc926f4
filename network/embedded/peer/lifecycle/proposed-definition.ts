import { peer } from '@hyperledger/fabric-protos';
import type { ChannelConfig } from '../../../protocol/channel-config';
import { withMessage } from '../../../protocol/cause';
import { committedDefinition, type ChaincodeDefinition } from '../../../protocol/lifecycle/definition';
import {
  checkAgainstCommitted,
  checkCollections,
  checkNameAndVersion,
  staticCollections,
} from './definition-checks';
import { channelConfig, type LifecycleInvocation } from './invocation';

const DEFAULT_ENDORSEMENT_POLICY = '/Channel/Application/Endorsement';

type DefinitionArgs = peer.lifecycle.CommitChaincodeDefinitionArgs | peer.lifecycle.CheckCommitReadinessArgs;

/** The definition a client proposes, with the channel's defaults for what it left out (SetChaincodeDefinitionDefaults). */
export function proposedDefinition(
  args: DefinitionArgs | peer.lifecycle.ApproveChaincodeDefinitionForMyOrgArgs,
  config: ChannelConfig,
): ChaincodeDefinition {
  const policy = args.getValidationParameter_asU8();
  return {
    sequence: args.getSequence(),
    version: args.getVersion(),
    endorsementPlugin: args.getEndorsementPlugin() || 'escc',
    initRequired: args.getInitRequired(),
    validationPlugin: args.getValidationPlugin() || 'vscc',
    endorsementPolicy: policy.length > 0 ? policy : defaultPolicy(config),
    collections: args.getCollections(),
  };
}

/**
 * Checks name, version and collections of what is to be approved or committed, the latter also against the committed
 * definition, which is read for that purpose (scc.go validateInput). Throws "error validating chaincode definition: …".
 */
export async function validateInput(
  invocation: LifecycleInvocation,
  args: peer.lifecycle.ApproveChaincodeDefinitionForMyOrgArgs | peer.lifecycle.CommitChaincodeDefinitionArgs,
): Promise<void> {
  try {
    const name = args.getName();
    checkNameAndVersion(name, args.getVersion());
    const collections = staticCollections(args.getCollections());
    const config = channelConfig(invocation);
    checkCollections(collections, new Set(config.msps.mspIds), config.msps);
    checkAgainstCommitted(collections, await committedCollections(invocation, name));
  } catch (cause) {
    throw withMessage(cause, 'error validating chaincode definition');
  }
}

/** Recorded as read, though no request of the chaincode: a genuine peer asks its simulator directly. */
async function committedCollections(
  { stub: { simulator } }: LifecycleInvocation,
  name: string,
): Promise<peer.StaticCollectionConfig[]> {
  if (simulator === undefined) throw new Error('no ledger context');
  const reader = {
    get: async (namespace: string, key: string) => {
      const value = await simulator.getState(namespace, key);
      return value === undefined ? undefined : { value };
    },
  };
  const committed = await committedDefinition(reader, name);
  if (committed !== undefined) return staticCollections(committed.collections);
  // Where the legacy lifecycle would have kept it.
  await simulator.getState('lscc', name);
  return [];
}

function defaultPolicy(config: ChannelConfig): Uint8Array {
  if (!config.hasPolicy(DEFAULT_ENDORSEMENT_POLICY)) {
    throw new Error(
      `could not set defaults for chaincode definition in channel ${config.channelId}: policy '${DEFAULT_ENDORSEMENT_POLICY}' must be defined for channel '${config.channelId}' before chaincode operations can be attempted`,
    );
  }
  const policy = new peer.ApplicationPolicy();
  policy.setChannelConfigPolicyReference(DEFAULT_ENDORSEMENT_POLICY);
  return policy.serializeBinary();
}
