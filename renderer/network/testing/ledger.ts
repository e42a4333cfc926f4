import type { LedgerTransactionModel } from '../../../electron/api/ledger-models';

/** A valid transaction of `goods-channel` that did nothing. */
export const aLedgerTransaction = (change: Partial<LedgerTransactionModel> = {}): LedgerTransactionModel => ({
  channel: 'goods-channel',
  blockNumber: '3',
  position: 0,
  transactionId: 'ab'.repeat(32),
  status: 'VALID',
  code: 0,
  type: 'ENDORSER_TRANSACTION',
  claimedTime: '2026-11-22T12:00:00.000000001Z',
  creator: null,
  nonce: '00',
  signature: '3044',
  size: 100,
  contract: 'goods',
  endorsement: null,
  actions: [],
  configuration: null,
  explanation: null,
  undecodable: [],
  unknownFields: [],
  readFrom: 'peer0.alpha.test',
  ...change,
});
