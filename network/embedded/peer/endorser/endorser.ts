import { peer } from '@hyperledger/fabric-protos';
import { endorsedBytes, parseSignedProposal, type ParsedProposal } from '../../../protocol/proposal';
import { createLogger } from '../../node/logging';
import type { ChaincodeSupport, ExecutionResult } from '../chaincode/support';
import { shortTxId, type TransactionParams } from '../chaincode/transaction';
import type { PeerChannel, PeerContext } from '../channel';
import type { ChaincodeInfo } from '../lifecycle/chaincode-info';
import { isSystemChaincode } from '../system/names';
import type { AccessControl } from './access-control';
import { messageOf, withMessage } from '../../../protocol/cause';
import { chaincodeInterest } from './interest';
import type { EndorserMetrics } from './metrics';
import { openSimulator } from './open-simulator';
import { storePrivateWrites, type PrivateDataDistributor } from './private-writes';
import type { TransactionSimulator } from './simulator';
import { validateProposal } from './validate-proposal';

const logger = createLogger('endorser');

/** Statuses from here on are errors: not endorsed. */
const ERROR_THRESHOLD = 400;
/** Statuses from here on come with what was simulated, still not endorsed. */
const ERROR = 500;

export interface EndorserOptions {
  readonly context: PeerContext;
  readonly support: ChaincodeSupport;
  readonly info: ChaincodeInfo;
  readonly accessControl: AccessControl;
  readonly distributor: PrivateDataDistributor;
  readonly metrics: EndorserMetrics;
}

/** A proposal this peer does not look into: malformed, denied or a duplicate. gRPC carries it as status UNKNOWN. */
export class ProposalRefused extends Error {}

/** The Endorser service (core/endorser/endorser.go), for gRPC and for this peer's own gateway. */
export class Endorser {
  readonly #options: EndorserOptions;

  constructor(options: EndorserOptions) {
    this.#options = options;
  }

  /**
   * Simulates a proposal and endorses the result. Rejects with ProposalRefused where a genuine peer answers with a gRPC
   * error; every other failure is a response with a status of 400 or more and no endorsement.
   */
  async processProposal(signed: peer.SignedProposal): Promise<peer.ProposalResponse> {
    const { metrics, context } = this.#options;
    const start = process.hrtime.bigint();
    metrics.received();
    let proposal: ParsedProposal;
    try {
      proposal = parseSignedProposal(signed);
    } catch (cause) {
      metrics.validationFailed();
      logger.warn('Failed to unpack proposal', { error: messageOf(cause) });
      throw new ProposalRefused(messageOf(cause), { cause });
    }
    const { channelId, chaincode } = proposal;
    const channel = channelId === '' ? undefined : context.channel(channelId);
    if (channelId !== '' && channel === undefined) return failed(`channel '${channelId}' not found`);
    try {
      await this.#preProcess(proposal, signed, channel);
    } catch (cause) {
      logger.warn('Failed to preProcess proposal', { error: messageOf(cause) });
      throw new ProposalRefused(messageOf(cause), { cause });
    }

    let success = false;
    try {
      const response = await this.#endorse(proposal, signed, channel);
      success = response.hasEndorsement() || channelId === '';
      return response;
    } catch (cause) {
      logger.warn('Failed to invoke chaincode', { channel: channelId, chaincode, error: messageOf(cause) });
      return failed(messageOf(cause));
    } finally {
      metrics.completed(channelId, chaincode, start, success);
    }
  }

  async #preProcess(
    proposal: ParsedProposal,
    signed: peer.SignedProposal,
    channel: PeerChannel | undefined,
  ): Promise<void> {
    const { context, metrics, accessControl } = this.#options;
    const { channelId, chaincode, txId } = proposal;
    try {
      validateProposal(proposal, channel === undefined ? context.localMsp : channel.config().msps);
    } catch (cause) {
      metrics.validationFailed();
      throw cause;
    }
    if (channel === undefined) return;
    if ((await channel.ledger.outcome(txId)) !== undefined) {
      metrics.duplicate(channelId, chaincode);
      const creator = Buffer.from(proposal.creator).toString('hex');
      throw new Error(`duplicate transaction found [${txId}]. Creator [${creator}]`);
    }
    // System chaincodes check access themselves.
    if (isSystemChaincode(chaincode)) return;
    try {
      accessControl.check('peer/Propose', channelId, signed);
    } catch (cause) {
      metrics.aclFailed(channelId, chaincode);
      throw cause;
    }
  }

  async #endorse(
    proposal: ParsedProposal,
    signed: peer.SignedProposal,
    channel: PeerChannel | undefined,
  ): Promise<peer.ProposalResponse> {
    // qscc and cscc read the ledger itself.
    const simulator =
      channel === undefined || proposal.chaincode === 'qscc' || proposal.chaincode === 'cscc'
        ? undefined
        : await openSimulator(channel, proposal.txId);
    const params = { channelId: proposal.channelId, txId: proposal.txId, signedProposal: signed, simulator };
    try {
      return await this.#simulateAndEndorse(proposal, params, channel);
    } finally {
      await simulator?.done();
    }
  }

  async #simulateAndEndorse(
    proposal: ParsedProposal,
    params: TransactionParams,
    channel: PeerChannel | undefined,
  ): Promise<peer.ProposalResponse> {
    const { channelId, chaincode } = proposal;
    const { version } = await this.#options.info
      .endorsementInfo(channelId, chaincode, params.simulator)
      .catch((cause: unknown) => {
        throw withMessage(
          cause,
          `make sure the chaincode ${chaincode} has been successfully defined on channel ${channelId} and try again`,
        );
      });
    const simulated = await this.#simulate(proposal, params, channel).catch((cause: unknown) => {
      throw withMessage(cause, 'error in simulation');
    });
    const answer = new peer.ProposalResponse();
    answer.setResponse(simulated.response);
    const status = simulated.response.getStatus();
    if (status < ERROR && channelId === '') return answer;
    if (status < ERROR && status >= ERROR_THRESHOLD) {
      this.#options.metrics.endorsementFailed(channelId, chaincode, true);
      return answer;
    }
    const payload = responsePayload(proposal, simulated, version);
    answer.setPayload(payload);
    answer.setInterest(simulated.interest);
    if (status >= ERROR) return answer;
    answer.setVersion(1);
    answer.setEndorsement(this.#sign(payload));
    return answer;
  }

  async #simulate(
    proposal: ParsedProposal,
    params: TransactionParams,
    channel: PeerChannel | undefined,
  ): Promise<Simulated> {
    const { metrics, support } = this.#options;
    const start = Date.now();
    try {
      const executed = await support.execute(params, proposal.chaincode, proposal.input);
      // An answer that is an error carries no event.
      const event = executed.response.getStatus() >= ERROR_THRESHOLD ? undefined : executed.event;
      if (params.simulator === undefined || channel === undefined) {
        return { response: executed.response, event, results: new Uint8Array(), interest: undefined };
      }
      return { response: executed.response, event, ...(await this.#results(params.simulator, channel)) };
    } catch (cause) {
      metrics.simulationFailed(proposal.channelId, proposal.chaincode);
      logger.error(`failed to invoke chaincode ${proposal.chaincode}, error: ${messageOf(cause)}`, {
        channel: proposal.channelId,
        txID: shortTxId(proposal.txId),
      });
      throw cause;
    } finally {
      logger.info(`finished chaincode: ${proposal.chaincode} duration: ${Date.now() - start}ms`, {
        channel: proposal.channelId,
        txID: shortTxId(proposal.txId),
      });
    }
  }

  async #results(
    simulator: TransactionSimulator,
    channel: PeerChannel,
  ): Promise<{ results: Uint8Array; interest: peer.ChaincodeInterest }> {
    const results = simulator.results();
    if (results.privateSet !== undefined) {
      await storePrivateWrites(channel, simulator.txId, results.privateSet, this.#options.distributor);
    }
    return { results: results.publicSet.serializeBinary(), interest: chaincodeInterest(results) };
  }

  #sign(payload: Uint8Array): peer.Endorsement {
    const { signer } = this.#options.context;
    const endorsement = new peer.Endorsement();
    endorsement.setEndorser(signer.creator);
    endorsement.setSignature(signer.sign(endorsedBytes(payload, signer.creator)));
    return endorsement;
  }
}

interface Simulated extends ExecutionResult {
  /** Serialized rwset.TxReadWriteSet; empty without a simulator. */
  readonly results: Uint8Array;
  readonly interest: peer.ChaincodeInterest | undefined;
}

/** What endorsers sign and must agree on to the byte (protoutil GetBytesProposalResponsePayload). */
function responsePayload(proposal: ParsedProposal, simulated: Simulated, version: string): Uint8Array {
  const chaincodeId = new peer.ChaincodeID();
  chaincodeId.setName(proposal.chaincode);
  chaincodeId.setVersion(version);
  const action = new peer.ChaincodeAction();
  action.setResults(simulated.results);
  action.setEvents(simulated.event?.serializeBinary() ?? new Uint8Array());
  action.setResponse(simulated.response);
  action.setChaincodeId(chaincodeId);
  const payload = new peer.ProposalResponsePayload();
  payload.setProposalHash(proposal.proposalHash);
  payload.setExtension$(action.serializeBinary());
  return payload.serializeBinary();
}

function failed(message: string): peer.ProposalResponse {
  const response = new peer.Response();
  response.setStatus(500);
  response.setMessage(message);
  const answer = new peer.ProposalResponse();
  answer.setResponse(response);
  return answer;
}
