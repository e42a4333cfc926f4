import type { peer } from '@hyperledger/fabric-protos';
import type { ChaincodeMetrics } from '../chaincode/metrics';
import type { TransactionParams } from '../chaincode/transaction';
import { messageOf } from '../../../protocol/cause';
import type { TransactionSimulator } from '../endorser/simulator';
import { systemChaincodeId } from './names';

/**
 * What a system chaincode sees of its transaction. Its requests are counted and their errors worded as if they had
 * come over a shim stream, as genuine peers run system chaincodes.
 */
export class SystemStub {
  readonly args: readonly Uint8Array[];
  readonly channelId: string;
  readonly txId: string;
  readonly signedProposal: peer.SignedProposal;
  readonly #namespace: string;
  readonly #simulator: TransactionSimulator | undefined;
  readonly #metrics: ChaincodeMetrics;

  constructor(
    namespace: string,
    params: TransactionParams,
    args: readonly Uint8Array[],
    metrics: ChaincodeMetrics,
  ) {
    this.args = args;
    this.channelId = params.channelId;
    this.txId = params.txId;
    this.signedProposal = params.signedProposal;
    this.#namespace = namespace;
    this.#simulator = params.simulator;
    this.#metrics = metrics;
  }

  /** The simulator itself, for reads that are recorded but no shim requests; undefined without a channel. */
  get simulator(): TransactionSimulator | undefined {
    return this.#simulator;
  }

  getState(key: string): Promise<Uint8Array | undefined> {
    return this.#request('GET_STATE', (state) => state.getState(this.#namespace, key));
  }

  putState(key: string, value: Uint8Array): Promise<void> {
    return this.#request('PUT_STATE', (state) =>
      Promise.resolve(state.setState(this.#namespace, key, value)),
    );
  }

  delState(key: string): Promise<void> {
    return this.#request('DEL_STATE', (state) =>
      Promise.resolve(state.setState(this.#namespace, key, undefined)),
    );
  }

  /** Everything in [start, end), read to the end. */
  async getStateByRange(start: string, end: string): Promise<Map<string, Uint8Array>> {
    const found = await this.#request('GET_STATE_BY_RANGE', async (state) => {
      const entries = new Map<string, Uint8Array>();
      const range = state.range(this.#namespace, start, end);
      for (let next = await range.next(); next !== undefined; next = await range.next()) {
        entries.set(next.key, next.value);
      }
      await range.close();
      return entries;
    });
    await this.#request('QUERY_STATE_CLOSE', () => Promise.resolve());
    return found;
  }

  getPrivateData(collection: string, key: string): Promise<Uint8Array | undefined> {
    return this.#request('GET_STATE', (state) => state.getPrivateData(this.#namespace, collection, key));
  }

  getPrivateDataHash(collection: string, key: string): Promise<Uint8Array | undefined> {
    return this.#request('GET_PRIVATE_DATA_HASH', (state) =>
      state.getPrivateDataHash(this.#namespace, collection, key),
    );
  }

  putPrivateData(collection: string, key: string, value: Uint8Array): Promise<void> {
    return this.#request('PUT_STATE', (state) =>
      Promise.resolve(state.setPrivateData(this.#namespace, collection, key, value)),
    );
  }

  delPrivateData(collection: string, key: string): Promise<void> {
    return this.#request('DEL_STATE', (state) =>
      Promise.resolve(state.setPrivateData(this.#namespace, collection, key, undefined)),
    );
  }

  async #request<T>(type: string, handle: (state: TransactionSimulator) => Promise<T>): Promise<T> {
    try {
      return await this.#metrics.request(
        type,
        this.channelId,
        systemChaincodeId(this.#namespace),
        async () => {
          if (this.#simulator === undefined) throw new Error('no ledger context');
          return handle(this.#simulator);
        },
      );
    } catch (cause) {
      throw new Error(`${type} failed: transaction ID: ${this.txId}: ${messageOf(cause)}`, { cause });
    }
  }
}
