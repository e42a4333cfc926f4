import type { ClientDuplexStream } from '@grpc/grpc-js';
import { peer } from '@hyperledger/fabric-protos';
import { createLogger } from '../../node/logging';
import { messageOf } from '../../../protocol/cause';
import type { ChaincodeMetrics } from './metrics';
import { QueryContexts } from './query-context';
import { REQUEST_HANDLERS } from './requests';
import { shortTxId, type TransactionParams } from './transaction';

const logger = createLogger('chaincode');
const MessageType = peer.ChaincodeMessage.Type;
type Message = peer.ChaincodeMessage;

/** What a handler needs of the peer around it. */
export interface HandlerHost {
  readonly metrics: ChaincodeMetrics;
  readonly totalQueryLimit: number;
  /** Milliseconds between keep-alive messages on the stream; 0 for none. */
  readonly keepaliveMs: number;
  invokeFromChaincode(caller: TransactionParams, spec: peer.ChaincodeSpec): Promise<Message>;
}

interface TransactionContext {
  readonly params: TransactionParams;
  readonly namespace: string;
  readonly queries: QueryContexts;
  readonly answer: (message: Message) => void;
  readonly fail: (error: Error) => void;
}

/**
 * The peer's side of one chaincode stream: handshake, then transactions side by side, each of which may ask the peer
 * one thing at a time (core/chaincode/handler.go). The stream's end fails every transaction under way.
 */
export class ChaincodeHandler {
  /** Package id under which the chaincode must register. */
  readonly chaincodeId: string;
  /** Fulfils when the chaincode has registered, rejects when it cannot. */
  readonly ready: Promise<void>;
  /** Fulfils when the stream has ended, with what ended it. */
  readonly ended: Promise<Error | undefined>;
  readonly #stream: ClientDuplexStream<Message, Message>;
  readonly #host: HandlerHost;
  readonly #transactions = new Map<string, TransactionContext>();
  readonly #requesting = new Set<string>();
  readonly #keepalive: NodeJS.Timeout | undefined;
  #state: 'created' | 'ready' | 'ended' = 'created';
  #settleReady: { resolve: () => void; reject: (error: Error) => void } = {
    resolve: () => {},
    reject: () => {},
  };
  #settleEnded: (cause: Error | undefined) => void = () => {};

  constructor(chaincodeId: string, stream: ClientDuplexStream<Message, Message>, host: HandlerHost) {
    this.chaincodeId = chaincodeId;
    this.#stream = stream;
    this.#host = host;
    this.ready = new Promise((resolve, reject) => {
      this.#settleReady = { resolve, reject };
    });
    this.ready.catch(() => {});
    this.ended = new Promise((resolve) => {
      this.#settleEnded = resolve;
    });
    stream.on('data', (message: Message) => this.#receive(message));
    stream.on('error', (error: Error) => this.#end(error));
    stream.on('end', () => this.#end(undefined));
    if (host.keepaliveMs > 0) {
      this.#keepalive = setInterval(() => this.#send(plain(MessageType.KEEPALIVE)), host.keepaliveMs);
      this.#keepalive.unref();
    }
  }

  get usable(): boolean {
    return this.#state === 'ready';
  }

  /**
   * Runs one transaction (or init) and gives the chaincode's last message, COMPLETED or ERROR. Rejects with
   * "timeout expired while executing transaction", "chaincode stream terminated", or when the same transaction is
   * already running in this chaincode on this channel (a chaincode calling itself).
   */
  async execute(
    params: TransactionParams,
    namespace: string,
    type: typeof MessageType.INIT | typeof MessageType.TRANSACTION,
    input: peer.ChaincodeInput,
    timeoutMs: number,
  ): Promise<Message> {
    const id = contextId(params.channelId, params.txId);
    if (this.#transactions.has(id)) throw new Error(`txid: ${params.txId}(${params.channelId}) exists`);
    const queries = new QueryContexts();
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<Message>((resolve, reject) => {
        this.#transactions.set(id, { params, namespace, queries, answer: resolve, fail: reject });
        timer = setTimeout(() => {
          this.#host.metrics.executeTimeout(this.chaincodeId);
          reject(new Error('timeout expired while executing transaction'));
        }, timeoutMs);
        if (this.#state === 'ended') {
          reject(new Error('chaincode stream terminated'));
          return;
        }
        const message = plain(type, params.channelId, params.txId);
        message.setPayload(input.serializeBinary());
        message.setProposal(params.signedProposal);
        this.#send(message);
      });
    } finally {
      clearTimeout(timer);
      this.#transactions.delete(id);
      await queries.closeAll();
    }
  }

  /** Ends the stream; transactions under way fail. */
  close(): void {
    this.#stream.cancel();
    this.#end(undefined);
  }

  #receive(message: Message): void {
    const type = message.getType();
    if (type === MessageType.KEEPALIVE || this.#state === 'ended') return;
    if (this.#state === 'created') {
      this.#register(message);
      return;
    }
    if (type === MessageType.COMPLETED || type === MessageType.ERROR) {
      this.#transactions.get(contextId(message.getChannelId(), message.getTxid()))?.answer(message);
      return;
    }
    if (!REQUEST_HANDLERS.has(type)) {
      this.#breakOff(
        `[${message.getTxid()}] Fabric side handler cannot handle message (${typeName(type)}) while in ready state`,
      );
      return;
    }
    void this.#request(message);
  }

  #register(message: Message): void {
    if (message.getType() !== MessageType.REGISTER) {
      this.#breakOff(
        `[${message.getTxid()}] Fabric side handler cannot handle message (${typeName(message.getType())}) while in created state`,
      );
      return;
    }
    let name: string;
    try {
      name = peer.ChaincodeID.deserializeBinary(message.getPayload_asU8()).getName();
    } catch {
      this.#breakOff('could NOT unmarshal registration info');
      return;
    }
    if (name === '') {
      this.#breakOff('error in handling register chaincode, chaincodeID name is empty');
      return;
    }
    if (name !== this.chaincodeId) {
      this.#breakOff(`peer will not accept external chaincode connection ${name} (except in dev mode)`);
      return;
    }
    this.#send(plain(MessageType.REGISTERED));
    this.#send(plain(MessageType.READY));
    this.#state = 'ready';
    this.#settleReady.resolve();
  }

  async #request(message: Message): Promise<void> {
    const [channelId, txId, type] = [message.getChannelId(), message.getTxid(), typeName(message.getType())];
    const id = contextId(channelId, txId);
    if (this.#requesting.has(id)) {
      logger.error(
        `[${shortTxId(txId)}] Another request pending for this CC: ${this.chaincodeId}, Txid: ${txId}, ChannelID: ${channelId}. Cannot process.`,
      );
      return;
    }
    this.#requesting.add(id);
    const answer = plain(MessageType.RESPONSE, channelId, txId);
    try {
      const payload = await this.#host.metrics.request(type, channelId, this.chaincodeId, () =>
        this.#handle(message, this.#transactions.get(id)),
      );
      answer.setPayload(payload);
    } catch (cause) {
      const text = `${type} failed: transaction ID: ${txId}: ${messageOf(cause)}`;
      logger.error(`[${shortTxId(txId)}] Failed to handle ${type}. error: ${text}`);
      answer.setType(MessageType.ERROR);
      answer.setPayload(Buffer.from(text, 'utf8'));
    }
    this.#requesting.delete(id);
    this.#send(answer);
  }

  async #handle(message: Message, context: TransactionContext | undefined): Promise<Uint8Array> {
    const type = message.getType();
    const simulator = context?.params.simulator;
    if (context === undefined || simulator === undefined) {
      throw new Error(
        type === MessageType.INVOKE_CHAINCODE ? 'could not get valid transaction' : 'no ledger context',
      );
    }
    const handle = REQUEST_HANDLERS.get(type);
    if (handle === undefined) throw new Error(`no handler for ${typeName(type)}`);
    return handle(message.getPayload_asU8(), {
      channelId: context.params.channelId,
      txId: context.params.txId,
      namespace: context.namespace,
      simulator,
      queries: context.queries,
      totalQueryLimit: this.#host.totalQueryLimit,
      invokeChaincode: (spec) => this.#host.invokeFromChaincode(context.params, spec),
    });
  }

  #send(message: Message): void {
    if (this.#state !== 'ended') this.#stream.write(message);
  }

  #breakOff(reason: string): void {
    logger.error(`error handling message, ending stream: ${reason}`);
    this.#stream.cancel();
    this.#end(new Error(reason));
  }

  #end(cause: Error | undefined): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    clearInterval(this.#keepalive);
    this.#settleReady.reject(cause ?? new Error(`connection to ${this.chaincodeId} terminated`));
    for (const transaction of this.#transactions.values()) {
      transaction.fail(new Error('chaincode stream terminated'));
    }
    this.#settleEnded(cause);
  }
}

function contextId(channelId: string, txId: string): string {
  return `${channelId}/${txId}`;
}

function plain(type: (typeof MessageType)[keyof typeof MessageType], channelId = '', txId = ''): Message {
  const message = new peer.ChaincodeMessage();
  message.setType(type);
  message.setChannelId(channelId);
  message.setTxid(txId);
  return message;
}

function typeName(type: number): string {
  const entry = Object.entries(MessageType).find(([, value]) => value === type);
  return entry?.[0] ?? String(type);
}
