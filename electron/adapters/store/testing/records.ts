import type { AuditEntry, SavedRequest, TransactionRecord } from '../../../api/activity-models';

export const anEntry = (name: string, at = 0): AuditEntry => ({
  at: new Date(at).toISOString(),
  user: 'ada',
  role: 'admin',
  operation: 'node.stop',
  identity: null,
  request: { node: name },
  outcome: 'OK',
  transactionId: null,
  task: null,
  durationMs: 1,
});

export const aRecord = (id: string): TransactionRecord => ({
  id,
  at: new Date(0).toISOString(),
  kind: 'submit',
  as: 'Alpha/operator',
  channel: 'goods-channel',
  contract: 'goods',
  function: 'Put',
  args: [],
  transientKeys: [],
  endorsingOrganizations: null,
  outcome: 'OK',
  problem: null,
  transactionId: null,
  status: 'VALID',
  blockNumber: '1',
  result: null,
  durationMs: 1,
  stagesMs: null,
});

export const unsaved = (name: string, args: string[] = []): Omit<SavedRequest, 'id' | 'savedAt'> => ({
  name,
  channel: 'goods-channel',
  contract: 'goods',
  function: 'Put',
  args,
  transientKeys: [],
  endorsingOrganizations: null,
});

export const aRequest = (id: string, args: string[] = []): SavedRequest => ({
  ...unsaved(id, args),
  id,
  savedAt: new Date(0).toISOString(),
});
