import { peer } from '@hyperledger/fabric-protos';
import type { SystemStub } from './system-stub';

/** A chaincode that is part of the peer. Failures are answers, as a contract's are. */
export interface SystemChaincode {
  readonly name: string;
  invoke(stub: SystemStub): Promise<peer.Response>;
}

export function success(payload: Uint8Array = new Uint8Array()): peer.Response {
  const response = new peer.Response();
  response.setStatus(200);
  response.setPayload(payload);
  return response;
}

export function failure(message: string, status = 500): peer.Response {
  const response = new peer.Response();
  response.setStatus(status);
  response.setMessage(message);
  return response;
}
