import path from 'node:path';
import type { ConsoleClient } from '../api/client';
import type { Outcome, Problem } from '../api/problems';
import { homeFolder, networkFolder } from '../adapters/store/home';
import { connectSupervisor } from '../supervisor/connect';
import { createOutput } from './output';
import type { Output } from './output';

export interface GlobalOptions {
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly network: string;
  readonly topology?: string;
}

/** One run of the command line: where its network is, how it speaks, what it ends with. */
export interface Invocation {
  readonly output: Output;
  readonly location: NetworkLocation;
}

export interface NetworkLocation {
  readonly network: string;
  readonly folder: string;
  /** The topology file to start from; undefined: the one the network already has, else the shipped one. */
  readonly topologyFile: string | undefined;
  /** Where the built programs are. */
  readonly programs: string;
}

/** Ends the command with exit code 1; the problem is printed once, at the top. */
export class CommandFailed extends Error {
  constructor(readonly problem: Problem) {
    super(problem.title);
  }
}

export function createInvocation(options: GlobalOptions): Invocation {
  return {
    output: createOutput({ json: options.json ?? false, verbose: options.verbose ?? false }),
    location: {
      network: options.network,
      folder: networkFolder(homeFolder(), options.network),
      topologyFile: options.topology === undefined ? undefined : path.resolve(options.topology),
      programs: __dirname,
    },
  };
}

/** The supervisor's client where one runs, else a core in this process. Closed after `use`. */
export async function withClient<T>(
  invocation: Invocation,
  use: (client: ConsoleClient) => Promise<T>,
): Promise<T> {
  const attached = await connectSupervisor(invocation.location.folder);
  if (attached) {
    try {
      return await use(attached);
    } finally {
      await attached.close();
    }
  }
  const { openLocalCore } = await import('../supervisor/local-core');
  const local = await openLocalCore({ ...invocation.location, life: 'one command' });
  try {
    return await use(local.openSession('admin'));
  } finally {
    await local.close();
  }
}

/** The value, or the end of the command. */
export function unwrap<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new CommandFailed(outcome.problem);
}
