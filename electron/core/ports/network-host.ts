import type { NodeState, RuntimeName } from '../../api/models';
import type { ContainerFacts } from '../../api/node-models';
import type { EventOf, ParametersOf } from '../../api/topics';
import type { TaskProgress } from '../tasks';

export type LogEvent = EventOf<'node.logs'>;
/** Which lines of a log. */
export type LogRange = Omit<ParametersOf<'node.logs'>, 'node'>;

export type NodeRole = 'orderer' | 'peer' | 'contract';

/** A node as the topology declares it. */
export interface DeclaredNode {
  readonly name: string;
  readonly role: NodeRole;
  readonly organization: string;
  readonly mspId: string;
  /** host:port */
  readonly address: string;
  readonly operations: string | null;
}

export interface DeclaredNetwork {
  readonly name: string;
  readonly folder: string;
  readonly nodes: readonly DeclaredNode[];
  readonly organizations: readonly { name: string; mspId: string }[];
  readonly channels: readonly { name: string; members: readonly string[] }[];
  readonly contracts: readonly {
    name: string;
    channel: string;
    version: string;
    sequence: number;
    endorsement: string;
    address: string;
  }[];
}

/** How a node is, as its runtime knows without measuring anything. */
export interface NodeRun {
  readonly name: string;
  readonly state: NodeState;
  readonly program: 'embedded' | 'genuine' | 'contract';
  readonly pid: number | null;
  /** Why it is not running, in words; empty otherwise. */
  readonly reason: string;
}

/** With what it uses and what it was made of. */
export interface NodeProcess extends NodeRun {
  readonly cpuPercent: number | null;
  readonly residentBytes: number | null;
  /** Settings in which its container differs from the topology; null where it is none, or nobody can say. */
  readonly drift: readonly string[] | null;
}

export interface NodeProcessChange {
  readonly node: string;
  readonly state: NodeState;
  /** As of NodeProcess. */
  readonly reason: string;
}

export interface UpOptions {
  readonly runtime: RuntimeName | undefined;
  readonly native: readonly string[];
}

/** The one who starts and stops nodes: the only port that knows of runtimes. Throws ProblemError. */
export interface NetworkHost {
  declared(): DeclaredNetwork;
  /** The runtime this network's data belongs to; null before the first start. */
  runtime(): Promise<RuntimeName | null>;
  /** Brings everything declared to ready; does only what is missing. */
  up(options: UpOptions, progress: TaskProgress, signal: AbortSignal): Promise<void>;
  /** Stops all nodes and keeps their data; answers how many were stopped. */
  down(): Promise<number>;
  /** What `purge` would delete now, in the words in which it answers what it deleted. */
  belongings(): Promise<string[]>;
  /** Deletes the network's data, keys included; answers the folders deleted. Nodes must be stopped. */
  purge(): Promise<string[]>;
  runs(): Promise<readonly NodeRun[]>;
  /** As `runs`, measured: for those who show or keep it. */
  processes(): Promise<readonly NodeProcess[]>;
  /** Calls the listener with each start and end of a node; returns the function that ends it. */
  onChange(listener: (change: NodeProcessChange) => void): () => void;
  start(node: string): Promise<void>;
  stop(node: string): Promise<void>;
  kill(node: string): Promise<void>;
  /** The node keeps its memory and its ports and answers nothing. */
  pause(node: string): Promise<void>;
  resume(node: string): Promise<void>;
  /** Removes a container, not its ledger. Throws BAD_REQUEST where the node is none. */
  remove(node: string): Promise<void>;
  /** Runs a command in a container. Throws BAD_REQUEST where the node is none. */
  exec(node: string, command: readonly string[]): Promise<{ output: string; exitCode: number }>;
  /** Null where the node is no container. */
  container(node: string): Promise<ContainerFacts | null>;
  /** A log that is not there has no lines. */
  logs(node: string, range: LogRange, signal: AbortSignal): AsyncIterable<LogEvent>;
}
