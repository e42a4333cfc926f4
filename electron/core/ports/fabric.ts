import type {
  BlockSummary,
  ChannelDetail,
  ContractStatus,
  Identity,
  TransactionResult,
  Verification,
} from '../../api/models';
import type {
  LedgerBlockModel,
  LedgerPart,
  LedgerPartRequest,
  LedgerTransactionModel,
  TransactionPlace,
} from '../../api/ledger-models';
import type { ContractFunction } from '../../api/contract-models';
import type { HealthCheck } from '../../api/node-models';
import type { TaskProgress } from '../tasks';

/** Reads about one node, asked as an admin of that node's own organization. Throws ProblemError. */
export interface NodeReader {
  /**
   * `operations`, `call` and, of an orderer, `consensus`, each asked of the node itself. Never throws: what fails is a
   * verdict.
   */
  checks(node: string): Promise<HealthCheck[]>;
  /** Channels this node has joined with their heights (decimal strings). */
  channels(node: string): Promise<{ name: string; height: string; tipHash: string | null }[]>;
}

export type ChannelConfiguration = Pick<
  ChannelDetail,
  'organizations' | 'ordererEndpoints' | 'blockCutting' | 'capabilities' | 'policies' | 'genesisHash'
>;

/** Reads about a channel, asked of any of its peers that answers. Throws ProblemError. */
export interface ChannelReader {
  configuration(channel: string): Promise<ChannelConfiguration>;
  /** The committed definition, null while there is none. */
  definition(channel: string, contract: string): Promise<ContractStatus['committed']>;
  /**
   * Functions from the contract's metadata; undefined where what it answers is no metadata. Throws CONTRACT_REFUSED
   * where it knows no such function, and what any call may throw.
   */
  functions(channel: string, contract: string): Promise<ContractFunction[] | undefined>;
  /** Package id of the contract's package as the console builds it. */
  packageId(contract: string): Promise<string>;
}

export interface ContractCall {
  readonly as: string;
  readonly channel: string;
  readonly contract: string;
  readonly function: string;
  readonly args: readonly string[];
  readonly transient?: Readonly<Record<string, string>> | undefined;
  readonly endorsingOrganizations?: readonly string[] | undefined;
}

/** What a submit has got to; the transaction id is known before anything is sent. */
export interface SubmitStage {
  readonly done: 'proposed' | 'endorsed' | 'submitted';
  readonly transactionId: string;
  /** How long the stage took. */
  readonly ms: number;
}

export interface Evaluated {
  readonly result: unknown;
  readonly durationMs: number;
  /** Name of the node whose gateway asked. */
  readonly gateway: string;
}

/** Runs contract functions as an identity of the wallet. Throws ProblemError. */
export interface Transactor {
  evaluate(call: ContractCall, signal: AbortSignal): Promise<Evaluated>;
  /** Throws TRANSACTION_INVALID when it was ordered and invalidated, COMMIT_UNKNOWN when its status is not known. */
  submit(
    call: ContractCall,
    signal: AbortSignal,
    onStage?: (stage: SubmitStage) => void,
  ): Promise<TransactionResult>;
}

export interface LedgerReader {
  /** Summaries of blocks from..to inclusive, decimal numbers; defaults: the last ten. */
  blocks(channel: string, from: string | undefined, to: string | undefined): Promise<BlockSummary[]>;
  /** @param block number, or header hash in hex */
  block(channel: string, block: string): Promise<LedgerBlockModel>;
  transaction(place: TransactionPlace): Promise<LedgerTransactionModel>;
  part(request: LedgerPartRequest): Promise<LedgerPart>;
  /** Reads the channel's chain from every peer and checks hashes, signatures and that all agree. */
  verify(channel: string, progress: TaskProgress, signal: AbortSignal): Promise<Verification>;
}

/** The wallet. Keys stay behind this port. */
export interface IdentityStore {
  list(): Promise<Identity[]>;
  /** The exports with which the genuine commands act as this identity. */
  environment(identity: string): Promise<Record<string, string>>;
  /** A connection profile of one organization, as the SDKs read it. */
  profile(organization: string): Promise<Record<string, unknown>>;
}

/** Deploys one contract's declared definition. */
export interface ContractDeployer {
  deploy(contract: string, progress: TaskProgress, signal: AbortSignal): Promise<void>;
}
