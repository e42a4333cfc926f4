import type { LogLevel, LogSearch, NodeDetail } from '../../api/node-models';
import type { FoundLines, LogSearcher, NodeInspector } from '../ports/node-inspection';
import type { NetworkHost } from '../ports/network-host';
import { problem, toProblem } from '../problem';
import type { NetworkStatusService } from './network-status';
import { requireNode } from './network-status';

/** Nodes shorten transaction ids to this many characters in some of their lines (protoutil, kvledger). */
const SHORT_ID = 8;
const DEFAULT_LINES = 500;
/** One answer holds no more than this, whatever the number of nodes. */
const MOST_LINES = 2_000;

type Found = FoundLines & { readonly node: string; readonly problem: string | null };

interface Life {
  starts: number;
  runningSince: string | null;
  lastExit: NodeDetail['lastExit'];
}

/** A node whole: what it is, how it is set up, how it fared, and its logs. */
export class NodeDetailService {
  readonly #lives = new Map<string, Life>();
  readonly #returns = new Map<string, { at: string; to: string; timer: NodeJS.Timeout }>();

  constructor(
    private readonly host: NetworkHost,
    private readonly status: NetworkStatusService,
    private readonly inspector: NodeInspector,
    private readonly logs: LogSearcher,
  ) {
    host.onChange(({ node, state, reason }) => {
      const life = this.#life(node);
      if (state === 'starting') life.starts += 1;
      if (state === 'running') life.runningSince = new Date().toISOString();
      else life.runningSince = null;
      if (state === 'exited') life.lastExit = { at: new Date().toISOString(), reason };
      // A process that starts anew has the level it was started with.
      if (state !== 'running') this.#forgetReturn(node);
    });
  }

  async show(name: string): Promise<NodeDetail> {
    const node = requireNode(this.host.declared(), name);
    const { status, checks } = await this.status.judgedNode(node.name);
    const runs = status.state === 'running';
    const [facts, logLevel, container] = await Promise.all([
      this.inspector.facts(node.name, runs),
      runs ? this.logLevel(node.name).catch(() => null) : null,
      this.host.container(node.name),
    ]);
    const { starts, runningSince, lastExit } = this.#life(node.name);
    return {
      ...status,
      ...facts,
      checks,
      logLevel,
      restarts: Math.max(0, starts - 1),
      runningSince,
      lastExit,
      container,
    };
  }

  async logLevel(name: string): Promise<LogLevel> {
    const node = requireNode(this.host.declared(), name);
    const spec = await this.inspector.logSpec(node.name);
    const returns = this.#returns.get(node.name);
    return { spec, returns: returns ? { at: returns.at, to: returns.to } : null };
  }

  async setLogLevel(name: string, spec: string, returnAfterSeconds: number | undefined): Promise<LogLevel> {
    const { name: node } = requireNode(this.host.declared(), name);
    // A second change goes back to what was there before the first.
    const before = this.#returns.get(node)?.to ?? (await this.inspector.logSpec(node));
    await this.inspector.setLogSpec(node, spec);
    this.#forgetReturn(node);
    if (returnAfterSeconds !== undefined && before !== spec) {
      const timer = setTimeout(() => void this.#return(node, before), returnAfterSeconds * 1000);
      timer.unref();
      const at = new Date(Date.now() + returnAfterSeconds * 1000).toISOString();
      this.#returns.set(node, { at, to: before, timer });
    }
    return this.logLevel(node);
  }

  async search(
    request: {
      readonly text?: string | undefined;
      readonly transactionId?: string | undefined;
      readonly nodes?: readonly string[] | undefined;
      readonly limit?: number | undefined;
    },
    signal: AbortSignal,
  ): Promise<LogSearch> {
    const declared = this.host.declared();
    const names = request.nodes ?? declared.nodes.map(({ name }) => name);
    const nodes = [...new Set(names.map((name) => requireNode(declared, name).name))];
    const matches = matcherOf(request.text, request.transactionId);
    const limit = request.limit ?? DEFAULT_LINES;
    const found: Found[] = [];
    // One after the other: searching is no reason to keep the disk from the nodes.
    for (const node of nodes) {
      try {
        found.push({ node, ...(await this.logs.search(node, matches, limit, signal)), problem: null });
      } catch (error) {
        signal.throwIfAborted();
        found.push({ node, lines: [], matches: 0, problem: toProblem(error).title });
      }
    }
    const lines = found.flatMap(({ node, lines: own }) => withTimes(node, own));
    lines.sort((a, b) => (a.sortBy < b.sortBy ? -1 : a.sortBy > b.sortBy ? 1 : 0));
    const shown = lines.slice(-MOST_LINES);
    return {
      matches: shown.map(({ node, at, line }) => ({ node, at, line })),
      nodes: found.map(({ node, matches: count, problem: failed }) => ({
        node,
        matches: count,
        problem: failed,
      })),
      truncated: shown.length < found.reduce((sum, { matches: count }) => sum + count, 0),
    };
  }

  close(): void {
    for (const node of this.#returns.keys()) this.#forgetReturn(node);
  }

  async #return(node: string, spec: string): Promise<void> {
    this.#returns.delete(node);
    // A node that is gone has lost the level with its process.
    await this.inspector.setLogSpec(node, spec).catch(() => undefined);
  }

  #forgetReturn(node: string): void {
    clearTimeout(this.#returns.get(node)?.timer);
    this.#returns.delete(node);
  }

  #life(node: string): Life {
    const life = this.#lives.get(node) ?? { starts: 0, runningSince: null, lastExit: null };
    this.#lives.set(node, life);
    return life;
  }
}

/** A line without a time stays behind the one before it: it is part of the same message. */
function withTimes(node: string, lines: readonly { at: string | null; line: string }[]) {
  let last = '';
  return lines.map(({ at, line }) => {
    last = at ?? last;
    return { node, at, line, sortBy: last };
  });
}

function matcherOf(text: string | undefined, transactionId: string | undefined): (line: string) => boolean {
  if (transactionId !== undefined) {
    const rest = transactionId.slice(SHORT_ID) || '[0-9a-f]{56}';
    const id = new RegExp(`(?<![0-9a-f])${transactionId.slice(0, SHORT_ID)}(?:${rest})?(?![0-9a-f])`);
    return (line) => id.test(line);
  }
  const wanted = text?.toLowerCase();
  if (wanted === undefined) throw problem('BAD_REQUEST', { title: 'Nothing to look for.' });
  return (line) => line.toLowerCase().includes(wanted);
}
