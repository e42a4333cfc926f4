import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';
import { common, gossip } from '@hyperledger/fabric-protos';
import { readExchangeAnswer, type ExchangeAnswer } from './messages';

interface Message {
  serializeBinary(): Uint8Array;
}

function method<Request extends Message, Response>(
  name: string,
  request: { deserializeBinary(bytes: Uint8Array): Request },
  response: { readonly write: (value: Response) => Buffer; readonly read: (bytes: Buffer) => Response },
): MethodDefinition<Request, Response> {
  return {
    path: `/cityflow.Membership/${name}`,
    requestStream: false,
    responseStream: false,
    requestSerialize: (value) => Buffer.from(value.serializeBinary()),
    requestDeserialize: (bytes) => request.deserializeBinary(bytes),
    responseSerialize: response.write,
    responseDeserialize: response.read,
  };
}

function message<T extends Message>(type: { deserializeBinary(bytes: Uint8Array): T }) {
  return {
    write: (value: T) => Buffer.from(value.serializeBinary()),
    read: (bytes: Buffer) => type.deserializeBinary(bytes),
  };
}

/**
 * The exchange between embedded peers: who is in which channel at what height, and private write sets within an
 * organization. It stands in for gossip, whose service a genuine peer offers and this one does not. Requests are
 * envelopes signed with the peer's identity.
 */
export const MembershipService = {
  exchange: method<common.Envelope, ExchangeAnswer>('Exchange', common.Envelope, {
    write: (value) => Buffer.from(JSON.stringify(value)),
    read: (bytes) => readExchangeAnswer(bytes),
  }),
  /** Data of the envelope: gossip.PrivatePayload. */
  storePrivateData: method<common.Envelope, gossip.Empty>(
    'StorePrivateData',
    common.Envelope,
    message(gossip.Empty),
  ),
  /** Data of the envelope: gossip.RemotePvtDataRequest. */
  fetchPrivateData: method<common.Envelope, gossip.RemotePvtDataResponse>(
    'FetchPrivateData',
    common.Envelope,
    message(gossip.RemotePvtDataResponse),
  ),
} satisfies ServiceDefinition;
