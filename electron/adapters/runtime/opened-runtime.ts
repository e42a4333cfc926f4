import type { ContainerRuntime, NetworkRuntime, RuntimeNode } from '../../../network/runtime/network-runtime';
import type { RuntimeName } from '../../api/models';
import type { NodeRun, UpOptions } from '../../core/ports/network-host';
import type { TaskProgress } from '../../core/tasks';

/** A network whose nodes can be started, stopped and looked at. */
export interface OpenedRuntime {
  readonly name: RuntimeName;
  readonly runtime: NetworkRuntime & Partial<ContainerRuntime>;
  /** Tells it from one opened with other programs, and is shown where the two collide. */
  readonly programs: string;
}

export type RunState = Pick<NodeRun, 'state' | 'pid' | 'reason'>;

/** One way to run nodes. Throws what its runtime throws, and ProblemError. */
export interface RuntimeOpener {
  /** The runtime its ledgers belong to; null before the first start. */
  runtime(): Promise<RuntimeName | null>;
  /** Who the opened network's programs would be, before anything is made. */
  programs(options: UpOptions): Promise<string>;
  open(options: UpOptions, progress: TaskProgress, signal: AbortSignal): Promise<OpenedRuntime>;
  programOf(node: string): RuntimeNode['program'];
  /** Nodes that are there although nobody has opened the network here. */
  found(): Promise<ReadonlyMap<string, RunState>>;
  /** Ends that; answers how many ended. */
  endFound(): Promise<number>;
  /** What lies outside the network's folder, in words. */
  belongings(): Promise<string[]>;
  /** Deletes that; answers what it was. */
  purge(): Promise<string[]>;
}
