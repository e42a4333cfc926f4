import type { DoctorCheck, RuntimeAvailability, SavedNetwork } from '../../api/connect-models';
import type { NodeRun } from './network-host';

/** This machine around the network. */
export interface Surroundings {
  runtimes(): Promise<RuntimeAvailability[]>;
  /** Every network of CITYFLOW_HOME, by name. */
  networks(): Promise<SavedNetwork[]>;
}

/** Examines one node from outside, as a client would meet it. */
export interface NodeDoctor {
  /** Never throws for what it finds: that is a check's outcome. Throws where the signal aborts. */
  examine(node: string, run: NodeRun, signal: AbortSignal): Promise<DoctorCheck[]>;
}
