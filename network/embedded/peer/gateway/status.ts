import { Metadata, status as Code, type ServiceError } from '@grpc/grpc-js';
import { gateway, google, type peer } from '@hyperledger/fabric-protos';
import { failedDial } from '../services/failed-dial';
import { Any } from 'google-protobuf/google/protobuf/any_pb';

/** Which node said what: goes to the client as gateway.ErrorDetail. */
export interface NodeMessage {
  readonly address: string;
  readonly mspId: string;
  readonly message: string;
}

/** An answer of the gateway other than success: gRPC code, text, and what each asked node said. */
export class GatewayStatus extends Error {
  override readonly name = 'GatewayStatus';

  constructor(
    readonly code: Code,
    message: string,
    readonly details: readonly NodeMessage[] = [],
  ) {
    super(message);
  }
}

/**
 * The error the gRPC server sends for a failed call. Details travel as google.rpc.Status in the trailer
 * `grpc-status-details-bin`, as every Fabric Gateway client expects them.
 */
export function toServiceError(error: unknown): ServiceError {
  const known = error instanceof GatewayStatus ? error : new GatewayStatus(Code.UNKNOWN, messageOf(error));
  const metadata = new Metadata();
  if (known.details.length > 0) {
    const rpcStatus = new google.rpc.Status();
    rpcStatus.setCode(known.code);
    rpcStatus.setMessage(known.message);
    for (const { address, mspId, message } of known.details) {
      const detail = new gateway.ErrorDetail();
      detail.setAddress(address);
      detail.setMspId(mspId);
      detail.setMessage(message);
      const packed = new Any();
      packed.pack(detail.serializeBinary(), 'gateway.ErrorDetail');
      rpcStatus.addDetails(packed);
    }
    metadata.set('grpc-status-details-bin', Buffer.from(rpcStatus.serializeBinary()));
  }
  return Object.assign(new Error(known.message), {
    code: known.code,
    details: known.message,
    metadata,
  });
}

/** The text of an error as Go prints one: a gRPC status becomes `rpc error: code = Unavailable desc = …`. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (isServiceError(error)) {
    const dialed = failedDial(error.details);
    const description =
      dialed === undefined
        ? error.details
        : `connection error: desc = "transport: Error while dialing ${dialed}"`;
    return `rpc error: code = ${goCodeName(error.code)} desc = ${description}`;
  }
  return error.message;
}

/** A call of ours that ended although its connection stands. */
export function unavailable(details: string, cause: ServiceError): ServiceError {
  const { metadata } = cause;
  return Object.assign(new Error(details, { cause }), { code: Code.UNAVAILABLE, details, metadata });
}

export function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' && 'details' in error;
}

/** 'DEADLINE_EXCEEDED' → 'DeadlineExceeded'; Go alone spells Canceled with one l, and OK stays OK. */
function goCodeName(code: Code): string {
  if (code === Code.OK) return 'OK';
  if (code === Code.CANCELLED) return 'Canceled';
  return Code[code]
    .split('_')
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join('');
}

/** How the gateway takes an endorser's answer. */
export type EndorserAnswer =
  | { readonly ok: true; readonly response: peer.ProposalResponse; readonly result: peer.Response }
  | {
      readonly ok: false;
      readonly code: Code;
      readonly message: string;
      /** Whether Evaluate should ask another peer. */
      readonly retry: boolean;
      /** Whether the connection should be given up and the peer looked at anew. */
      readonly remove: boolean;
    };

const ERROR_STREAM_TERMINATED = 'chaincode stream terminated';

/** Judges a proposal response as responseStatus in internal/pkg/gateway/apiutils.go does. */
export function judgeResponse(response: peer.ProposalResponse): EndorserAnswer {
  const result = response.getResponse();
  if (result === undefined) {
    return {
      ok: false,
      code: Code.ABORTED,
      message: 'the endorser sent a proposal response without a response',
      retry: true,
      remove: false,
    };
  }
  const status = result.getStatus();
  if (status >= 200 && status < 400) return { ok: true, response, result };
  const message = result.getMessage();
  if (response.getPayload_asU8().length === 0 && status === 500) {
    // A 500 without payload was made by the peer, not by the chaincode: another peer may do better.
    return {
      ok: false,
      code: Code.ABORTED,
      message,
      retry: true,
      remove: message.endsWith(ERROR_STREAM_TERMINATED),
    };
  }
  return {
    ok: false,
    code: Code.UNKNOWN,
    message: `chaincode response ${status}, ${message}`,
    retry: false,
    remove: false,
  };
}

/** Judges a call that failed: a refusal by the local endorser is the client's fault, anything remote is a lost peer. */
export function judgeFailure(error: unknown, local: boolean): EndorserAnswer {
  return local
    ? { ok: false, code: Code.FAILED_PRECONDITION, message: messageOf(error), retry: false, remove: false }
    : { ok: false, code: Code.UNAVAILABLE, message: messageOf(error), retry: true, remove: true };
}
