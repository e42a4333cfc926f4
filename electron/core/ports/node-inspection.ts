import type { NodeDetail } from '../../api/node-models';

export type NodeFacts = Pick<NodeDetail, 'ports' | 'environment' | 'folders' | 'certificates' | 'version'>;

/** What is known of a node beside its state. Throws ProblemError. */
export interface NodeInspector {
  /** @param isAsked whether the node itself is asked for its version: one that does not run keeps waiting */
  facts(node: string, isAsked: boolean): Promise<NodeFacts>;
  /** The logspec in force. Throws BAD_REQUEST where the node has none, NODE_UNAVAILABLE where it does not answer. */
  logSpec(node: string): Promise<string>;
  /** Throws BAD_REQUEST with the node's words where it does not accept the spec. */
  setLogSpec(node: string, spec: string): Promise<void>;
}

export interface FoundLines {
  /** The newest that match, oldest first. */
  readonly lines: readonly { readonly at: string | null; readonly line: string }[];
  /** How many match. */
  readonly matches: number;
}

/** Looks through all that is kept of a node's log. */
export interface LogSearcher {
  search(
    node: string,
    matches: (line: string) => boolean,
    limit: number,
    signal: AbortSignal,
  ): Promise<FoundLines>;
}

/** Whether a set of peers can satisfy a committed definition's endorsement policy. */
export interface EndorsementPolicies {
  /** Throws ProblemError where nobody can be asked. */
  of(channel: string, contract: string): Promise<EndorsementPolicy>;
}

export interface EndorsementPolicy {
  /** In words. */
  readonly text: string;
  /** @param peers how many peers of each MSP can endorse */
  satisfiedBy(peers: ReadonlyMap<string, number>): boolean;
}
