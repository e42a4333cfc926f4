import { status } from '@grpc/grpc-js';

/** What every failed call to a node says: which node, and what was asked of it. */
abstract class NodeError extends Error {
  constructor(
    readonly node: string,
    readonly operation: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(`${operation} at ${node}: ${message}`, options);
    this.name = new.target.name;
  }
}

/** The gRPC call itself failed: `code` and `details` are the node's (or the transport's) own. */
export class NodeCallError extends NodeError {
  /** Name of the status, e.g. `UNAVAILABLE`. */
  readonly codeName: string;

  constructor(
    node: string,
    operation: string,
    /** gRPC status code. */
    readonly code: status,
    /** The status message, verbatim. */
    readonly details: string,
    options?: ErrorOptions,
  ) {
    super(node, operation, `${status[code]}: ${details}`, options);
    this.codeName = status[code] ?? String(code);
  }

  /** Whether another node, or this one a moment later, may well answer. */
  get unavailable(): boolean {
    return this.code === status.UNAVAILABLE;
  }
}

/** A chaincode answered with a status of 400 or above; `chaincodeMessage` is what it said, verbatim. */
export class ChaincodeResponseError extends NodeError {
  constructor(
    node: string,
    /** MSP of the peer that answered. */
    readonly mspId: string,
    readonly chaincode: string,
    readonly functionName: string,
    /** Status of the chaincode's response (200 OK, 404, 500 …). */
    readonly status: number,
    readonly chaincodeMessage: string,
  ) {
    super(node, `${chaincode} ${functionName}`, `status ${status}: ${chaincodeMessage}`);
  }
}

/** The orderer refused an envelope; `status` is a `common.Status` value such as 403 or 503. */
export class BroadcastError extends NodeError {
  constructor(
    node: string,
    readonly status: number,
    readonly info: string,
  ) {
    super(node, 'broadcast', `status ${status}${info === '' ? '' : `: ${info}`}`);
  }
}

/** A Deliver stream ended with a status other than SUCCESS; `status` is a `common.Status` value. */
export class DeliverError extends NodeError {
  constructor(
    node: string,
    readonly channelId: string,
    readonly status: number,
    readonly statusName: string,
  ) {
    super(node, `deliver ${channelId}`, `status ${status} ${statusName}`);
  }
}

/** The orderer's channel participation API answered with an HTTP status outside 2xx. */
export class ParticipationError extends NodeError {
  constructor(
    node: string,
    operation: string,
    readonly httpStatus: number,
    /** Response body, verbatim: genuine nodes send `{"error": "…"}`. */
    readonly body: string,
  ) {
    super(node, operation, `HTTP ${httpStatus}: ${errorOfBody(body)}`);
  }
}

function errorOfBody(body: string): string {
  try {
    const parsed: unknown = JSON.parse(body);
    if (
      typeof parsed === 'object' &&
      parsed !== null &&
      'error' in parsed &&
      typeof parsed.error === 'string'
    ) {
      return parsed.error;
    }
  } catch {
    // Not JSON: the text itself is the best there is.
  }
  return body.trim();
}

/** A transaction was ordered, committed and found invalid. */
export class TransactionInvalidError extends Error {
  constructor(
    readonly node: string,
    readonly transactionId: string,
    /** `peer.TxValidationCode` value. */
    readonly code: number,
    readonly codeName: string,
    readonly blockNumber: number,
  ) {
    super(
      `transaction ${transactionId} was committed in block ${blockNumber} as invalid: ${codeName} (seen at ${node})`,
    );
    this.name = 'TransactionInvalidError';
  }
}

/** Nobody said whether the transaction committed: it may have. Ask again with its id before sending it again. */
export class CommitUnknownError extends Error {
  constructor(
    readonly node: string,
    readonly transactionId: string,
    options?: ErrorOptions,
  ) {
    super(
      `${node} did not say in time whether transaction ${transactionId} committed: its outcome is unknown`,
      options,
    );
    this.name = 'CommitUnknownError';
  }
}
