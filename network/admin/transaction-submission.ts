import { setTimeout as delay } from 'node:timers/promises';
import { status, type ServiceError } from '@grpc/grpc-js';
import { common, gateway, orderer } from '@hyperledger/fabric-protos';
import type { Signer } from '../protocol/signing';
import { VALID, validationCodeName } from '../protocol/validation-code';
import { BroadcastError, CommitUnknownError, NodeCallError, TransactionInvalidError } from './errors';
import { callError, type CallLimits, type NodeAddress, type NodeConnections } from './node-connection';

const broadcastTimeoutMs = 15_000;
const commitTimeoutMs = 60_000;
/** Between attempts while orderers elect a leader. */
const leaderIntervalMs = 150;

/** Hands envelopes to an orderer and hears from peers what became of them. */
export class TransactionSubmission {
  constructor(private readonly connections: NodeConnections) {}

  /**
   * Hands an envelope to one of the orderers: the first that can be reached and takes it. SUCCESS means
   * accepted for ordering, not committed. Orderers without a Raft leader, as in the first seconds after joining a
   * channel, are asked again until the time is over: their answer says that nothing was taken.
   * @throws BroadcastError when an orderer refused it, NodeCallError when none answered
   */
  async broadcast(
    orderers: readonly NodeAddress[],
    envelope: common.Envelope,
    limits: CallLimits = {},
  ): Promise<void> {
    const { timeoutMs = broadcastTimeoutMs, signal } = limits;
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const failure = await this.#offer(orderers, envelope, { ...limits, timeoutMs });
      if (failure === undefined) return;
      if (!isLeaderless(failure) || Date.now() + leaderIntervalMs > deadline) throw failure;
      await delay(leaderIntervalMs, undefined, signal && { signal });
    }
  }

  /** The last failure when no orderer took it but another attempt may do better; throws what is final. */
  async #offer(
    orderers: readonly NodeAddress[],
    envelope: common.Envelope,
    limits: CallLimits,
  ): Promise<Error | undefined> {
    let failure: Error = new Error('the network has no orderer');
    for (const node of orderers) {
      try {
        await this.#broadcastTo(node, envelope, limits);
        return undefined;
      } catch (error) {
        if (!isLeaderless(error) && !(error instanceof NodeCallError && error.unavailable)) throw error;
        failure = error;
      }
    }
    return failure;
  }

  /**
   * Waits until a peer has committed the transaction.
   * @returns number of its block
   * @throws TransactionInvalidError, CommitUnknownError when the time is over, NodeCallError
   */
  async waitForCommit(
    node: NodeAddress,
    signer: Signer,
    channelId: string,
    transactionId: string,
    limits: CallLimits = {},
  ): Promise<number> {
    const request = new gateway.CommitStatusRequest();
    request.setChannelId(channelId);
    request.setTransactionId(transactionId);
    request.setIdentity(signer.creator);
    const bytes = request.serializeBinary();
    const signed = new gateway.SignedCommitStatusRequest();
    signed.setRequest(bytes);
    signed.setSignature(signer.sign(bytes));
    let answer: gateway.CommitStatusResponse;
    try {
      answer = await this.connections.unary(
        node,
        `commit status of ${transactionId}`,
        gateway.GatewayService.commitStatus,
        signed,
        { timeoutMs: commitTimeoutMs, ...limits },
      );
    } catch (error) {
      if (error instanceof NodeCallError && error.code === status.DEADLINE_EXCEEDED) {
        throw new CommitUnknownError(node.name, transactionId, { cause: error });
      }
      throw error;
    }
    const code = answer.getResult();
    const block = answer.getBlockNumber();
    if (code === VALID) return block;
    throw new TransactionInvalidError(node.name, transactionId, code, validationCodeName(code), block);
  }

  #broadcastTo(node: NodeAddress, envelope: common.Envelope, limits: CallLimits): Promise<void> {
    const operation = 'broadcast';
    const { path, requestSerialize, responseDeserialize } = orderer.AtomicBroadcastService.broadcast;
    return new Promise((resolve, reject) => {
      const deadline = limits.timeoutMs === undefined ? {} : { deadline: Date.now() + limits.timeoutMs };
      const call = this.connections
        .client(node)
        .makeBidiStreamRequest(path, requestSerialize, responseDeserialize, deadline);
      const cancel = (): void => call.cancel();
      const settle = (settled: () => void): void => {
        limits.signal?.removeEventListener('abort', cancel);
        settled();
      };
      call.on('data', (response: orderer.BroadcastResponse) => {
        const code = response.getStatus();
        settle(() =>
          code === common.Status.SUCCESS
            ? resolve()
            : reject(new BroadcastError(node.name, code, response.getInfo())),
        );
        call.end();
      });
      call.on('error', (error: ServiceError) => settle(() => reject(callError(node, operation, error))));
      call.on('end', () =>
        settle(() =>
          reject(
            new NodeCallError(
              node.name,
              operation,
              status.UNAVAILABLE,
              'the orderer ended the stream unanswered',
            ),
          ),
        ),
      );
      limits.signal?.addEventListener('abort', cancel, { once: true });
      if (limits.signal?.aborted) cancel();
      call.write(envelope);
    });
  }
}

/** 503 is what an orderer says without a Raft leader; another consenter may know better. */
function isLeaderless(error: unknown): error is BroadcastError {
  return error instanceof BroadcastError && error.status === (common.Status.SERVICE_UNAVAILABLE as number);
}
