import { Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { GatewayError, type ErrorDetail } from '@hyperledger/fabric-gateway';
import { expect, test } from 'vitest';
import { notTaken, transactionError } from './transaction-error';

function said(code: status, details: string, endorsers: ErrorDetail[] = []): GatewayError {
  const cause: ServiceError = Object.assign(new Error(details), { code, details, metadata: new Metadata() });
  return new GatewayError({ code, details: endorsers, cause, message: details });
}

const NO_ORDERER = 'no orderers could successfully process transaction';
const detail = { address: 'localhost:1', mspId: 'OrdererMSP', message: 'connection refused' };

test.each([
  ['an orderer out of reach', said(status.UNAVAILABLE, NO_ORDERER, [detail])],
  ['an orderer that answers but has no leader yet', said(status.UNAVAILABLE, NO_ORDERER)],
  ['no orderer known', said(status.UNAVAILABLE, 'no orderer nodes available')],
])('%s: the gateway took the call and says that nobody has the transaction', (_what, error) => {
  expect(notTaken(error)).toBe(false);
  expect(transactionError('submit', 'ab', 'peer0', error).mayCommit).toBe(false);
});

test('a connection that ends under a submit leaves open whether somebody has it', () => {
  const error = said(status.UNAVAILABLE, 'Connection dropped');
  expect(notTaken(error)).toBe(true);
  expect(transactionError('submit', 'ab', 'peer0', error).mayCommit).toBe(true);
  expect(transactionError('endorse', 'ab', 'peer0', error).mayCommit).toBe(false);
});
