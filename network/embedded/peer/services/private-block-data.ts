import { ledger, type common } from '@hyperledger/fabric-protos';
import { signaturePolicyFromBytes } from '../../../protocol/policy';
import type { ChannelConfig } from '../../../protocol/channel-config';
import type { SignedData } from '../endorser/access-control';
import type { LevelChannelLedger } from '../ledger/channel-ledger';
import { encodePrivateReadWriteSet } from '../ledger/private-data';
import type { PrivateNamespaceSet } from '../../../protocol/read-write-set';
import { committedDefinition, implicitCollectionOwner } from '../../../protocol/lifecycle/definition';

const { TxPvtReadWriteSet } = ledger.rwset;

/** Private write sets of a committed transaction that this peer holds; undefined when it holds none. */
export async function privateDataOf(
  channelLedger: LevelChannelLedger,
  block: number,
  tx: number,
): Promise<ledger.rwset.TxPvtReadWriteSet | undefined> {
  const sets = await channelLedger.privateData(block, tx);
  return sets.length === 0 ? undefined : TxPvtReadWriteSet.deserializeBinary(encodePrivateReadWriteSet(sets));
}

/**
 * The private data of a block that this peer holds and the client may read, by position of the transaction: data of
 * collections readable by members only goes to members (core/peer/deliverevents.go).
 */
export async function readablePrivateData(
  channelLedger: LevelChannelLedger,
  config: ChannelConfig,
  block: common.Block,
  client: SignedData,
): Promise<Map<number, ledger.rwset.TxPvtReadWriteSet>> {
  const found = new Map<number, ledger.rwset.TxPvtReadWriteSet>();
  const number = block.getHeader()?.getNumber() ?? 0;
  const transactions = block.getData()?.getDataList_asU8().length ?? 0;
  for (let tx = 0; tx < transactions; tx += 1) {
    const readable: PrivateNamespaceSet[] = [];
    for (const { namespace, collections } of await channelLedger.privateData(number, tx)) {
      const allowed = [];
      for (const set of collections) {
        if (await mayRead(channelLedger, config, namespace, set.collection, client)) allowed.push(set);
      }
      if (allowed.length > 0) readable.push({ namespace, collections: allowed });
    }
    if (readable.length > 0) {
      found.set(tx, TxPvtReadWriteSet.deserializeBinary(encodePrivateReadWriteSet(readable)));
    }
  }
  return found;
}

async function mayRead(
  channelLedger: LevelChannelLedger,
  config: ChannelConfig,
  namespace: string,
  collection: string,
  client: SignedData,
): Promise<boolean> {
  // An organization's implicit collection has no member-only flag: every reader of the channel gets it from a peer
  // of that organization (core/chaincode/implicitcollection).
  if (implicitCollectionOwner(collection) !== undefined) return true;
  const definition = await committedDefinition(channelLedger.state, namespace);
  const declared = definition?.collections
    ?.getConfigList()
    .map((entry) => entry.getStaticCollectionConfig())
    .find((entry) => entry?.getName() === collection);
  if (declared === undefined) {
    throw new Error(`no collection config was found for collection ${collection} for chaincode ${namespace}`);
  }
  if (!declared.getMemberOnlyRead()) return true;
  const members = declared.getMemberOrgsPolicy()?.getSignaturePolicy();
  if (members === undefined) return false;
  return signaturePolicyFromBytes(members.serializeBinary(), config.msps).evaluate([client]).satisfied;
}
