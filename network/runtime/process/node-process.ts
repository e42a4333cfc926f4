import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync } from 'node:fs';
import type { NetworkFolder } from '../network-folder';
import { KILLED_FROM_HERE, NodeStartError, ProgramMissingError, type NodeStatus } from '../network-runtime';
import { assertPortsFree } from './free-ports';
import { LogFile } from '../log/log-file';
import type { ProcessNode } from './process-node';
import { fingerprintOf, removeRecord, writeRecord, type ProcessRecord } from './process-record';
import { sampleProcess, type ProcessSample } from './process-sample';
import { lastWords } from '../log/last-words';
import { untilReady } from '../readiness';

const readyTimeoutMs = 60_000;
const graceMs = 12_000;
const watchIntervalMs = 500;
/** A node that ends by itself is explained by this much of its log. */
const explainingLines = 40;

interface Running {
  readonly pid: number;
  readonly since: Date;
  /** Resolves when the process is gone. */
  readonly gone: Promise<void>;
  /** Absent for a process that an earlier supervisor started. */
  readonly child?: ChildProcess;
}

/** One node as a process: at most one at a time, whoever started it. */
export class NodeProcess {
  readonly log: LogFile;
  #status: NodeStatus = { state: 'stopped' };
  #running: Running | undefined;
  /** What it was told; an end that nobody asked for is an accident. */
  #told: 'stop' | 'kill' | undefined;
  #starting: Promise<void> | undefined;
  #cpuMark: { readonly at: number; readonly cpuSeconds: number } | undefined;

  constructor(
    readonly node: ProcessNode,
    private readonly folder: NetworkFolder,
    private readonly changed: (status: NodeStatus) => void,
  ) {
    this.log = new LogFile(folder.log(node.name));
  }

  /** What is known without asking the operating system. */
  get status(): NodeStatus {
    return this.#status;
  }

  async inspect(): Promise<NodeStatus> {
    const running = this.#running;
    if (!running || this.#status.state !== 'running') return this.#status;
    const sample = await sampleProcess(running.pid);
    return sample?.paused ? { state: 'paused', pid: running.pid, since: running.since } : this.#status;
  }

  /** @throws ProgramMissingError, PortTakenError */
  async assertStartable(): Promise<void> {
    if (!this.#running) await this.#startableCommand();
  }

  /** Two callers at a time wait for the same start. */
  start(signal?: AbortSignal): Promise<void> {
    this.#starting ??= this.#startNow(signal).finally(() => (this.#starting = undefined));
    return this.#starting;
  }

  /** Takes over a process that an earlier supervisor started and recorded. */
  adopt(record: ProcessRecord): void {
    const since = new Date(record.since);
    const gone = this.#watch(record.pid, record.startedAt).then(() => this.#ended(null, null, 0));
    this.#running = { pid: record.pid, since, gone };
    this.#setStatus({ state: 'running', pid: record.pid, since });
  }

  async stop(): Promise<void> {
    const running = this.#running;
    if (!running) {
      if (['exited', 'killed'].includes(this.#status.state)) this.#setStatus({ state: 'stopped' });
      return;
    }
    this.#told = 'stop';
    // The end of this pipe asks programs of this project to stop, also where there are no signals (Windows).
    running.child?.stdin?.end();
    if (process.platform !== 'win32') {
      signalProcess(running.pid, 'SIGTERM');
      // A paused process hears SIGTERM only once it goes on.
      signalProcess(running.pid, 'SIGCONT');
    }
    const force = setTimeout(() => signalProcess(running.pid, 'SIGKILL'), graceMs);
    await running.gone;
    clearTimeout(force);
  }

  async kill(): Promise<void> {
    const running = this.#running;
    if (!running) return;
    this.#told ??= 'kill';
    signalProcess(running.pid, 'SIGKILL');
    await running.gone;
  }

  /** Stops it where it stands, or lets it go on. @throws NodeStartError on platforms without such signals */
  async signal(signal: 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    if (process.platform === 'win32') {
      throw new NodeStartError(this.node.name, 'Windows cannot pause a process');
    }
    if (!this.#running) return;
    signalProcess(this.#running.pid, signal);
    this.changed(await this.inspect());
  }

  /** @returns undefined when it doesn't run */
  async sample(): Promise<{ cpuPercent: number; residentBytes: number } | undefined> {
    const running = this.#running;
    const sample = running && (await sampleProcess(running.pid));
    if (!sample) return undefined;
    const now = Date.now();
    const mark = this.#cpuMark ?? { at: running.since.getTime(), cpuSeconds: 0 };
    const seconds = Math.max(now - mark.at, 1) / 1000;
    this.#cpuMark = { at: now, cpuSeconds: sample.cpuSeconds };
    return {
      cpuPercent: Math.max(0, ((sample.cpuSeconds - mark.cpuSeconds) / seconds) * 100),
      residentBytes: sample.residentBytes,
    };
  }

  /** Lets go of the process: the event loop no longer waits for it. */
  release(): void {
    const child = this.#running?.child;
    child?.unref();
  }

  async #startNow(signal?: AbortSignal): Promise<void> {
    if (this.#running) {
      // Asked to run, a paused one goes on; to a running one this signal means nothing.
      if (process.platform !== 'win32') signalProcess(this.#running.pid, 'SIGCONT');
      return;
    }
    const { node } = this;
    const command = await this.#startableCommand();
    await this.log.rotateIfLarge();
    const logStart = await this.log.size();
    const running = await this.#spawn(command, logStart);
    const stillRunning = (): boolean => this.#running === running;
    const missing = await untilReady(node.readiness, stillRunning, readyTimeoutMs, signal);
    if (!stillRunning()) {
      await running.gone;
      const { status } = this;
      throw new NodeStartError(node.name, 'reason' in status ? status.reason : 'it was stopped');
    }
    if (missing === undefined) {
      this.#setStatus({ state: 'running', pid: running.pid, since: running.since });
      return;
    }
    await this.stop();
    throw new NodeStartError(node.name, missing);
  }

  /** @throws ProgramMissingError, PortTakenError */
  async #startableCommand(): Promise<string> {
    const { node } = this;
    if (node.command === undefined) {
      throw new ProgramMissingError(
        node.name,
        `the genuine Fabric program "${node.kind}"`,
        'set FABRIC_BIN to the folder that holds it, or use the embedded runtime',
      );
    }
    const program = node.program === 'genuine' ? undefined : node.args.at(-1);
    if (program !== undefined && !existsSync(program)) {
      throw new ProgramMissingError(node.name, program, 'build the programs with `npm run build`');
    }
    await assertPortsFree(node.name, node.ports);
    return node.command;
  }

  async #spawn(command: string, logStart: number): Promise<Running> {
    const { node } = this;
    const output = await this.log.openForAppend();
    let child: ChildProcess;
    try {
      child = spawn(command, node.args, {
        env: node.environment,
        cwd: this.folder.root,
        stdio: ['pipe', output, output],
        // Its own process group: Ctrl-C is the supervisor's to handle, which stops nodes in order.
        detached: true,
        windowsHide: true,
      });
    } finally {
      closeSync(output);
    }
    const { pid } = child;
    if (pid === undefined) {
      const error = await new Promise<Error>((resolve) => child.once('error', resolve));
      throw new NodeStartError(node.name, `${command}: ${error.message}`, { cause: error });
    }
    child.stdin?.on('error', () => undefined);
    this.#told = undefined;
    this.#cpuMark = undefined;
    const since = new Date();
    const gone = new Promise<void>((resolve) => {
      child.once('exit', (code, signalName) => void this.#ended(code, signalName, logStart).finally(resolve));
    });
    const running: Running = { pid, since, gone, child };
    this.#running = running;
    this.#setStatus({ state: 'starting', pid, since });
    const sample = await sampleProcess(pid);
    if (sample) {
      await writeRecord(this.folder, {
        node: node.name,
        pid,
        startedAt: sample.startedAt,
        fingerprint: fingerprintOf(node),
        since: since.toISOString(),
      });
    }
    return running;
  }

  async #ended(exitCode: number | null, signal: string | null, logStart: number): Promise<void> {
    const told = this.#told;
    this.#running = undefined;
    this.#told = undefined;
    await removeRecord(this.folder, this.node.name);
    if (told === 'stop') {
      this.#setStatus({ state: 'stopped' });
      return;
    }
    if (told === 'kill') {
      this.#setStatus({
        state: 'killed',
        reason: KILLED_FROM_HERE,
      });
      return;
    }
    const ended = signal
      ? `ended by ${signal}`
      : exitCode === null
        ? 'ended'
        : `exited with code ${exitCode}`;
    const said = lastWords(await this.log.tail(explainingLines, logStart));
    this.#setStatus({
      state: 'exited',
      exitCode,
      signal,
      reason: said === '' ? ended : `${ended}; its log: ${said}`,
    });
  }

  /** Waits for the end of a process that is nobody's child here. */
  #watch(pid: number, startedAt: string): Promise<void> {
    return new Promise((resolve) => {
      const timer = setInterval(() => {
        void sampleProcess(pid).then((sample: ProcessSample | undefined) => {
          if (sample?.startedAt === startedAt) return;
          clearInterval(timer);
          resolve();
        });
      }, watchIntervalMs);
      timer.unref();
    });
  }

  #setStatus(status: NodeStatus): void {
    this.#status = status;
    this.changed(status);
  }
}

/** Sends a signal; a process that is gone already has nothing to hear. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
