import { common, peer } from '@hyperledger/fabric-protos';
import type { Signer } from '../protocol/signing';
import type { EndorserClient } from './endorser-client';
import { ChaincodeResponseError } from './errors';
import type { CallLimits, NodeAddress } from './node-connection';

/** How far one peer's ledger of a channel has come. Hashes are block header hashes. */
export interface ChainInfo {
  /** Number of committed blocks. */
  readonly height: number;
  readonly currentBlockHash: Uint8Array;
  /** Empty while block 0 is the only one. */
  readonly previousBlockHash: Uint8Array;
  /** Last block of the snapshot this peer joined from: that block and earlier ones are not served here. */
  readonly bootstrappedFromBlock?: number;
}

/** Channels of one peer, by its own system chaincodes (core/scc/cscc, core/scc/qscc). */
export class PeerChannels {
  constructor(private readonly endorser: EndorserClient) {}

  /**
   * Joins the channel whose genesis block this is. A peer that has joined it already is left as it is.
   * @param admin an admin of the peer's own organization
   * @param genesis serialized common.Block
   * @returns whether the peer joined now
   */
  async join(
    node: NodeAddress,
    admin: Signer,
    channelId: string,
    genesis: Uint8Array,
    limits?: CallLimits,
  ): Promise<boolean> {
    try {
      await this.endorser.query(
        node,
        admin,
        { channelId: '', chaincode: 'cscc', args: ['JoinChain', genesis] },
        limits,
      );
      return true;
    } catch (error) {
      // It may be joined already: core/peer/peer.go reports "ledger [x] already exists with state [ACTIVE]".
      if (
        error instanceof ChaincodeResponseError &&
        (await this.joined(node, admin, limits)).includes(channelId)
      ) {
        return false;
      }
      throw error;
    }
  }

  /**
   * Names of the channels this peer has joined.
   * @param signer any member of the peer's own organization
   */
  async joined(node: NodeAddress, signer: Signer, limits?: CallLimits): Promise<string[]> {
    const call = { channelId: '', chaincode: 'cscc', args: ['GetChannels'] };
    const payload = await this.endorser.query(node, signer, call, limits);
    return peer.ChannelQueryResponse.deserializeBinary(payload)
      .getChannelsList()
      .map((channel) => channel.getChannelId());
  }

  async chainInfo(
    node: NodeAddress,
    signer: Signer,
    channelId: string,
    limits?: CallLimits,
  ): Promise<ChainInfo> {
    const call = { channelId, chaincode: 'qscc', args: ['GetChainInfo', channelId] };
    const info = common.BlockchainInfo.deserializeBinary(
      await this.endorser.query(node, signer, call, limits),
    );
    const snapshot = info.getBootstrappingsnapshotinfo();
    return {
      height: info.getHeight(),
      currentBlockHash: info.getCurrentblockhash_asU8(),
      previousBlockHash: info.getPreviousblockhash_asU8(),
      ...(snapshot && { bootstrappedFromBlock: snapshot.getLastblockinsnapshot() }),
    };
  }

  /** The last configuration block this peer has committed. */
  async configBlock(
    node: NodeAddress,
    signer: Signer,
    channelId: string,
    limits?: CallLimits,
  ): Promise<common.Block> {
    const call = { channelId, chaincode: 'cscc', args: ['GetConfigBlock', channelId] };
    return common.Block.deserializeBinary(await this.endorser.query(node, signer, call, limits));
  }

  /** The configuration in force at this peer. */
  async channelConfig(
    node: NodeAddress,
    signer: Signer,
    channelId: string,
    limits?: CallLimits,
  ): Promise<common.Config> {
    const call = { channelId, chaincode: 'cscc', args: ['GetChannelConfig', channelId] };
    return common.Config.deserializeBinary(await this.endorser.query(node, signer, call, limits));
  }
}
