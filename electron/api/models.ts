import { z } from 'zod';
import { contractFunctionSchema } from './contract-models';
import { storeFaultSchema } from './store-models';

/** uint64 values travel as decimal strings. */
export const decimal = z.string().regex(/^\d+$/);
/** ISO 8601, UTC. */
export const isoTime = z.string();

export const runtimeSchema = z.enum(['embedded', 'native', 'docker']);
export type RuntimeName = z.infer<typeof runtimeSchema>;

export const nodeStateSchema = z.enum([
  'stopped',
  'starting',
  'running',
  'paused',
  'exited',
  'killed',
  'unknown',
]);
export type NodeState = z.infer<typeof nodeStateSchema>;

export const networkStateSchema = z.enum(['stopped', 'starting', 'running', 'degraded']);

export const healthSchema = z.object({
  status: z.enum(['ok', 'degraded', 'failed', 'unknown']),
  reasons: z.array(z.string()),
});
export type Health = z.infer<typeof healthSchema>;

export const nodeRoleSchema = z.enum(['orderer', 'peer', 'contract']);

export const nodeStatusSchema = z.object({
  name: z.string(),
  role: nodeRoleSchema,
  organization: z.string(),
  mspId: z.string(),
  /** `embedded`: this project's own program; `genuine`: Hyperledger Fabric's; `contract`: a contract process. */
  program: z.enum(['embedded', 'genuine', 'contract']),
  state: nodeStateSchema,
  /** host:port of the gRPC listener. */
  address: z.string(),
  /** host:port of the operations listener; null where the node has none. */
  operations: z.string().nullable(),
  pid: z.int().nullable(),
  cpuPercent: z.number().nullable(),
  residentBytes: z.int().nullable(),
  /** Settings in which its container differs from the topology, in words; null where it is none, or nobody can say. */
  drift: z.array(z.string()).nullable(),
  health: healthSchema,
  /** Joined channels, as the node itself says. `tipHash`: hash of the last block's header in hex; orderers don't say it. */
  channels: z.array(z.object({ name: z.string(), height: decimal, tipHash: z.string().nullable() })),
  /** What a contract's process runs, and for which channel; null for other nodes. */
  contract: z.object({ name: z.string(), channel: z.string() }).nullable(),
});
export type NodeStatus = z.infer<typeof nodeStatusSchema>;

export const channelStatusSchema = z.object({
  name: z.string(),
  members: z.array(z.string()),
  /** Highest height any peer reports; null while no peer answers. */
  height: decimal.nullable(),
  /** The committed definition; null while none is committed or no peer answers. */
  contract: z.object({ name: z.string(), version: z.string(), sequence: decimal }).nullable(),
  /** Full names of its anchor peers; null while no peer has said. */
  anchorPeers: z.array(z.string()).nullable(),
});

export const networkStatusSchema = z.object({
  network: z.string(),
  runtime: runtimeSchema.nullable(),
  state: networkStateSchema,
  folder: z.string(),
  nodes: z.array(nodeStatusSchema),
  channels: z.array(channelStatusSchema),
  /** What the console can't keep on disk as it should. */
  storeFaults: z.array(storeFaultSchema),
});
export type NetworkStatus = z.infer<typeof networkStatusSchema>;

export const channelDetailSchema = channelStatusSchema.extend({
  organizations: z.array(z.object({ name: z.string(), mspId: z.string(), anchorPeers: z.array(z.string()) })),
  peers: z.array(
    z.object({
      node: z.string(),
      mspId: z.string(),
      joined: z.boolean().nullable(),
      height: decimal.nullable(),
      tipHash: z.string().nullable(),
      problem: z.string().nullable(),
    }),
  ),
  ordererEndpoints: z.array(z.string()),
  blockCutting: z.object({
    batchTimeoutMs: z.number(),
    maxMessageCount: z.number(),
    preferredMaxBytes: z.number(),
    absoluteMaxBytes: z.number(),
  }),
  capabilities: z.object({
    channel: z.array(z.string()),
    orderer: z.array(z.string()),
    application: z.array(z.string()),
  }),
  policies: z.record(z.string(), z.string()),
  genesisHash: z.string().nullable(),
});
export type ChannelDetail = z.infer<typeof channelDetailSchema>;

export const contractStatusSchema = z.object({
  name: z.string(),
  channel: z.string(),
  declared: z.object({ version: z.string(), sequence: decimal, endorsement: z.string() }),
  committed: z
    .object({
      version: z.string(),
      sequence: decimal,
      endorsement: z.string(),
      approvals: z.record(z.string(), z.boolean()),
    })
    .nullable(),
  packageId: z.string(),
  address: z.string(),
});
export type ContractStatus = z.infer<typeof contractStatusSchema>;

export const contractDetailSchema = contractStatusSchema.extend({
  /** From the contract's own metadata (`org.hyperledger.fabric:GetMetadata`); null where there is none to be had. */
  functions: z.array(contractFunctionSchema).nullable(),
  /** Why there are none: what the contract or its peers said; null where there are. */
  noFunctions: z.string().nullable(),
});
export type ContractDetail = z.infer<typeof contractDetailSchema>;

export const identitySchema = z.object({
  /** ORG/NAME as accepted by `--as`. */
  id: z.string(),
  organization: z.string(),
  mspId: z.string(),
  name: z.string(),
  /** The NodeOU role written in the certificate. */
  role: z.string(),
  attributes: z.record(z.string(), z.string()),
  expires: isoTime,
  fingerprint: z.string(),
  /** `network`: made with the network; `issued` or `imported` into the wallet later. */
  source: z.enum(['network', 'issued', 'imported']),
  /** Why nodes will refuse it; null where nothing is known against it. */
  problem: z.string().nullable(),
  /** Channels its organization is a member of. */
  channels: z.array(z.string()),
});
export type Identity = z.infer<typeof identitySchema>;

/** Who endorsed a transaction, as its envelope says: nodes are named by the common name of their certificate. */
export const endorsementSchema = z.object({
  endorsers: z.array(z.object({ mspId: z.string(), name: z.string() })),
  /** The contract's response, on which all of them agree: a transaction carries one. */
  responseStatus: z.int(),
  /** SHA-256 of the proposal response payload that each of them signed, hex. */
  responseHash: z.string(),
});
export type Endorsement = z.infer<typeof endorsementSchema>;

export const transactionResultSchema = z.object({
  transactionId: z.string(),
  /** Validation code by name, e.g. `VALID`. */
  status: z.string(),
  code: z.int(),
  blockNumber: decimal,
  /** Parsed JSON where the contract returned JSON, else a string; null where it returned nothing. */
  result: z.unknown(),
  durationsMs: z.object({
    proposal: z.number(),
    endorse: z.number(),
    submit: z.number(),
    commit: z.number(),
  }),
  endorsement: endorsementSchema,
});
export type TransactionResult = z.infer<typeof transactionResultSchema>;

/** One line for a transaction of a block. */
export const transactionLineSchema = z.object({
  transactionId: z.string(),
  type: z.string(),
  status: z.string(),
  code: z.int(),
  creatorMspId: z.string().nullable(),
  contract: z.string().nullable(),
  function: z.string().nullable(),
  /** From the channel header: claimed by the client. */
  claimedTime: isoTime.nullable(),
});
export type TransactionLine = z.infer<typeof transactionLineSchema>;

export const blockSummarySchema = z.object({
  number: decimal,
  headerHash: z.string(),
  previousHash: z.string(),
  dataHash: z.string(),
  commitHash: z.string().nullable(),
  transactions: z.array(transactionLineSchema),
});
export type BlockSummary = z.infer<typeof blockSummarySchema>;

/** Everything that was checked of a chain, by the kind of check. */
export const checkTotalsSchema = z.object({
  check: z.string(),
  /** How it is checked, in words. */
  method: z.string(),
  holds: z.int(),
  /** Those the ledger itself records as invalid for this very reason included; `problems` has the others. */
  fails: z.int(),
  notCheckable: z.int(),
});

/** One chain, verified from its block 0 on alone: hashes, signatures, certificates, every outcome decided again. */
export const chainReportSchema = z.object({
  /** The peer that delivered it. */
  node: z.string(),
  blocks: decimal,
  transactions: decimal,
  /** How often each validation code was recorded, by name. */
  codes: z.record(z.string(), z.int()),
  /** Header hashes of the first and the last block and the last commit hash, hex. */
  genesisHash: z.string(),
  tipHash: z.string(),
  commitHash: z.string(),
  checks: z.array(checkTotalsSchema),
  /** What could not be checked, once for all places with the same reason. */
  unchecked: z.array(
    z.object({ check: z.string(), reason: z.string(), firstBlock: decimal, count: z.int() }),
  ),
});
export type ChainReport = z.infer<typeof chainReportSchema>;

export const verificationSchema = z.object({
  channel: z.string(),
  /** Number of blocks that every peer holds and that were checked. */
  blocks: decimal,
  ok: z.boolean(),
  peers: z.array(z.object({ node: z.string(), height: decimal.nullable() })),
  problems: z.array(z.object({ block: decimal, check: z.string(), detail: z.string() })),
  /** Of one chain; that of the others is the same wherever no problem says otherwise. */
  report: chainReportSchema,
});
export type Verification = z.infer<typeof verificationSchema>;

export const moneySchema = z.object({
  ok: z.boolean(),
  issuedCents: z.number(),
  balancesCents: z.number(),
  heldCents: z.number(),
  incomeCents: z.number(),
  wallets: z.int(),
  payments: z.int(),
});
export type Money = z.infer<typeof moneySchema>;

export const taskStateSchema = z.enum(['running', 'done', 'failed', 'cancelled']);

export const taskSchema = z.object({
  id: z.string(),
  operation: z.string(),
  title: z.string(),
  state: taskStateSchema,
  started: isoTime,
  finished: isoTime.nullable(),
  steps: z.array(
    z.object({
      name: z.string(),
      state: z.enum(['running', 'done', 'failed']),
      startedMs: z.number(),
      durationMs: z.number().nullable(),
      detail: z.string(),
    }),
  ),
  log: z.array(z.string()),
  result: z.unknown(),
  problem: z.unknown(),
});
export type TaskModel = z.infer<typeof taskSchema>;
