import { setTimeout as delay } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { GatewayError, type Gateway, type Proposal, type ProposalOptions } from '@hyperledger/fabric-gateway';
import { gateway as protos } from '@hyperledger/fabric-protos';
import type { NodeAddress } from '../admin/node-connection';
import type { Signer } from '../protocol/signing';
import { endorsementOf, type Endorsement } from '../protocol/endorsement';
import { VALID, validationCodeName } from '../protocol/validation-code';
import { callOptions } from './call-options';
import type { GatewayConnections } from './connections';
import { GatewayPeers, type PeersOfOrganization } from './gateway-peers';
import { PeerLiveness } from './peer-liveness';
import { keptSilent, notTaken, transactionError, type TransactionStage } from './transaction-error';

/** After no peer could be reached, milliseconds until they are tried again. */
const AGAIN_MS = 300;

/** A function call of a contract. */
export interface ContractCall {
  readonly channelId: string;
  /** Name of the chaincode. */
  readonly contract: string;
  /** `function`, or `Contract:function` where a chaincode has several contracts. */
  readonly functionName: string;
  readonly args: readonly (string | Uint8Array)[];
  readonly transient?: Readonly<Record<string, Uint8Array>>;
  /** MSP ids; without them the gateway chooses what satisfies the endorsement policy. */
  readonly endorsingOrganizations?: readonly string[];
}

/** Milliseconds each stage may take. */
export interface StageTimeouts {
  readonly evaluate: number;
  readonly endorse: number;
  readonly submit: number;
  readonly commit: number;
}

export const defaultTimeouts: StageTimeouts = {
  evaluate: 10_000,
  endorse: 30_000,
  submit: 15_000,
  commit: 60_000,
};

export interface Evaluation {
  readonly result: Uint8Array;
  readonly gatewayPeer: string;
  readonly durationMs: number;
}

/** Milliseconds the stages took. */
export interface StageDurations {
  readonly proposal: number;
  readonly endorse: number;
  readonly submit: number;
  readonly commit: number;
}

interface Submitted {
  readonly transactionId: string;
  readonly result: Uint8Array;
  readonly gatewayPeer: string;
  readonly endorsement: Endorsement;
  readonly durationsMs: StageDurations;
}

/**
 * What became of a submitted transaction. `unknown` means that nobody said so in time: it may have committed, and
 * its id is what to ask with.
 */
export type SubmitOutcome = Submitted &
  (
    | {
        readonly outcome: 'valid' | 'invalid';
        readonly code: number;
        readonly codeName: string;
        readonly blockNumber: number;
      }
    | { readonly outcome: 'unknown'; readonly reason: string; readonly cause: Error }
  );

export type CommitOutcome =
  | {
      readonly outcome: 'valid' | 'invalid';
      readonly code: number;
      readonly codeName: string;
      readonly blockNumber: number;
    }
  | { readonly outcome: 'unknown'; readonly reason: string; readonly cause: Error };

/** Where a submit has got to. */
export type SubmitProgress =
  | { readonly stage: 'proposed'; readonly transactionId: string; readonly ms: number }
  | {
      readonly stage: 'endorsed';
      readonly transactionId: string;
      readonly result: Uint8Array;
      readonly ms: number;
    }
  | { readonly stage: 'submitted'; readonly transactionId: string; readonly ms: number };

export interface TransactionOptions {
  readonly timeouts?: Partial<StageTimeouts>;
  readonly signal?: AbortSignal;
}

export interface SubmitOptions extends TransactionOptions {
  /** Called before each next stage begins; the transaction id is known before anything is sent. */
  readonly onProgress?: (progress: SubmitProgress) => void;
}

/** Runs contract functions through the gateways of the acting identity's own organization. */
export class GatewayTransactions {
  readonly #peers: GatewayPeers;
  readonly #liveness: PeerLiveness;

  constructor(
    private readonly connections: GatewayConnections,
    peersOf: PeersOfOrganization,
  ) {
    this.#peers = new GatewayPeers(peersOf, (node) => connections.isReady(node));
    this.#liveness = new PeerLiveness(connections.nodes);
  }

  /**
   * Calls a function for its result only.
   * @throws GatewayTransactionError; the contract's own message is in `reason` or, per endorser, in `details`
   */
  async evaluate(signer: Signer, call: ContractCall, options: TransactionOptions = {}): Promise<Evaluation> {
    const began = performance.now();
    const limits = stageLimits(options);
    let proposed: Uint8Array | undefined;
    const { value, node } = await this.#attempt(
      'evaluate',
      signer,
      call.channelId,
      undefined,
      (gateway, hangs) => {
        const proposal = proposed ? gateway.newProposal(proposed) : newProposal(gateway, call);
        proposed = proposal.getBytes();
        return proposal.evaluate(limits('evaluate', hangs));
      },
    );
    return { result: value, gatewayPeer: node.name, durationMs: performance.now() - began };
  }

  /**
   * Has a transaction endorsed by everybody its policy asks for, and goes no further: it shows that a contract can be
   * used now, and leaves nothing behind.
   * @throws GatewayTransactionError
   */
  async tryEndorse(
    signer: Signer,
    call: ContractCall,
    options: TransactionOptions = {},
  ): Promise<Evaluation> {
    const began = performance.now();
    const limits = stageLimits(options);
    const { value, node } = await this.#attempt(
      'endorse',
      signer,
      call.channelId,
      undefined,
      (gateway, hangs) => newProposal(gateway, call).endorse(limits('endorse', hangs)),
    );
    return { result: value.getResult(), gatewayPeer: node.name, durationMs: performance.now() - began };
  }

  /**
   * Endorses, submits and waits for the commit status of a transaction.
   * @returns the outcome; a transaction that committed as invalid is an outcome, no error
   * @throws GatewayTransactionError when it was not endorsed or not taken for ordering
   */
  async submit(signer: Signer, call: ContractCall, options: SubmitOptions = {}): Promise<SubmitOutcome> {
    const limits = stageLimits(options);
    const [first] = this.#peers.candidates(signer.mspId, call.channelId);
    if (!first) throw new Error('unreachable: candidates are never empty');
    let began = performance.now();
    // The id is fixed here, so that every peer tried below works on the same transaction.
    const proposal = newProposal(this.connections.gateway(first, signer), call);
    const transactionId = proposal.getTransactionId();
    const proposed = performance.now() - began;
    options.onProgress?.({ stage: 'proposed', transactionId, ms: proposed });

    const proposalBytes = proposal.getBytes();
    began = performance.now();
    const endorsed = await this.#attempt('endorse', signer, call.channelId, transactionId, (gateway, hangs) =>
      gateway.newProposal(proposalBytes).endorse(limits('endorse', hangs)),
    );
    const endorse = performance.now() - began;
    const result = endorsed.value.getResult();
    options.onProgress?.({ stage: 'endorsed', transactionId, result, ms: endorse });

    const transactionBytes = endorsed.value.getBytes();
    began = performance.now();
    const submitted = await this.#attempt('submit', signer, call.channelId, transactionId, (gateway, hangs) =>
      gateway.newTransaction(transactionBytes).submit(limits('submit', hangs)),
    );
    const submit = performance.now() - began;
    options.onProgress?.({ stage: 'submitted', transactionId, ms: submit });

    began = performance.now();
    const commitBytes = submitted.value.getBytes();
    const outcome = await this.#commitStatus(signer, call.channelId, transactionId, commitBytes, limits);
    return {
      transactionId,
      result,
      gatewayPeer: endorsed.node.name,
      endorsement: preparedEndorsement(transactionBytes),
      durationsMs: { proposal: proposed, endorse, submit, commit: performance.now() - began },
      ...outcome,
    };
  }

  async #commitStatus(
    signer: Signer,
    channelId: string,
    transactionId: string,
    commitBytes: Uint8Array,
    limits: StageLimits,
  ): Promise<CommitOutcome> {
    try {
      const { value } = await this.#attempt('commit', signer, channelId, transactionId, (gateway, hangs) =>
        gateway.newCommit(commitBytes).getStatus(limits('commit', hangs)),
      );
      return {
        outcome: (value.code as number) === VALID ? 'valid' : 'invalid',
        code: value.code,
        codeName: validationCodeName(value.code),
        blockNumber: Number(value.blockNumber),
      };
    } catch (error) {
      if (error instanceof Error) return { outcome: 'unknown', reason: error.message, cause: error };
      throw error;
    }
  }

  /**
   * Runs one stage at the organization's gateway peer, or at its next one where a peer can't be reached or hangs; where
   * none can be reached, once more at each. A proposal may be endorsed twice and an envelope handed in twice without
   * harm: only one with its id is ever valid.
   */
  async #attempt<Value>(
    stage: TransactionStage,
    signer: Signer,
    channelId: string,
    transactionId: string | undefined,
    run: (gateway: Gateway, hangs: AbortSignal) => Promise<Value>,
  ): Promise<{ value: Value; node: NodeAddress }> {
    for (const node of this.#peers.silent(signer.mspId, channelId)) {
      void this.#liveness.answers(node).then((there) => there && this.#peers.markReachable(node));
    }
    let failure: Error | undefined;
    /** Handed in to a peer that hangs: it may be on its way, whatever the peers tried after it say. */
    let unknown: Error | undefined;
    const peers = this.#peers.candidates(signer.mspId, channelId);
    let untaken = 0;
    for (const [turn, node] of [...peers, ...peers].entries()) {
      // A connection that just broke costs the call it was given to, and stands again a moment later.
      if (turn === peers.length) {
        if (untaken < turn) break;
        await delay(AGAIN_MS);
      }
      let hung: AbortSignal | undefined;
      try {
        const value = await this.#liveness.whileAnswering(node, (hangs) => {
          hung = hangs;
          return run(this.connections.gateway(node, signer), hangs);
        });
        this.#peers.markReachable(node);
        return { value, node };
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error;
        const described = transactionError(stage, transactionId, node.name, error);
        if (notTaken(error)) {
          untaken += 1;
          this.#peers.markUnreachable(node);
        } else if (hung?.aborted || (keptSilent(error) && (stage === 'evaluate' || stage === 'endorse'))) {
          this.#peers.markSilent(node);
          if (stage === 'submit') unknown ??= described;
        } else if (!worthAnotherPeer(stage, error)) throw unknown ?? described;
        // The first answer with words of its own says more than "no connection" of the peers tried after it.
        failure = failure === undefined || !notTaken(error) ? described : failure;
      }
    }
    throw unknown ?? failure ?? new Error('unreachable: candidates are never empty');
  }
}

/** Who endorsed, out of the transaction as the gateway prepared it. */
function preparedEndorsement(transactionBytes: Uint8Array): Endorsement {
  const envelope = protos.PreparedTransaction.deserializeBinary(transactionBytes).getEnvelope();
  const endorsement = envelope && endorsementOf(envelope);
  if (!endorsement) throw new Error('the gateway prepared a transaction without endorsements');
  return endorsement;
}

type StageLimits = (stage: TransactionStage, hangs: AbortSignal) => ReturnType<typeof callOptions>;

function stageLimits(options: TransactionOptions): StageLimits {
  const timeouts = { ...defaultTimeouts, ...options.timeouts };
  return (stage, hangs) => callOptions(timeouts[stage], options.signal, hangs);
}

/**
 * A gateway that was just started answers FAILED_PRECONDITION until it has heard of the other organizations' peers
 * (fabric-gateway#248); the organization's other peer may know them. Silence is a reason before the transaction is
 * handed in; afterwards it may be on its way, and waiting for a commit is silent by nature: only a peer that answers
 * nothing else either is given up.
 */
function worthAnotherPeer(stage: TransactionStage, error: GatewayError): boolean {
  return (
    (stage === 'evaluate' || stage === 'endorse') && (error.code as status) === status.FAILED_PRECONDITION
  );
}

function newProposal(gateway: Gateway, call: ContractCall): Proposal {
  const options: ProposalOptions = { arguments: [...call.args] };
  if (call.transient) options.transientData = { ...call.transient };
  if (call.endorsingOrganizations) options.endorsingOrganizations = [...call.endorsingOrganizations];
  return gateway
    .getNetwork(call.channelId)
    .getContract(call.contract)
    .newProposal(call.functionName, options);
}
