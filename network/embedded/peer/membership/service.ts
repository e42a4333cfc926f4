import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';
import { common, gossip } from '@hyperledger/fabric-protos';
import { z } from 'zod';

/**
 * The exchange between embedded peers: who is in which channel at what height, and private write sets within an
 * organization. It stands in for gossip, whose service a genuine peer offers and this one does not. Requests are
 * envelopes signed with the peer's identity.
 */

/** Instance of a peer process and a count within it: the higher pair is the newer statement. */
const version = z.tuple([z.number().int(), z.number().int()]);
export type StatementVersion = z.infer<typeof version>;

/** What a peer says about itself on one channel; the envelope around it names the channel and is signed. */
export const statementBody = z.object({
  purpose: z.literal('membership'),
  endpoint: z.string().min(1),
  version,
  height: z.number().int().nonnegative(),
  chaincodes: z.array(z.object({ name: z.string(), sequence: z.number().int() })),
});
export type StatementBody = z.infer<typeof statementBody>;

/** A question for news: statements of the asker, and the versions it knows, by channel and `<MSP> <endpoint>`. */
export const exchangeBody = z.object({
  purpose: z.literal('exchange'),
  /** Endpoint of the asker. */
  from: z.string().min(1),
  known: z.record(z.string(), z.record(z.string(), version)),
  statements: z.array(z.base64()),
});
export type ExchangeBody = z.infer<typeof exchangeBody>;

/** Statements the asker does not know yet, and the channels on which the asked one lacks the asker's own. */
export const exchangeAnswer = z.object({ statements: z.array(z.base64()), wanted: z.array(z.string()) });
export type ExchangeAnswer = z.infer<typeof exchangeAnswer>;

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

export const MembershipService = {
  exchange: method<common.Envelope, ExchangeAnswer>('Exchange', common.Envelope, {
    write: (value) => Buffer.from(JSON.stringify(value)),
    read: (bytes) => exchangeAnswer.parse(JSON.parse(bytes.toString('utf8'))),
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
