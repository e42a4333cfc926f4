import { common, peer } from '@hyperledger/fabric-protos';
import type { Signer } from '../protocol/signing';
import type { EndorserClient } from './endorser-client';
import { ChaincodeResponseError } from './errors';
import type { CallLimits, NodeAddress } from './node-connection';

/** Blocks and transactions of one peer's ledger by qscc (core/scc/qscc/query.go). Asks as a reader of the channel. */
export class LedgerQueries {
  constructor(private readonly endorser: EndorserClient) {}

  /** @returns undefined where this peer has no such block (yet) */
  async blockByNumber(
    node: NodeAddress,
    signer: Signer,
    channelId: string,
    number: number,
    limits?: CallLimits,
  ): Promise<common.Block | undefined> {
    const payload = await this.#query(node, signer, channelId, 'GetBlockByNumber', String(number), limits);
    return payload && common.Block.deserializeBinary(payload);
  }

  /**
   * @param headerHash of the block's header, not of its data
   * @returns undefined where this peer has no such block
   */
  async blockByHash(
    node: NodeAddress,
    signer: Signer,
    channelId: string,
    headerHash: Uint8Array,
    limits?: CallLimits,
  ): Promise<common.Block | undefined> {
    const payload = await this.#query(node, signer, channelId, 'GetBlockByHash', headerHash, limits);
    return payload && common.Block.deserializeBinary(payload);
  }

  /** @returns undefined where this peer has not committed that transaction */
  async blockByTxId(
    node: NodeAddress,
    signer: Signer,
    channelId: string,
    txId: string,
    limits?: CallLimits,
  ): Promise<common.Block | undefined> {
    const payload = await this.#query(node, signer, channelId, 'GetBlockByTxID', txId, limits);
    return payload && common.Block.deserializeBinary(payload);
  }

  /** @returns the transaction's envelope with its validation code; undefined where this peer has not committed it */
  async transaction(
    node: NodeAddress,
    signer: Signer,
    channelId: string,
    txId: string,
    limits?: CallLimits,
  ): Promise<peer.ProcessedTransaction | undefined> {
    const payload = await this.#query(node, signer, channelId, 'GetTransactionByID', txId, limits);
    return payload && peer.ProcessedTransaction.deserializeBinary(payload);
  }

  async #query(
    node: NodeAddress,
    signer: Signer,
    channelId: string,
    functionName: string,
    key: string | Uint8Array,
    limits: CallLimits | undefined,
  ): Promise<Uint8Array | undefined> {
    try {
      const call = { channelId, chaincode: 'qscc', args: [functionName, channelId, key] };
      return await this.endorser.query(node, signer, call, limits);
    } catch (error) {
      if (error instanceof ChaincodeResponseError && saysNotFound(error.chaincodeMessage)) return undefined;
      throw error;
    }
  }
}

/**
 * qscc has no status of its own for "not found", only words: "no such block number [9] in index",
 * "no such transaction ID [ab] in index" (common/ledger/blkstorage/blockindex.go).
 */
function saysNotFound(message: string): boolean {
  return /no such (block|transaction)|not found in index/i.test(message) || couldNotSayNotFound(message);
}

/**
 * A peer puts an unknown hash as it is into its "not found", and then fails to send that as text
 * (core/scc/qscc/query.go getBlockByHash, hyperledger/fabric#5003).
 */
function couldNotSayNotFound(message: string): boolean {
  return message.includes('failed to marshal response') && message.includes('invalid UTF-8');
}
