import type { Readiness } from '../readiness';
import type { NodeProgram, RuntimeNodeKind } from '../network-runtime';

/** One program to run, with all it needs to know. */
export interface ProcessNode {
  readonly name: string;
  readonly kind: RuntimeNodeKind;
  readonly program: NodeProgram;
  /** Absolute path of the executable; undefined when it couldn't be found. */
  readonly command: string | undefined;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Every TCP port it listens on. */
  readonly ports: readonly number[];
  readonly readiness: Readiness;
}
