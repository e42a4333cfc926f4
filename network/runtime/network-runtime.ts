import type { LogLine, LogRange } from './log/log-reader';

/** What runs a network's nodes. Everything above it sees endpoints only. */
export interface NetworkRuntime {
  /** Every node of the network, in the order of the topology, contracts last. */
  nodes(): readonly RuntimeNode[];
  /**
   * Makes sure that the nodes may go on with what ledgers there are.
   * @param genesis channel → header hash of its genesis block, hex
   * @throws ForeignDataError when a ledger was written by another program or begins with another genesis block
   */
  claim(genesis: Readonly<Record<string, string>>): Promise<void>;
  /**
   * Looks for everything that would keep nodes from starting before any is started.
   * @throws PortTakenError, ProgramMissingError
   */
  assertStartable(): Promise<void>;
  /**
   * Starts a node and resolves when it is ready; a node that runs already is left as it is.
   * @throws NodeStartError, PortTakenError, ProgramMissingError, UnknownNameError
   */
  start(node: string, options?: { readonly signal?: AbortSignal }): Promise<void>;
  /** Lets a node finish what it has begun, then ends it. A stopped one is left as it is. */
  stop(node: string): Promise<void>;
  restart(node: string, options?: { readonly signal?: AbortSignal }): Promise<void>;
  /** Ends a node at once, as a crash would. */
  kill(node: string): Promise<void>;
  /** The node keeps its memory and its ports and answers nothing. One that does not run is left as it is. */
  pause(node: string): Promise<void>;
  unpause(node: string): Promise<void>;
  state(node: string): Promise<NodeStatus>;
  /** Lines of the node's log, oldest first. Without a range all that is kept; with `follow` it goes on with new ones. */
  logs(node: string, range?: LogRange): AsyncIterable<LogLine>;
  /** @returns undefined for a node that doesn't run */
  stats(node: string): Promise<NodeStats | undefined>;
  /** Calls the listener with each change of a node's state; returns the function that ends it. */
  onChange(listener: (change: NodeChange) => void): () => void;
  /** Stops all nodes. */
  stopAll(): Promise<void>;
  /** Lets go of the runtime without touching nodes that can outlive it. */
  close(): Promise<void>;
}

/** What can be done to nodes that are containers. */
export interface ContainerRuntime {
  /** Stops a node and removes its container. Its ledger stays; the next start makes the container anew. */
  remove(node: string): Promise<void>;
  /** Runs a command in the container; answers what it wrote and its exit code. */
  exec(node: string, command: readonly string[]): Promise<{ output: string; exitCode: number }>;
  /**
   * Settings in which its container differs from the topology, in words, as of the last time the engine told of it.
   * @returns undefined where it has none, or the engine does not answer
   */
  drift(node: string): readonly string[] | undefined;
  /** @returns undefined where the node has no container now */
  container(node: string): Promise<NodeContainer | undefined>;
}

export interface NodeContainer {
  readonly name: string;
  readonly id: string;
  readonly image: string;
  readonly imageDigest: string;
  readonly volume: string | undefined;
  /** Times the engine started it again by itself. */
  readonly restarts: number;
  readonly memoryLimitBytes: number | undefined;
  /** Cores. */
  readonly processorLimit: number | undefined;
  /** Settings in which the container differs from the topology, in words. */
  readonly drift: readonly string[];
}

export type RuntimeNodeKind = 'orderer' | 'peer' | 'contract';

/** `genuine` is a Hyperledger Fabric program, `embedded` one of this project; a contract is a program of its own. */
export type NodeProgram = 'embedded' | 'genuine' | 'contract';

export interface RuntimeNode {
  readonly name: string;
  readonly kind: RuntimeNodeKind;
  readonly program: NodeProgram;
}

export type NodeStatus =
  | { readonly state: 'stopped' }
  | { readonly state: 'starting'; readonly pid: number; readonly since: Date }
  | { readonly state: 'running'; readonly pid: number; readonly since: Date }
  | { readonly state: 'paused'; readonly pid: number; readonly since: Date }
  | {
      readonly state: 'exited';
      /** null when a signal ended it, or it was not this runtime's own child. */
      readonly exitCode: number | null;
      readonly signal: string | null;
      /** In words, with what its log said last. */
      readonly reason: string;
    }
  /** By this runtime's own `kill`, and so no accident. */
  | { readonly state: 'killed'; readonly reason: string }
  | { readonly state: 'unknown'; readonly reason: string };

export const KILLED_FROM_HERE = 'It was killed from here: it ended at once, as in a crash.';

export type NodeState = NodeStatus['state'];

export interface NodeChange {
  readonly node: string;
  readonly status: NodeStatus;
}

export interface NodeStats {
  /** Percent of one core since the last time it was asked, at first since the node's start. */
  readonly cpuPercent: number;
  readonly residentBytes: number;
  /** Since its start; only where the runtime can tell. */
  readonly network?: { readonly receivedBytes: number; readonly sentBytes: number };
  readonly disk?: { readonly readBytes: number; readonly writtenBytes: number };
}

/** A node did not become ready. */
export class NodeStartError extends Error {
  constructor(
    readonly node: string,
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`${node} did not start: ${reason}`, options);
    this.name = 'NodeStartError';
  }
}

/** A port the node needs is held by another process. */
export class PortTakenError extends Error {
  constructor(
    readonly node: string,
    readonly port: number,
    /** undefined where the holder can't be told, e.g. another user's process. */
    readonly holder: { readonly pid: number; readonly program: string } | undefined,
  ) {
    super(
      `${node} needs port ${port}, which ${
        holder ? `process ${holder.pid} (${holder.program}) holds` : 'another process holds'
      }: stop it, or give the node another port in the topology`,
    );
    this.name = 'PortTakenError';
  }
}

/** The program a node names can't be found. */
export class ProgramMissingError extends Error {
  constructor(
    readonly node: string,
    readonly program: string,
    readonly hint: string,
  ) {
    super(`${node}: ${program} was not found: ${hint}`);
    this.name = 'ProgramMissingError';
  }
}
