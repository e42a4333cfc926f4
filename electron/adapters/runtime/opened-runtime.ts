import type { ContainerRuntime, NetworkRuntime, RuntimeNode } from '../../../network/runtime/network-runtime';
import type { NodeProcess, UpOptions } from '../../core/ports/network-host';
import type { TaskProgress } from '../../core/tasks';

/** A network whose nodes can be started, stopped and looked at. */
export interface OpenedRuntime {
  readonly runtime: NetworkRuntime & Partial<ContainerRuntime>;
  /** Tells it from one opened with other programs, and is shown where the two collide. */
  readonly programs: string;
}

/** One way to run nodes. Throws what its runtime throws, and ProblemError. */
export interface RuntimeOpener {
  /** Who the opened network's programs would be, before anything is made. */
  programs(options: UpOptions): Promise<string>;
  open(options: UpOptions, progress: TaskProgress, signal: AbortSignal): Promise<OpenedRuntime>;
  programOf(node: string): RuntimeNode['program'];
  /** What runs although nobody has opened the network here; undefined where nothing can. */
  found(): Promise<ReadonlyMap<string, Pick<NodeProcess, 'state' | 'pid' | 'reason'>>>;
  /** Ends that; answers how many ended. */
  endFound(): Promise<number>;
  /** Deletes what lies outside the network's folder; answers what it was. */
  purge(): Promise<string[]>;
}
