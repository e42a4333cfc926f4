import type { AuditEntry } from '../../api/activity-models';
import type { Bundle, BundleEntry } from '../../api/support-models';
import type { TaskModel } from '../../api/models';
import type { IdentityStore } from '../ports/fabric';
import type { MetricsHistory } from '../ports/metrics';
import type { NetworkHost } from '../ports/network-host';
import type { AuditLog, SettingsStore } from '../ports/records';
import type { BundleFile, Support } from '../ports/support';
import type { StoreFaults } from '../store-faults';
import { toProblem } from '../problem';
import type { NetworkStatusService } from './network-status';
import type { NodeDetailService } from './node-details';
import { Redactor } from './redaction';

const LOG_LINES = 500;
const AUDIT_ENTRIES = 500;
const LOG_MS = 5_000;

export interface DiagnosticsSources {
  readonly host: NetworkHost;
  readonly status: NetworkStatusService;
  readonly details: NodeDetailService;
  readonly identities: IdentityStore;
  readonly audit: AuditLog;
  readonly settings: SettingsStore;
  readonly metricsHistory: MetricsHistory;
  readonly support: Support;
  readonly faults: Pick<StoreFaults, 'list'>;
  tasks(): readonly TaskModel[];
}

interface Part extends BundleEntry {
  /** Answers the file's document, or its text as it is. */
  read(signal: AbortSignal): Promise<unknown>;
}

/** Collects what helps to understand a fault. Whatever can't be read says why in its place. */
export class DiagnosticsService {
  constructor(private readonly sources: DiagnosticsSources) {}

  contents(): BundleEntry[] {
    return [readMe, ...this.#parts()].map(({ name, holds }) => ({ name, holds }));
  }

  async bundle(signal: AbortSignal): Promise<Bundle> {
    const made = new Date().toISOString();
    const redactor = new Redactor(await this.sources.support.secrets());
    const files: BundleFile[] = [];
    for (const part of this.#parts()) {
      signal.throwIfAborted();
      files.push({ name: part.name, text: await textOf(part, redactor, signal) });
    }
    const all = [{ name: readMe.name, text: readMeText(made, this.contents(), redactor.count) }, ...files];
    const { name } = this.sources.host.declared();
    const folder = `cityflow-diagnostics-${name}-${made.slice(0, 19).replaceAll(/[-:]/g, '')}`;
    const packed = await this.sources.support.pack(
      all.map((file) => ({ ...file, name: `${folder}/${file.name}` })),
    );
    const holds = new Map(this.contents().map((entry) => [entry.name, entry.holds]));
    return {
      fileName: `${folder}.tar.gz`,
      content: Buffer.from(packed).toString('base64'),
      entries: all.map((file) => ({
        name: file.name,
        holds: holds.get(file.name) ?? '',
        bytes: Buffer.byteLength(file.text),
      })),
      redactions: redactor.count,
      made,
    };
  }

  #parts(): Part[] {
    const { host, status, details, identities, audit, settings, metricsHistory, support, faults } =
      this.sources;
    const tasks = () => this.sources.tasks();
    const { nodes, channels } = host.declared();
    return [
      { name: 'about.json', holds: 'versions, system, folders', read: () => support.about() },
      {
        name: 'topology.yaml',
        holds: 'organizations, nodes, channels, contracts',
        read: () => support.topology(),
      },
      { name: 'status.json', holds: 'state, health and heights of all nodes', read: () => status.status() },
      {
        name: 'problems.json',
        holds: 'what is wrong with nodes, tasks that failed, commands that were refused',
        read: async () =>
          problemsOf(await status.status(), tasks(), await audit.list({ limit: AUDIT_ENTRIES })),
      },
      ...channels.map((channel) => ({
        name: `channels/${channel.name}.json`,
        holds: 'configuration, members, policies, what each peer holds',
        read: () => status.channel(channel.name),
      })),
      ...nodes.map((node) => ({
        name: `nodes/${node.name}.json`,
        holds: 'ports, environment, folders, certificates, log level',
        read: () => details.show(node.name),
      })),
      ...nodes.map((node) => ({
        name: `logs/${node.name}.log`,
        holds: `its last ${LOG_LINES} lines`,
        read: (signal: AbortSignal) => lastLines(host, node.name, signal),
      })),
      {
        name: 'metrics.json',
        holds: 'the last reading of every node',
        read: async () => lastReading(metricsHistory),
      },
      {
        name: 'identities.json',
        holds: 'names, roles, expiry and fingerprints; neither keys nor certificates',
        read: () => identities.list(),
      },
      {
        name: 'tasks.json',
        holds: 'tasks with their steps and problems, without results',
        read: () => Promise.resolve(tasks().map(withoutResult)),
      },
      { name: 'settings.json', holds: 'the settings of this console', read: () => settings.read() },
      {
        name: 'audit.json',
        holds: `the last ${AUDIT_ENTRIES} commands: who, what, outcome; without arguments`,
        read: async () => ({
          problem: audit.problem,
          entries: (await audit.list({ limit: AUDIT_ENTRIES })).map(withoutArguments),
        }),
      },
      {
        name: 'storage.json',
        holds: 'what takes how much of the disk, and what could not be kept there',
        read: async () => ({ stored: await support.stored(), faults: await faults.list() }),
      },
    ];
  }
}

const readMe: BundleEntry = { name: 'README.txt', holds: 'what is in here and what was left out' };

async function textOf(part: Part, redactor: Redactor, signal: AbortSignal): Promise<string> {
  try {
    const read = await part.read(signal);
    return typeof read === 'string' ? redactor.text(read) : redactor.json(read);
  } catch (error) {
    signal.throwIfAborted();
    return redactor.json({ notRead: toProblem(error) });
  }
}

async function lastLines(host: NetworkHost, node: string, signal: AbortSignal): Promise<string> {
  const lines: string[] = [];
  const soon = AbortSignal.any([signal, AbortSignal.timeout(LOG_MS)]);
  for await (const { line } of host.logs(node, { follow: false, tail: LOG_LINES }, soon)) lines.push(line);
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

async function lastReading(history: MetricsHistory): Promise<unknown> {
  const frame = await history.last();
  if (!frame) return { at: null, nodes: {} };
  return {
    at: new Date(frame.at).toISOString(),
    nodes: Object.fromEntries(
      [...frame.nodes].map(([name, { startedAt, values }]) => [
        name,
        { startedAt, values: Object.fromEntries(values) },
      ]),
    ),
  };
}

const withoutResult = (task: TaskModel) => ({ ...task, result: undefined });

/** Arguments of calls may be anything, people's names among them: how many there were is enough. */
function withoutArguments({ request, ...entry }: AuditEntry): unknown {
  if (typeof request !== 'object' || request === null || !('args' in request)) return { ...entry, request };
  const { args } = request;
  return { ...entry, request: { ...request, args: Array.isArray(args) ? `${args.length} arguments` : '' } };
}

function problemsOf(
  status: Awaited<ReturnType<NetworkStatusService['status']>>,
  tasks: readonly TaskModel[],
  audit: readonly AuditEntry[],
) {
  return {
    nodes: status.nodes
      .filter(({ state, health }) => state !== 'running' || health.status !== 'ok')
      .map(({ name, state, health }) => ({ name, state, reasons: health.reasons })),
    tasks: tasks
      .filter(({ state }) => state === 'failed')
      .map(({ id, operation, problem }) => ({ id, operation, problem })),
    refused: audit
      .filter(({ outcome }) => outcome !== 'OK' && outcome !== 'STARTED')
      .map(({ at, operation, outcome }) => ({ at, operation, outcome })),
  };
}

function readMeText(made: string, entries: readonly BundleEntry[], redactions: number): string {
  return [
    'Diagnostics of a CityFlow network',
    `Made ${made}`,
    '',
    ...entries.map(({ name, holds }) => `${name}\n    ${holds}`),
    '',
    'Left out: private keys, certificates of identities, passwords and tokens, cookies and sign-in codes,',
    'transient data, arguments and results of contract calls. The bodies of all key files of this network and',
    'the secrets of the environment were searched for word for word, and what looks like a secret was blackened',
    `as well: ${redactions} ${redactions === 1 ? 'place' : 'places'}. Logs are otherwise as the nodes and contracts wrote them: look through them before`,
    'you give them away.',
    '',
  ].join('\n');
}
