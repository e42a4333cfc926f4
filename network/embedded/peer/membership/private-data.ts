import {
  status as Code,
  type handleUnaryCall,
  type MethodDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { common, gossip, ledger } from '@hyperledger/fabric-protos';
import { createEnvelope, parseEnvelope, type ParsedEnvelope } from '../../../protocol/envelope';
import { decodeMessage } from '../../../protocol/wire';
import type { Logger } from '../../node/logging';
import type { PeerChannel, PeerContext } from '../channel';
import { messageOf } from '../gateway/status';
import { channelNodes } from '../services/channel-nodes';
import type { NodeConnections } from '../services/connections';
import { MembershipService } from './service';
import { memberPeer } from './statement';

const { TxPvtReadWriteSet, NsPvtReadWriteSet, CollectionPvtReadWriteSet } = ledger.rwset;

/** A collection's private write set of one transaction. */
export interface PrivateSetReference {
  readonly namespace: string;
  readonly collection: string;
}

export interface PrivateDataDependencies {
  readonly peer: PeerContext;
  readonly connections: NodeConnections;
  readonly logger: Logger;
  /** Addresses of the live peers of this peer's own organization on a channel, itself excepted. */
  ownOrganization(channelId: string): readonly string[];
  /** Private write sets of a committed transaction this peer holds. */
  committed(
    channelId: string,
    block: number,
    tx: number,
  ): Promise<ledger.rwset.TxPvtReadWriteSet | undefined>;
}

const TIMEOUT_MS = 3000;
/** A receiver keeps write sets of transactions simulated at most that far from its own height. */
const MAX_HEIGHT_DIFFERENCE = 1000;

/**
 * Private write sets between the peers of one organization: handed over right after endorsement, and asked for when
 * a block refers to one that is not here.
 */
export class PrivateDataExchange {
  constructor(private readonly deps: PrivateDataDependencies) {}

  /**
   * Hands the private write set of a transaction to the organization's other live peers. Resolves when each has
   * stored it or has failed to: who lacks it asks for it at commit.
   */
  async distribute(
    channelId: string,
    txId: string,
    privateWriteSet: ledger.rwset.TxPvtReadWriteSet,
  ): Promise<void> {
    const channel = this.deps.peer.channel(channelId);
    if (channel === undefined) return;
    const payload = new gossip.PrivatePayload();
    payload.setTxId(txId);
    payload.setPrivateSimHeight(channel.ledger.height);
    payload.setPrivateRwset(privateWriteSet.serializeBinary());
    const request = this.#sign(channelId, payload.serializeBinary());
    await Promise.all(
      this.deps.ownOrganization(channelId).map(async (endpoint) => {
        try {
          await this.#call(channel, endpoint, MembershipService.storePrivateData, request);
        } catch (error) {
          this.deps.logger.warn('could not hand private data over', {
            channel: channelId,
            txID: txId,
            endpoint,
            error: messageOf(error),
          });
        }
      }),
    );
  }

  /**
   * Asks the organization's other peers for write sets of a transaction. Answers a serialized TxPvtReadWriteSet with
   * every candidate found, which the caller checks against the hashes in the block; undefined when there is none.
   */
  async fetch(
    channelId: string,
    txId: string,
    blockNumber: number,
    txNumber: number,
    wanted: readonly PrivateSetReference[],
  ): Promise<Uint8Array | undefined> {
    const channel = this.deps.peer.channel(channelId);
    if (channel === undefined || wanted.length === 0) return undefined;
    const query = new gossip.RemotePvtDataRequest();
    for (const { namespace, collection } of wanted) {
      const digest = new gossip.PvtDataDigest();
      digest.setTxId(txId);
      digest.setNamespace(namespace);
      digest.setCollection(collection);
      digest.setBlockSeq(blockNumber);
      digest.setSeqInBlock(txNumber);
      query.addDigests(digest);
    }
    const request = this.#sign(channelId, query.serializeBinary());
    const found = new Map<string, ledger.rwset.NsPvtReadWriteSet>();
    for (const endpoint of this.deps.ownOrganization(channelId)) {
      try {
        const answer = await this.#call(channel, endpoint, MembershipService.fetchPrivateData, request);
        for (const element of answer.getElementsList()) collect(found, element);
      } catch (error) {
        this.deps.logger.warn('could not ask for private data', {
          channel: channelId,
          txID: txId,
          endpoint,
          error: messageOf(error),
        });
      }
    }
    if (found.size === 0) return undefined;
    const writeSet = new TxPvtReadWriteSet();
    writeSet.setNsPvtRwsetList([...found.values()]);
    return writeSet.serializeBinary();
  }

  /** The two private data calls of MembershipService. */
  server(): UntypedServiceImplementation {
    const store: handleUnaryCall<common.Envelope, gossip.Empty> = (call, callback) => {
      this.#store(call.request).then(
        () => callback(null, new gossip.Empty()),
        (error: unknown) => callback({ code: Code.PERMISSION_DENIED, details: messageOf(error) }),
      );
    };
    const fetch: handleUnaryCall<common.Envelope, gossip.RemotePvtDataResponse> = (call, callback) => {
      this.#lookUp(call.request).then(
        (response) => callback(null, response),
        (error: unknown) => callback({ code: Code.PERMISSION_DENIED, details: messageOf(error) }),
      );
    };
    return { storePrivateData: store, fetchPrivateData: fetch };
  }

  async #store(request: common.Envelope): Promise<void> {
    const { channel, envelope } = this.#open(request);
    const payload = decodeMessage(gossip.PrivatePayload, envelope.data, 'PrivatePayload');
    const height = payload.getPrivateSimHeight();
    if (Math.abs(height - channel.ledger.height) > MAX_HEIGHT_DIFFERENCE) {
      throw new Error(
        `private data of height ${height} is too far from height ${channel.ledger.height} here`,
      );
    }
    decodeMessage(TxPvtReadWriteSet, payload.getPrivateRwset_asU8(), 'TxPvtReadWriteSet');
    await channel.ledger.transientStore.put(payload.getTxId(), height, payload.getPrivateRwset_asU8());
  }

  async #lookUp(request: common.Envelope): Promise<gossip.RemotePvtDataResponse> {
    const { channel, envelope } = this.#open(request);
    const query = decodeMessage(gossip.RemotePvtDataRequest, envelope.data, 'RemotePvtDataRequest');
    const response = new gossip.RemotePvtDataResponse();
    for (const digest of query.getDigestsList()) {
      const held = await this.deps.committed(channel.id, digest.getBlockSeq(), digest.getSeqInBlock());
      const waiting = await channel.ledger.transientStore.get(digest.getTxId());
      const sets = [
        ...(held === undefined ? [] : [held]),
        ...waiting.map((bytes) => decodeMessage(TxPvtReadWriteSet, bytes, 'TxPvtReadWriteSet')),
      ];
      const payloads = sets.flatMap((set) =>
        collectionSets(set, digest.getNamespace(), digest.getCollection()),
      );
      if (payloads.length === 0) continue;
      const element = new gossip.PvtDataElement();
      element.setDigest(digest);
      element.setPayloadList(payloads);
      response.addElements(element);
    }
    return response;
  }

  /** Checks that a peer of this peer's own organization signed the request; throws when not. */
  #open(request: common.Envelope): { channel: PeerChannel; envelope: ParsedEnvelope } {
    const envelope = parseEnvelope(request);
    const channelId = envelope.channelHeader.getChannelId();
    const channel = this.deps.peer.channel(channelId);
    if (channel === undefined) throw new Error(`channel ${channelId} is not joined here`);
    const identity = memberPeer(channel, envelope.signatureHeader.getCreator_asU8());
    const { mspId } = this.deps.peer.signer;
    if (identity.mspId !== mspId) throw new Error(`private data is exchanged within ${mspId} only`);
    if (!identity.verify(envelope.payload, envelope.signature))
      throw new Error('the request has a wrong signature');
    return { channel, envelope };
  }

  #sign(channelId: string, data: Uint8Array): common.Envelope {
    return createEnvelope(this.deps.peer.signer, { type: common.HeaderType.MESSAGE, channelId, data });
  }

  #call<Response>(
    channel: PeerChannel,
    endpoint: string,
    method: MethodDefinition<common.Envelope, Response>,
    request: common.Envelope,
  ): Promise<Response> {
    const roots = channelNodes(channel.config().config).tlsRoots.get(this.deps.peer.signer.mspId) ?? [];
    return new Promise((resolve, reject) => {
      this.deps.connections
        .client(endpoint, roots)
        .makeUnaryRequest(
          method.path,
          method.requestSerialize,
          method.responseDeserialize,
          request,
          { deadline: Date.now() + TIMEOUT_MS },
          (error, response) => {
            if (error !== null) reject(error);
            else if (response === undefined) reject(new Error('no answer'));
            else resolve(response);
          },
        );
    });
  }
}

function collectionSets(
  set: ledger.rwset.TxPvtReadWriteSet,
  namespace: string,
  collection: string,
): Uint8Array[] {
  return set
    .getNsPvtRwsetList()
    .filter((part) => part.getNamespace() === namespace)
    .flatMap((part) => part.getCollectionPvtRwsetList())
    .filter((part) => part.getCollectionName() === collection)
    .map((part) => part.getRwset_asU8());
}

function collect(found: Map<string, ledger.rwset.NsPvtReadWriteSet>, element: gossip.PvtDataElement): void {
  const digest = element.getDigest();
  if (digest === undefined) return;
  const namespace = digest.getNamespace();
  let part = found.get(namespace);
  if (part === undefined) {
    part = new NsPvtReadWriteSet();
    part.setNamespace(namespace);
    found.set(namespace, part);
  }
  for (const rwset of element.getPayloadList_asU8()) {
    const collection = new CollectionPvtReadWriteSet();
    collection.setCollectionName(digest.getCollection());
    collection.setRwset(rwset);
    part.addCollectionPvtRwset(collection);
  }
}
