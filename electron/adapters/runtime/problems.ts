import { MaterialError } from '../../../network/artifacts/material-error';
import { findPortHolder } from '../../../network/embedded/node/port-holder';
import { ForeignDataError } from '../../../network/runtime/data-origin';
import {
  NodeStartError,
  PortTakenError,
  ProgramMissingError,
} from '../../../network/runtime/network-runtime';
import { formatFinding, TopologyError } from '../../../network/topology/topology-error';
import type { ProblemCode } from '../../api/problems';
import { problem, ProblemError } from '../../core/problem';
import type { FailureContext } from '../fabric/problem-sources';
import { fabricProblem } from '../fabric/problems';
import { dockerProblem } from './docker-problems';

/** A command line on one line that fits: what tells programs apart stands in front. */
const shortened = (program: string): string => {
  const line = program.replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
};

export function topologyProblem(error: unknown): unknown {
  if (!(error instanceof TopologyError)) return error;
  return problem('TOPOLOGY_INVALID', {
    title: 'The topology cannot be used.',
    detail: error.findings.map(formatFinding).join('\n'),
    hint: 'Correct the lines named, or name another file with --topology; nothing was changed.',
    cause: error,
  });
}

const holderInWords = (holder: PortTakenError['holder']): string =>
  holder
    ? `Process ${holder.pid} (${shortened(holder.program)}) holds it.`
    : 'Another process holds it, of another user perhaps.';

/** Who holds a port of this machine, in a sentence. */
export const portHolder = async (port: number): Promise<string> => holderInWords(await findPortHolder(port));

/** The problem of an error of the runtime or of bringing a network up; anything else is returned as it is. */
export function runtimeProblem(error: unknown, context: FailureContext): unknown {
  if (error instanceof ProblemError) return error;
  if (error instanceof PortTakenError) {
    return problem('PORT_TAKEN', {
      title: `Port ${error.port} is taken, and ${error.node} needs it.`,
      detail: holderInWords(error.holder),
      hint: 'Stop that process, or give the node another port in the topology. Nothing was started.',
      retryable: true,
      cause: error,
    });
  }
  if (error instanceof ForeignDataError) {
    return problem('NETWORK_FOREIGN_DATA', {
      title: `${error.node} cannot go on with the data it finds.`,
      detail: `${error.folder}: ${error.detail}.`,
      hint: error.hint,
      cause: error,
    });
  }
  if (error instanceof ProgramMissingError) {
    return problem('RUNTIME_UNAVAILABLE', {
      title: `${error.program} was not found, and ${error.node} needs it.`,
      detail: 'Nothing was started.',
      hint: error.hint,
      cause: error,
    });
  }
  if (error instanceof NodeStartError) return startProblem(error);
  const docker = dockerProblem(error);
  if (docker) return docker;
  if (error instanceof MaterialError) {
    return problem('CERTIFICATE_INVALID', {
      title: 'The certificates in the network’s folder cannot be used.',
      detail: error.message,
      hint: 'Do what it says, or put the file back from a backup. Ledgers were not touched; only `cityflow down --purge` deletes them, to begin anew.',
      cause: error,
    });
  }
  return fabricProblem(error, context);
}

/** What a node's last words are about decides what to do. */
const startCauses: readonly { code: ProblemCode; words: RegExp; hint: string }[] = [
  {
    code: 'NODE_FAILED',
    words: /executable file not found|exec format error|no such file or directory: unknown/i,
    hint: 'Its image has no such program: check the images under `docker:` in the topology, and run `cityflow up` again.',
  },
  {
    code: 'DISK_FULL',
    words: /disk is full|ENOSPC|no space left/i,
    hint: 'Free some space and run `cityflow up` again. Nothing that was acknowledged is lost.',
  },
  {
    code: 'LEDGER_DAMAGED',
    words: /is damaged|checksum mismatch|block file/i,
    hint: 'Do what it says; `cityflow up` then joins its channels again. The other nodes’ ledgers were not touched.',
  },
  {
    code: 'CERTIFICATE_INVALID',
    words: /certificate|x509|MSP/i,
    hint: 'Put the file it names back from a backup and run `cityflow up` again.',
  },
];

function startProblem(error: NodeStartError): ProblemError {
  const cause = startCauses.find(({ words }) => words.test(error.reason));
  const hint = `Its log says more: \`cityflow logs ${error.node}\`.`;
  return problem(cause?.code ?? 'NODE_FAILED', {
    title: `${error.node} did not start.`,
    detail: error.reason,
    hint: cause ? `${cause.hint} ${hint}` : hint,
    cause: error,
  });
}
