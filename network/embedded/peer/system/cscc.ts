import { common, peer } from '@hyperledger/fabric-protos';
import { lastConfigIndex } from '../../../protocol/block';
import { decodeMessage } from '../../../protocol/wire';
import type { PeerContext } from '../channel';
import type { AccessControl } from '../endorser/access-control';
import { compareUtf8 } from '../../../protocol/byte-order';
import { messageOf } from '../../../protocol/cause';
import { genesisChannelId, validateConfigBlock } from './config-block';
import { invokedChaincode } from './invoked-chaincode';
import { failure, success, type SystemChaincode } from './system-chaincode';
import type { SystemStub } from './system-stub';

/** Joining channels and reading their configuration (core/scc/cscc/configure.go). */
export class PeerConfiguration implements SystemChaincode {
  readonly name = 'cscc';
  readonly #context: PeerContext;
  readonly #accessControl: AccessControl;

  constructor(context: PeerContext, accessControl: AccessControl) {
    this.#context = context;
    this.#accessControl = accessControl;
  }

  async invoke(stub: SystemStub): Promise<peer.Response> {
    const [functionArg, argument] = stub.args;
    if (functionArg === undefined) return failure(`Incorrect number of arguments, ${stub.args.length}`);
    const name = utf8(functionArg);
    const needsArgument = name !== 'GetChannels' && name !== 'JoinBySnapshotStatus';
    if (needsArgument && argument === undefined) {
      return failure(`Incorrect number of arguments, ${stub.args.length}`);
    }
    const invoked = invokedChaincode(stub.signedProposal);
    if (invoked !== this.name) {
      return failure(`Rejecting invoke of CSCC from another chaincode, original invocation for '${invoked}'`);
    }
    const value = argument ?? new Uint8Array();
    switch (name) {
      case 'JoinChain':
        return this.#joinChain(value, stub.signedProposal);
      case 'JoinChainBySnapshot':
        return this.#joinChainBySnapshot(value, stub.signedProposal);
      case 'JoinBySnapshotStatus':
        return this.#joinBySnapshotStatus(stub.signedProposal);
      case 'GetConfigBlock':
        return this.#getConfigBlock(utf8(value), stub.signedProposal);
      case 'GetChannelConfig':
        return this.#getChannelConfig(utf8(value), stub.signedProposal);
      case 'GetChannels':
        return this.#getChannels(stub.signedProposal);
      default:
        return failure(`Requested function ${name} not found.`);
    }
  }

  async #joinChain(bytes: Uint8Array, proposal: peer.SignedProposal): Promise<peer.Response> {
    let block: common.Block;
    try {
      block = decodeMessage(common.Block, bytes, 'Block');
    } catch (cause) {
      return failure(`Failed to reconstruct the genesis block, ${messageOf(cause)}`);
    }
    let channelId: string;
    try {
      channelId = genesisChannelId(block);
    } catch (cause) {
      return failure(
        `"JoinChain" request failed to extract channel id from the block due to [${messageOf(cause)}]`,
      );
    }
    try {
      validateConfigBlock(block);
    } catch (cause) {
      return failure(
        `"JoinChain" for channelID = ${channelId} failed because of validation of configuration block, because of ${messageOf(cause)}`,
      );
    }
    const denied = this.#denied('JoinChain', '', proposal);
    if (denied !== undefined) return failure(`access denied for [JoinChain][${channelId}]: [${denied}]`);
    try {
      await this.#context.join(block);
    } catch (cause) {
      return failure(messageOf(cause));
    }
    return success();
  }

  #joinChainBySnapshot(folder: Uint8Array, proposal: peer.SignedProposal): peer.Response {
    if (folder.length === 0) return failure('Cannot join the channel, no snapshot directory provided');
    const denied = this.#denied('JoinChainBySnapshot', '', proposal);
    if (denied !== undefined) return failure(`access denied for [JoinChainBySnapshot]: [${denied}]`);
    return failure(
      'joining a channel by snapshot is not available on this peer: join with the genesis block instead',
    );
  }

  /** As no channel is ever joined by snapshot here, none is in progress. */
  #joinBySnapshotStatus(proposal: peer.SignedProposal): peer.Response {
    const denied = this.#denied('JoinBySnapshotStatus', '', proposal);
    if (denied !== undefined) return failure(`access denied for [JoinBySnapshotStatus]: ${denied}`);
    return success(new peer.JoinBySnapshotStatus().serializeBinary());
  }

  async #getConfigBlock(channelId: string, proposal: peer.SignedProposal): Promise<peer.Response> {
    const denied = this.#denied('GetConfigBlock', channelId, proposal);
    if (denied !== undefined) return failure(`access denied for [GetConfigBlock][${channelId}]: ${denied}`);
    const ledger = this.#context.channel(channelId)?.ledger;
    if (ledger === undefined) return failure(`Unknown channel ID, ${channelId}`);
    const last = await ledger.block(ledger.height - 1);
    const configBlock = last === undefined ? undefined : await ledger.block(lastConfigIndex(last));
    if (configBlock === undefined) return failure('failed to retrieve last config block');
    return success(configBlock.serializeBinary());
  }

  #getChannelConfig(channelId: string, proposal: peer.SignedProposal): peer.Response {
    if (channelId === '') return failure('empty channel name provided');
    const denied = this.#denied('GetChannelConfig', channelId, proposal);
    if (denied !== undefined) return failure(`access denied for [GetChannelConfig][${channelId}]: ${denied}`);
    const channel = this.#context.channel(channelId);
    if (channel === undefined) return failure(`unknown channel ID, ${channelId}`);
    return success(channel.config().config.serializeBinary());
  }

  #getChannels(proposal: peer.SignedProposal): peer.Response {
    const denied = this.#denied('GetChannels', '', proposal);
    if (denied !== undefined) return failure(`access denied for [GetChannels]: ${denied}`);
    const answer = new peer.ChannelQueryResponse();
    const ids = this.#context.channels().map(({ id }) => id);
    for (const id of ids.sort(compareUtf8)) {
      const info = new peer.ChannelInfo();
      info.setChannelId(id);
      answer.addChannels(info);
    }
    return success(answer.serializeBinary());
  }

  /** Why the creator may not; undefined when they may. */
  #denied(name: string, channelId: string, proposal: peer.SignedProposal): string | undefined {
    try {
      this.#accessControl.check(`cscc/${name}`, channelId, proposal);
      return undefined;
    } catch (cause) {
      return messageOf(cause);
    }
  }
}

function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}
