import { peer } from '@hyperledger/fabric-protos';
import { VALID, type ValidationCode } from '../validation-code';
import type { BlockTransaction } from './block-transaction';
import type { NamespaceSet } from '../read-write-set';
import { MalformedMessage } from '../strict-decoder';
import {
  decodeChaincodeEvent,
  decodeHeaderExtension,
  type ChaincodeId,
  type EndorsedTransaction,
} from './transaction';
import type { ChaincodeDefinition } from '../lifecycle/definition';
import { LIFECYCLE_NAMESPACE, type NamespacedReader } from '../lifecycle/state';
import { EndorsementPolicyError, type ChannelPolicies } from './channel-policies';
import type { CommittedDefinitions } from './definitions';
import { ValidationHalted, type EndorsementValidation } from './endorsement-validation';

const code = peer.TxValidationCode;

/** Where genuine peers keep definitions of the lifecycle of Fabric 1.x. */
const LEGACY_LIFECYCLE = 'lscc';

export interface DispatchContext {
  readonly policies: ChannelPolicies;
  readonly definitions: CommittedDefinitions;
  readonly endorsements: EndorsementValidation;
  readonly state: NamespacedReader;
}

/**
 * Checks an endorser transaction against the chaincode it invoked and the policy of every namespace it writes to.
 * @returns its code, or the policy its endorsements do not meet
 * @throws ValidationHalted when no decision can be made
 * Source: core/committer/txvalidator/v20/plugindispatcher/dispatcher.go.
 */
export async function dispatch(
  transaction: BlockTransaction,
  context: DispatchContext,
): Promise<ValidationCode | EndorsementPolicyError> {
  const { channelHeader } = transaction.frame;
  if (channelHeader === undefined) return code.BAD_CHANNEL_HEADER;
  const invoked = malformedAs(undefined, () => decodeHeaderExtension(channelHeader.extension));
  if (invoked === undefined) return code.BAD_HEADER_EXTENSION;
  const endorsed = malformedAs(undefined, () => transaction.endorsed());
  if (endorsed === undefined) return code.BAD_RESPONSE_PAYLOAD;
  const sets = malformedAs(undefined, () => transaction.sets());
  if (sets === undefined) return code.BAD_RWSET;
  const { chaincodeId } = endorsed.action;
  if (invoked.chaincodeId === undefined || chaincodeId === undefined) return code.INVALID_OTHER_REASON;
  const inconsistent = checkInvocation(invoked.chaincodeId, chaincodeId, endorsed);
  if (inconsistent !== undefined) return inconsistent;
  if (new Set(sets.map(({ namespace }) => namespace)).size < sets.length) return code.ILLEGAL_WRITESET;

  const written = new Set([chaincodeId.name, ...sets.filter(writes).map(({ namespace }) => namespace)]);
  const endorsers = context.endorsements.endorsers(endorsed);
  for (const namespace of written) {
    const rule = await ruleOf(namespace, context);
    if (rule === undefined) return code.INVALID_CHAINCODE;
    try {
      await context.endorsements.validate(namespace, rule.policy, rule.definition, sets, endorsers);
    } catch (error) {
      if (!(error instanceof EndorsementPolicyError)) throw error;
      return error;
    }
  }
  return VALID;
}

function malformedAs<T, F>(fallback: F, decode: () => T): T | F {
  try {
    return decode();
  } catch (cause) {
    if (cause instanceof MalformedMessage) return fallback;
    throw cause;
  }
}

/** The code of a transaction whose proposal, action and event name different chaincodes. */
function checkInvocation(
  invoked: ChaincodeId,
  answered: ChaincodeId,
  { action }: EndorsedTransaction,
): ValidationCode | undefined {
  if (invoked.name === '' || invoked.name !== answered.name || answered.version === '')
    return code.INVALID_CHAINCODE;
  if (action.events.length === 0) return undefined;
  const event = malformedAs(undefined, () => decodeChaincodeEvent(action.events));
  return event?.chaincodeId === invoked.name ? undefined : code.INVALID_OTHER_REASON;
}

/** txWritesToNamespace. */
function writes({ public: publicSet, collections }: NamespaceSet): boolean {
  const changes = [publicSet, ...collections];
  return changes.some((set) => set.writes.length > 0 || set.metadataWrites.length > 0);
}

interface NamespaceRule {
  /** Serialized peer.ApplicationPolicy. */
  readonly policy: Uint8Array;
  readonly definition: ChaincodeDefinition | undefined;
}

/** What governs a namespace; undefined when nothing valid is defined under its name. */
async function ruleOf(
  namespace: string,
  { policies, definitions, state }: DispatchContext,
): Promise<NamespaceRule | undefined> {
  if (namespace === LIFECYCLE_NAMESPACE) return { policy: policies.lifecycle(), definition: undefined };
  let definition: ChaincodeDefinition | undefined;
  try {
    definition = await definitions.get(namespace);
  } catch (cause) {
    throw new ValidationHalted(`the definition of chaincode ${namespace} cannot be read`, { cause });
  }
  if (definition === undefined) {
    if ((await state.get(LEGACY_LIFECYCLE, namespace)) !== undefined) {
      throw new ValidationHalted(
        `chaincode ${namespace} is defined by the lifecycle of Fabric 1.x, which this peer does not follow: define it ` +
          'anew with _lifecycle, or let a genuine peer serve this channel',
      );
    }
    return undefined;
  }
  if (definition.validationPlugin === '' || definition.endorsementPolicy.length === 0) return undefined;
  if (definition.validationPlugin !== 'vscc') {
    throw new ValidationHalted(
      `chaincode ${namespace} asks for the validation plugin '${definition.validationPlugin}', which this peer does not ` +
        'have: let a genuine peer with that plugin serve this channel',
    );
  }
  return { policy: definition.endorsementPolicy, definition };
}
