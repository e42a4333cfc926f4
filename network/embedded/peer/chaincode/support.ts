import { peer } from '@hyperledger/fabric-protos';
import type { PeerChannel } from '../channel';
import type { AccessControl } from '../endorser/access-control';
import { messageOf, withMessage } from '../../../protocol/cause';
import { openSimulator } from '../endorser/open-simulator';
import type { ChaincodeInfo } from '../lifecycle/chaincode-info';
import type { PackageStore } from '../lifecycle/package-store';
import { isSystemChaincode, systemChaincodeId } from '../system/names';
import type { SystemChaincode } from '../system/system-chaincode';
import { SystemStub } from '../system/system-stub';
import type { HandlerHost } from './handler';
import { ChaincodeLauncher } from './launcher';
import type { ChaincodeMetrics } from './metrics';
import type { TransactionParams } from './transaction';

const MessageType = peer.ChaincodeMessage.Type;

/** Reserved key in a chaincode's namespace: the version for which init has run. */
const INITIALIZED_KEY = '\u0000\u{10FFFF}initialized';

export interface ChaincodeSupportOptions {
  readonly info: ChaincodeInfo;
  readonly packages: PackageStore;
  readonly accessControl: AccessControl;
  readonly systemChaincodes: readonly SystemChaincode[];
  readonly channel: (channelId: string) => PeerChannel | undefined;
  readonly metrics: ChaincodeMetrics;
  /** chaincode.executetimeout, milliseconds. */
  readonly executeTimeoutMs: number;
  /** chaincode.startuptimeout, milliseconds. */
  readonly startupTimeoutMs: number;
  /** chaincode.keepalive, milliseconds; 0 sends none. */
  readonly keepaliveMs: number;
  /** ledger.state.totalQueryLimit. */
  readonly totalQueryLimit: number;
}

export interface ExecutionResult {
  readonly response: peer.Response;
  /** With chaincode name and transaction id filled in by the peer. */
  readonly event: peer.ChaincodeEvent | undefined;
}

/** Calls chaincodes, those of the peer itself and those in processes of their own (core/chaincode/chaincode_support.go). */
export class ChaincodeSupport {
  readonly #options: ChaincodeSupportOptions;
  readonly #launcher: ChaincodeLauncher;
  readonly #system: ReadonlyMap<string, SystemChaincode>;

  constructor(options: ChaincodeSupportOptions) {
    this.#options = options;
    this.#system = new Map(options.systemChaincodes.map((chaincode) => [chaincode.name, chaincode]));
    const host: HandlerHost = {
      metrics: options.metrics,
      totalQueryLimit: options.totalQueryLimit,
      keepaliveMs: options.keepaliveMs,
      invokeFromChaincode: (caller, spec) => this.#invokeFromChaincode(caller, spec),
    };
    this.#launcher = new ChaincodeLauncher({
      packages: options.packages,
      host,
      startupTimeoutMs: options.startupTimeoutMs,
    });
  }

  /**
   * Calls a chaincode and gives what it answered, whatever its status. Rejects when it could not be called, broke off,
   * ran too long or reported an error instead of answering.
   */
  async execute(
    params: TransactionParams,
    name: string,
    input: peer.ChaincodeInput,
  ): Promise<ExecutionResult> {
    let message: peer.ChaincodeMessage;
    try {
      message = await this.#invoke(params, name, input);
    } catch (cause) {
      throw withMessage(cause, `failed to execute transaction ${params.txId}`);
    }
    const event = message.getChaincodeEvent();
    event?.setChaincodeId(name);
    event?.setTxId(params.txId);
    if (message.getType() === MessageType.ERROR) {
      const text = Buffer.from(message.getPayload_asU8()).toString('utf8');
      throw new Error(`transaction returned with failure: ${text}`);
    }
    try {
      return { response: peer.Response.deserializeBinary(message.getPayload_asU8()), event };
    } catch (cause) {
      throw withMessage(cause, `failed to unmarshal response for transaction ${params.txId}`);
    }
  }

  /** Ends the streams to all chaincodes. */
  async close(): Promise<void> {
    await this.#launcher.close();
  }

  async #invoke(
    params: TransactionParams,
    name: string,
    input: peer.ChaincodeInput,
  ): Promise<peer.ChaincodeMessage> {
    const { packageId, isInit } = await this.#checkInvocation(params, name, input).catch((cause: unknown) => {
      throw withMessage(cause, 'invalid invocation');
    });
    if (isSystemChaincode(name)) return this.#invokeSystem(params, name, input);
    const handler = await this.#launcher.launch(packageId);
    try {
      const type = isInit ? MessageType.INIT : MessageType.TRANSACTION;
      return await handler.execute(params, name, type, input, this.#options.executeTimeoutMs);
    } catch (cause) {
      throw withMessage(cause, 'error sending');
    }
  }

  /** Init exactly once for each version that requires it (CheckInvocation). */
  async #checkInvocation(
    params: TransactionParams,
    name: string,
    input: peer.ChaincodeInput,
  ): Promise<{ packageId: string; isInit: boolean }> {
    const { simulator, channelId } = params;
    const info = await this.#options.info
      .endorsementInfo(channelId, name, simulator)
      .catch((cause: unknown) => {
        throw withMessage(cause, `[channel ${channelId}] failed to get chaincode container info for ${name}`);
      });
    let uninitialized = false;
    if (info.initRequired && simulator !== undefined) {
      const initialized = await simulator.getState(name, INITIALIZED_KEY);
      uninitialized = Buffer.from(initialized ?? []).toString('utf8') !== info.version;
    }
    if (input.getIsInit()) {
      if (!info.initRequired) {
        throw new Error(`chaincode '${name}' does not require initialization but called as init`);
      }
      if (!uninitialized) throw new Error(`chaincode '${name}' is already initialized but called as init`);
      simulator?.setState(name, INITIALIZED_KEY, Buffer.from(info.version, 'utf8'));
      return { packageId: info.chaincodeId, isInit: true };
    }
    if (uninitialized) {
      throw new Error(
        `chaincode '${name}' has not been initialized for this version, must call as init first`,
      );
    }
    return { packageId: info.chaincodeId, isInit: false };
  }

  async #invokeSystem(
    params: TransactionParams,
    name: string,
    input: peer.ChaincodeInput,
  ): Promise<peer.ChaincodeMessage> {
    const chaincode = this.#system.get(name);
    if (chaincode === undefined) {
      throw new Error(
        `could not launch chaincode ${systemChaincodeId(name)}: the legacy lifecycle is not available on this peer, use _lifecycle`,
      );
    }
    const stub = new SystemStub(name, params, input.getArgsList_asU8(), this.#options.metrics);
    const message = new peer.ChaincodeMessage();
    message.setTxid(params.txId);
    message.setChannelId(params.channelId);
    try {
      message.setPayload((await chaincode.invoke(stub)).serializeBinary());
      message.setType(MessageType.COMPLETED);
    } catch (cause) {
      message.setPayload(Buffer.from(messageOf(cause), 'utf8'));
      message.setType(MessageType.ERROR);
    }
    return message;
  }

  /**
   * A chaincode calls another one. On the same channel both work on one simulator; on another channel the callee gets
   * one of its own, of which only the response survives (handler.go HandleInvokeChaincode).
   */
  async #invokeFromChaincode(
    caller: TransactionParams,
    spec: peer.ChaincodeSpec,
  ): Promise<peer.ChaincodeMessage> {
    const target = parseName(spec.getChaincodeId()?.getName() ?? '');
    const channelId = target.channelId === '' ? caller.channelId : target.channelId;
    if (!isSystemChaincode(target.name)) {
      this.#options.accessControl.check('peer/ChaincodeToChaincode', channelId, caller.signedProposal);
    }
    const input = spec.getInput() ?? new peer.ChaincodeInput();
    if (channelId === caller.channelId) return this.#invokeNested(caller, target.name, input);

    const channel = this.#options.channel(channelId);
    if (channel === undefined) throw new Error(`failed to find ledger for channel: ${channelId}`);
    const simulator = await openSimulator(channel, caller.txId);
    try {
      return await this.#invokeNested({ ...caller, channelId, simulator }, target.name, input);
    } finally {
      await simulator.done();
    }
  }

  async #invokeNested(
    params: TransactionParams,
    name: string,
    input: peer.ChaincodeInput,
  ): Promise<peer.ChaincodeMessage> {
    try {
      return await this.#invoke(params, name, input);
    } catch (cause) {
      throw withMessage(cause, 'execute failed');
    }
  }
}

/** `name:version/channel`, the latter two optional. */
function parseName(text: string): { name: string; channelId: string } {
  const slash = text.indexOf('/');
  const [head, channelId] = slash < 0 ? [text, ''] : [text.slice(0, slash), text.slice(slash + 1)];
  const colon = head.indexOf(':');
  return { name: colon < 0 ? head : head.slice(0, colon), channelId };
}
