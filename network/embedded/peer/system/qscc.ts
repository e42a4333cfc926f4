import { common, type peer } from '@hyperledger/fabric-protos';
import type { PeerChannel } from '../channel';
import type { AccessControl } from '../endorser/access-control';
import { messageOf } from '../../../protocol/cause';
import type { ChannelLedger } from '../ledger/types';
import { invokedChaincode } from './invoked-chaincode';
import { failure, success, type SystemChaincode } from './system-chaincode';
import type { SystemStub } from './system-stub';

const MAX_UINT64 = 2n ** 64n - 1n;

/** Queries of this peer's ledgers (core/scc/qscc/query.go). */
export class LedgerQueries implements SystemChaincode {
  readonly name = 'qscc';
  readonly #channel: (channelId: string) => PeerChannel | undefined;
  readonly #accessControl: AccessControl;

  constructor(channel: (channelId: string) => PeerChannel | undefined, accessControl: AccessControl) {
    this.#channel = channel;
    this.#accessControl = accessControl;
  }

  async invoke(stub: SystemStub): Promise<peer.Response> {
    const [functionArg, channelArg, key] = stub.args;
    if (functionArg === undefined || channelArg === undefined) {
      return failure(`Incorrect number of arguments, ${stub.args.length}`);
    }
    const [name, channelId] = [utf8(functionArg), utf8(channelArg)];
    const invoked = invokedChaincode(stub.signedProposal);
    if (invoked !== this.name) {
      return failure(
        `Rejecting invoke of QSCC from another chaincode because of potential for deadlocks, original invocation for '${invoked}'`,
      );
    }
    if (name !== 'GetChainInfo' && key === undefined) return failure(`missing 3rd argument for ${name}`);
    const ledger = this.#channel(channelId)?.ledger;
    if (ledger === undefined) return failure(`Invalid chain ID, ${channelId}`);
    try {
      this.#accessControl.check(`qscc/${name}`, channelId, stub.signedProposal);
    } catch (cause) {
      return failure(`access denied for [${name}][${channelId}]: [${messageOf(cause)}]`);
    }
    if (name === 'GetChainInfo') return chainInfo(ledger);
    const argument = key ?? new Uint8Array();
    switch (name) {
      case 'GetBlockByNumber':
        return blockByNumber(ledger, utf8(argument));
      case 'GetBlockByHash':
        return blockByHash(ledger, argument);
      case 'GetTransactionByID':
        return transactionById(ledger, utf8(argument));
      case 'GetBlockByTxID':
        return blockByTxId(ledger, utf8(argument));
      default:
        return failure(`Requested function ${name} not found.`);
    }
  }
}

function chainInfo(ledger: ChannelLedger): peer.Response {
  const info = new common.BlockchainInfo();
  info.setHeight(ledger.height);
  info.setCurrentblockhash(ledger.currentBlockHash);
  info.setPreviousblockhash(ledger.previousBlockHash);
  return success(info.serializeBinary());
}

async function blockByNumber(ledger: ChannelLedger, text: string): Promise<peer.Response> {
  const problem = !/^\d+$/.test(text)
    ? 'invalid syntax'
    : BigInt(text) > MAX_UINT64
      ? 'value out of range'
      : undefined;
  if (problem !== undefined) {
    return failure(
      `Failed to parse block number with error strconv.ParseUint: parsing ${JSON.stringify(text)}: ${problem}`,
    );
  }
  // The largest number asks for the last block.
  const number = BigInt(text) === MAX_UINT64 ? ledger.height - 1 : Number(text);
  const block = await ledger.block(number);
  if (block === undefined) {
    return failure(
      `Failed to get block number ${BigInt(text)}, error no such block number [${BigInt(text)}] in index`,
    );
  }
  return success(block.serializeBinary());
}

async function blockByHash(ledger: ChannelLedger, hash: Uint8Array): Promise<peer.Response> {
  const block = await ledger.blockByHash(hash);
  if (block !== undefined) return success(block.serializeBinary());
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(hash);
  } catch (cause) {
    // The genuine answer puts the hash's bytes into its message, and cannot send it when they are no text.
    throw new Error('failed to marshal response: string field contains invalid UTF-8', { cause });
  }
  const hex = Buffer.from(hash).toString('hex');
  return failure(`Failed to get block hash ${text}, error no such block hash [${hex}] in index`);
}

async function transactionById(ledger: ChannelLedger, txId: string): Promise<peer.Response> {
  const transaction = await ledger.transaction(txId);
  return transaction === undefined
    ? failure(`Failed to get transaction with id ${txId}, error no such transaction ID [${txId}] in index`)
    : success(transaction.serializeBinary());
}

async function blockByTxId(ledger: ChannelLedger, txId: string): Promise<peer.Response> {
  const block = await ledger.blockByTxId(txId);
  return block === undefined
    ? failure(`Failed to get block for txID ${txId}, error no such transaction ID [${txId}] in index`)
    : success(block.serializeBinary());
}

function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}
