import type { peer as types } from '@hyperledger/fabric-protos';
import { ChaincodeStub } from 'fabric-shim';
import type { ChaincodeResponse } from 'fabric-shim-api';
import type { Proposal } from './proposal';
import type { Simulator } from './simulator';
import { peer } from './protos';

/** What a peer answers when a chaincode calls another one on another channel. */
export type CrossChannelCall = (target: string, args: readonly string[]) => Promise<ChaincodeResponse>;

interface Iterator {
  next(): Promise<unknown>;
  close(): Promise<void>;
}

const iterate = (entries: readonly unknown[]): Iterator => {
  let index = 0;
  return {
    next: () => {
      const value = entries[index++];
      return Promise.resolve(value === undefined ? { done: true } : { done: false, value });
    },
    close: () => Promise.resolve(),
  };
};

/** The side of fabric-shim's stub that talks to the peer (lib/handler.js), answered by a simulator. */
class SimulatedHandler {
  constructor(
    private readonly simulator: Simulator,
    private readonly invoke: CrossChannelCall,
  ) {}

  handleGetState = (_collection: string, key: string): Promise<Buffer> =>
    Promise.resolve(Buffer.from(this.simulator.getState(key)));

  handlePutState = async (_collection: string, key: string, value: Uint8Array): Promise<void> => {
    await Promise.resolve();
    this.simulator.putState(key, value);
  };

  handleDeleteState = async (_collection: string, key: string): Promise<void> => {
    await Promise.resolve();
    this.simulator.putState(key, null);
  };

  handleGetStateByRange = async (
    _collection: string,
    start: string,
    end: string,
    _channel: string,
    _txId: string,
    metadata?: Uint8Array,
  ): Promise<object> => {
    await Promise.resolve();
    if (metadata === undefined) return { iterator: iterate(this.simulator.getRange(start, end)) };
    const query = peer.QueryMetadata.deserializeBinary(metadata);
    const page = this.simulator.getPage(start, end, query.getPagesize(), query.getBookmark());
    // As fabric-shim: metadata of zeroes are no bytes, and no bytes are no metadata.
    if (page.entries.length === 0 && page.bookmark === '') return { iterator: iterate([]) };
    return {
      iterator: iterate(page.entries),
      metadata: { fetchedRecordsCount: page.entries.length, bookmark: page.bookmark },
    };
  };

  handleGetHistoryForKey = (key: string): Promise<Iterator> =>
    Promise.resolve(iterate(this.simulator.getHistory(key)));

  handleInvokeChaincode = (target: string, args: readonly string[]): Promise<ChaincodeResponse> =>
    this.invoke(target, args);
}

/** fabric-shim's own stub over a simulator: keys, pages and iterators are treated as in a running chaincode. */
export function simulatedStub(
  simulator: Simulator,
  channel: string,
  proposal: Proposal,
  invoke: CrossChannelCall,
): ChaincodeStub {
  const Stub = ChaincodeStub as unknown as new (...parts: unknown[]) => ChaincodeStub;
  const handler = new SimulatedHandler(simulator, invoke);
  return new Stub(handler, channel, proposal.txId, proposal.input, proposal.signedProposal);
}

/** The event set during the call. */
export function eventOf(stub: ChaincodeStub): { name: string; payload: unknown } | undefined {
  const { chaincodeEvent } = stub as unknown as { chaincodeEvent?: types.ChaincodeEvent };
  if (chaincodeEvent === undefined) return undefined;
  return {
    name: chaincodeEvent.getEventName(),
    payload: JSON.parse(Buffer.from(chaincodeEvent.getPayload_asU8()).toString()),
  };
}
