import type {
  handleServerStreamingCall,
  handleUnaryCall,
  ServerUnaryCall,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type { gateway } from '@hyperledger/fabric-protos';
import type { Logger } from '../../node/logging';
import type { PeerContext } from '../channel';
import type { AccessControl } from '../endorser/access-control';
import type { NodeConnections } from '../services/connections';
import { signalOf, whileWanted } from './call-scope';
import { chaincodeEvents } from './chaincode-events';
import { commitStatus } from './commit-status';
import { endorse } from './endorse';
import { evaluate } from './evaluate';
import type { TransactionOutcomes } from './outcomes';
import type { EndorserRegistry } from './registry';
import { submit } from './submit';
import { toServiceError } from './status';

/** Waiting times of the gateway, in milliseconds (core.yaml peer.gateway). */
export interface GatewayOptions {
  readonly endorsementTimeoutMs: number;
  readonly broadcastTimeoutMs: number;
}

/** What the gateway's calls share. */
export interface GatewayContext {
  readonly mspId: string;
  readonly peer: PeerContext;
  readonly accessControl: AccessControl;
  readonly registry: EndorserRegistry;
  readonly outcomes: TransactionOutcomes;
  readonly connections: NodeConnections;
  readonly options: GatewayOptions;
  readonly logger: Logger;
}

export interface GatewayServer extends UntypedServiceImplementation {
  evaluate: handleUnaryCall<gateway.EvaluateRequest, gateway.EvaluateResponse>;
  endorse: handleUnaryCall<gateway.EndorseRequest, gateway.EndorseResponse>;
  submit: handleUnaryCall<gateway.SubmitRequest, gateway.SubmitResponse>;
  commitStatus: handleUnaryCall<gateway.SignedCommitStatusRequest, gateway.CommitStatusResponse>;
  chaincodeEvents: handleServerStreamingCall<
    gateway.SignedChaincodeEventsRequest,
    gateway.ChaincodeEventsResponse
  >;
}

/** The Fabric Gateway service, for gateway.GatewayService. */
export function createGateway(context: GatewayContext): GatewayServer {
  return {
    evaluate: unary(context, evaluate),
    endorse: unary(context, endorse),
    submit: unary(context, submit),
    commitStatus: unary(context, commitStatus),
    chaincodeEvents: (call) => {
      chaincodeEvents(context, call, signalOf(call)).then(
        () => call.end(),
        (error: unknown) => call.emit('error', toServiceError(error)),
      );
    },
  };
}

function unary<Request, Response>(
  context: GatewayContext,
  verb: (context: GatewayContext, request: Request, signal: AbortSignal) => Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call: ServerUnaryCall<Request, Response>, callback) => {
    whileWanted(call, (signal) => verb(context, call.request, signal)).then(
      (response) => callback(null, response),
      (error: unknown) => callback(toServiceError(error)),
    );
  };
}
