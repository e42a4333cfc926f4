import { status } from '@grpc/grpc-js';
import type { ErrorDetail, GatewayError } from '@hyperledger/fabric-gateway';

export type TransactionStage = 'evaluate' | 'endorse' | 'submit' | 'commit';

/** What one endorser or orderer said, verbatim. Without any, the gateway peer itself failed. */
export type NodeErrorDetail = Readonly<ErrorDetail>;

/** A transaction failed at one of its stages. */
export class GatewayTransactionError extends Error {
  /** Name of the gRPC status, e.g. `ABORTED`. */
  readonly codeName: string;

  constructor(
    readonly stage: TransactionStage,
    /** Known from the moment the proposal was made; absent for evaluations. */
    readonly transactionId: string | undefined,
    /** Name of the peer whose gateway was used last. */
    readonly gatewayPeer: string,
    /** gRPC status code. */
    readonly code: number,
    /** The gateway's own message, verbatim. */
    readonly reason: string,
    readonly details: readonly NodeErrorDetail[],
    /** Whether the transaction may commit in spite of this: never send it again under another id before asking. */
    readonly mayCommit: boolean,
    options?: ErrorOptions,
  ) {
    super(describe(stage, gatewayPeer, code, reason, details), options);
    this.name = 'GatewayTransactionError';
    this.codeName = status[code] ?? String(code);
  }
}

export function transactionError(
  stage: TransactionStage,
  transactionId: string | undefined,
  gatewayPeer: string,
  error: GatewayError,
): GatewayTransactionError {
  return new GatewayTransactionError(
    stage,
    transactionId,
    gatewayPeer,
    error.code,
    error.cause.details,
    error.details,
    stage === 'commit' || (stage === 'submit' && !refusedByOrderer(error)),
    { cause: error },
  );
}

/** The peer did not take the call; nothing of it has happened there. */
export function notTaken(error: GatewayError): boolean {
  return (error.code as status) === status.UNAVAILABLE && error.details.length === 0 && !saysNoOrderer(error);
}

/**
 * What a gateway says when each orderer refused, or none is known. It names those out of reach in details, but not one
 * that answered 503, as an orderer does until its group has a leader (internal/pkg/gateway/submit.go).
 */
function saysNoOrderer({ cause }: GatewayError): boolean {
  return /^no orderers could successfully process transaction|^no orderer nodes available/.test(
    cause.details,
  );
}

/** The peer took the call and its time ran out without a word. */
export function keptSilent(error: GatewayError): boolean {
  return (error.code as status) === status.DEADLINE_EXCEEDED && error.details.length === 0;
}

/** Statuses with which a gateway says that no orderer has the transaction (internal/pkg/gateway/submit.go). */
function refusedByOrderer(error: GatewayError): boolean {
  const code = error.code as status;
  return (
    code === status.ABORTED ||
    code === status.INVALID_ARGUMENT ||
    code === status.FAILED_PRECONDITION ||
    code === status.PERMISSION_DENIED ||
    code === status.UNIMPLEMENTED ||
    code === status.RESOURCE_EXHAUSTED ||
    (code === status.UNAVAILABLE && (error.details.length > 0 || saysNoOrderer(error)))
  );
}

function describe(
  stage: TransactionStage,
  gatewayPeer: string,
  code: number,
  reason: string,
  details: readonly NodeErrorDetail[],
): string {
  const said = details.map(({ mspId, address, message }) => `${mspId} (${address}): ${message}`);
  return [`${stage} through ${gatewayPeer}: ${status[code] ?? code}: ${reason}`, ...said].join('; ');
}
