import type Docker from 'dockerode';
import type { ContainerInspectInfo } from 'dockerode';
import { z } from 'zod';
import { assertPortsFree } from '../process/free-ports';
import { lastWords } from '../log/last-words';
import { KILLED_FROM_HERE, NodeStartError, PortTakenError } from '../network-runtime';
import type { NodeContainer, NodeStats, NodeStatus } from '../network-runtime';
import { untilReady } from '../readiness';
import type { ContainerPlan } from './container-plan';
import { sampleContainer } from './container-sample';
import type { SampledContainer } from './container-sample';
import { statusOf, wordsOf } from './engine-answer';
import { EngineLostError } from './engine-unavailable';
import { explainExit } from './exit-words';
import type { LogCollector } from './log-collector';
import type { OwnObjects } from './own-objects';

const READY_MS = 90_000;
/** As long as readings are good to be shown. */
const FRESH_MS = 15_000;
const EXPLAINING_LINES = 40;
/** As `docker ps` shows them. */
const SHORT_ID = 12;
/** What the engine answers where something is as it was asked to be. */
const AS_IT_IS = 304;

/** One node as a container. What it does is read from the engine, whoever had it done. */
export class DockerNode {
  #status: NodeStatus = { state: 'stopped' };
  #drift: readonly string[] | undefined;
  #starting: Promise<void> | undefined;
  #isStarting = false;
  #isKilled = false;
  #sample: SampledContainer | undefined;
  #reading: Promise<void> | undefined;

  constructor(
    private readonly docker: Docker,
    private readonly objects: OwnObjects,
    readonly plan: ContainerPlan,
    private readonly collector: LogCollector,
    private readonly changed: (status: NodeStatus) => void,
  ) {}

  get status(): NodeStatus {
    return this.#status;
  }

  /** As of the last time the engine told of its container; undefined where there is none. */
  get drift(): readonly string[] | undefined {
    return this.#drift;
  }

  /** @throws ForeignObjectError, PortTakenError */
  async assertStartable(): Promise<void> {
    const found = await this.objects.container(this.plan.container);
    if (found?.State.Running) return;
    await assertPortsFree(this.plan.node, this.plan.ports);
  }

  /** Two callers at a time wait for the same start. */
  start(signal?: AbortSignal): Promise<void> {
    this.#starting ??= this.#startNow(signal).finally(() => (this.#starting = undefined));
    return this.#starting;
  }

  async stop(): Promise<void> {
    const found = await this.objects.container(this.plan.container);
    if (!found) return;
    this.#isKilled = false;
    // A paused container hears nothing.
    if (found.State.Paused) await this.#container.unpause();
    await asIs(this.#container.stop());
    await this.collector.start();
    await this.refresh();
  }

  async kill(): Promise<void> {
    const found = await this.objects.container(this.plan.container);
    if (!found?.State.Running) return;
    this.#isKilled = true;
    await this.#container.kill();
    await this.#container.wait();
    await this.refresh();
  }

  async pause(): Promise<void> {
    if (this.#status.state !== 'running') return;
    await this.#container.pause();
    await this.refresh();
  }

  async unpause(): Promise<void> {
    if (this.#status.state !== 'paused') return;
    await this.#container.unpause();
    await this.refresh();
  }

  /** Removes the container; its ledger stays, and the next start makes it anew as the topology has it. */
  async remove(): Promise<void> {
    await this.stop();
    await this.objects.removeContainer(this.plan.container);
    await this.refresh();
  }

  async container(): Promise<NodeContainer | undefined> {
    const found = await this.objects.container(this.plan.container);
    if (!found) return undefined;
    const { Memory = 0, NanoCpus = 0 } = found.HostConfig;
    this.#drift = await this.objects.drift(this.plan, found);
    return {
      name: this.plan.container,
      id: found.Id.slice(0, SHORT_ID),
      image: found.Config.Image,
      imageDigest: found.Image,
      volume: this.plan.volume,
      restarts: found.RestartCount,
      memoryLimitBytes: Memory > 0 ? Memory : undefined,
      processorLimit: NanoCpus > 0 ? NanoCpus / 1e9 : undefined,
      drift: this.#drift,
    };
  }

  /** Asks the engine how it is. */
  async refresh(): Promise<NodeStatus> {
    const found = await this.objects.container(this.plan.container);
    this.#drift = found && (await this.objects.drift(this.plan, found));
    const status = found ? await this.#statusOf(found) : ({ state: 'stopped' } as const);
    if (found?.State.Running) void this.collector.start();
    this.#become(status);
    return status;
  }

  /** The engine does not answer. */
  lost(reason: string): void {
    this.#drift = undefined;
    this.#become({ state: 'unknown', reason });
  }

  #become(status: NodeStatus): void {
    if (JSON.stringify(status) === JSON.stringify(this.#status)) return;
    this.#status = status;
    this.changed(status);
  }

  /**
   * What it uses, as read a moment ago: whoever asks has the next reading taken, and does not wait for it. On a busy
   * machine the engine takes seconds to read.
   * @returns undefined when it doesn't run, or the engine does not answer, which its state tells
   */
  async sample(): Promise<NodeStats | undefined> {
    if (this.#status.state !== 'running' && this.#status.state !== 'paused') return undefined;
    const known = this.#sample;
    this.#reading ??= this.#read().finally(() => (this.#reading = undefined));
    if (known && Date.now() - known.sample.at < FRESH_MS) {
      // Whoever has to wait hears of it.
      this.#reading.catch(() => undefined);
      return known.stats;
    }
    await this.#reading;
    return this.#sample?.stats;
  }

  async #read(): Promise<void> {
    try {
      this.#sample = await sampleContainer(this.#container, this.#sample?.sample);
    } catch (error) {
      this.#sample = undefined;
      if (!(error instanceof EngineLostError)) throw error;
    }
  }

  /** Runs a command in the container; answers its output and exit code. */
  async exec(command: readonly string[]): Promise<{ output: string; exitCode: number }> {
    await this.#required();
    const exec = await this.#container.exec({ Cmd: [...command], AttachStdout: true, AttachStderr: true });
    const stream = await exec.start({});
    const chunks: Buffer[] = [];
    const sink = { write: (chunk: Buffer) => chunks.push(chunk) > 0 } as unknown as NodeJS.WritableStream;
    this.docker.modem.demuxStream(stream, sink, sink);
    await new Promise<void>((resolve, reject) => stream.once('end', resolve).once('error', reject));
    const { ExitCode } = await exec.inspect();
    return { output: Buffer.concat(chunks).toString('utf8'), exitCode: ExitCode ?? -1 };
  }

  get #container(): Docker.Container {
    return this.docker.getContainer(this.plan.container);
  }

  async #required(): Promise<void> {
    if (!(await this.objects.container(this.plan.container))) {
      throw new NodeStartError(this.plan.node, 'it has no container yet: start it first');
    }
  }

  async #startNow(signal?: AbortSignal): Promise<void> {
    const found = await this.objects.container(this.plan.container);
    if (found?.State.Paused) {
      await this.unpause();
      return;
    }
    if (!found?.State.Running) await assertPortsFree(this.plan.node, this.plan.ports);
    signal?.throwIfAborted();
    this.#isStarting = true;
    this.#isKilled = false;
    try {
      if (!found) await this.docker.createContainer(this.plan.options);
      const exit = watchExit(this.#container);
      try {
        await this.#run();
        await this.refresh();
        await this.#untilReady(exit, signal);
      } finally {
        exit.close();
      }
    } finally {
      this.#isStarting = false;
      await this.refresh();
    }
  }

  /** @throws PortTakenError, NodeStartError */
  async #run(): Promise<void> {
    try {
      await asIs(this.#container.start());
    } catch (error) {
      const words = wordsOf(error);
      const port = /(?:address already in use|port is already allocated)/.test(words)
        ? this.plan.ports.find((one) => words.includes(`:${one}`))
        : undefined;
      if (port !== undefined) throw new PortTakenError(this.plan.node, port, undefined);
      throw new NodeStartError(this.plan.node, words, { cause: error });
    }
  }

  /** A node that ends while it starts is not waited for, also where the engine starts it again by itself. */
  async #untilReady(exit: ExitWatch, signal?: AbortSignal): Promise<void> {
    const missing = await untilReady(this.plan.readiness, () => !exit.seen, READY_MS, signal);
    if (missing === undefined) return;
    // Before it is stopped: that is an end, too.
    const { seen } = exit;
    if (seen && 'failure' in seen) throw seen.failure;
    await asIs(this.#container.stop());
    await this.collector.start();
    signal?.throwIfAborted();
    throw new NodeStartError(this.plan.node, seen ? await this.#explainStart(seen.code) : missing);
  }

  /** @param code with which it ended first: what came after was the engine's doing */
  async #explainStart(code: number): Promise<string> {
    const found = await this.objects.container(this.plan.container);
    if (!found) return `exited with code ${code}`;
    return this.#explain({ ...found, State: { ...found.State, ExitCode: code, Error: '' } });
  }

  async #statusOf(found: ContainerInspectInfo): Promise<NodeStatus> {
    const { Status, Pid, StartedAt, ExitCode, Paused } = found.State;
    const running = { pid: Pid, since: new Date(StartedAt) };
    if (Paused) return { state: 'paused', ...running };
    if (Status === 'running') return { state: this.#isStarting ? 'starting' : 'running', ...running };
    if (Status === 'restarting') {
      const reason = `${await this.#explain(found)}; the engine starts it again (${found.RestartCount} times so far)`;
      return { state: 'exited', exitCode: ExitCode, signal: null, reason };
    }
    if (this.#isKilled) return { state: 'killed', reason: KILLED_FROM_HERE };
    if (Status === 'created' || STOPPED.has(ExitCode)) return { state: 'stopped' };
    return { state: 'exited', exitCode: ExitCode, signal: null, reason: await this.#explain(found) };
  }

  async #explain({ State, HostConfig, Config }: ContainerInspectInfo): Promise<string> {
    const said = Config.Tty ? '' : lastWords(await this.collector.tail(EXPLAINING_LINES));
    return explainExit(State, HostConfig.Memory ?? 0, said);
  }
}

/** Ended in good order: by itself, or by SIGTERM. */
const STOPPED = new Set([0, 143]);

interface ExitWatch {
  /** With which code the container ended, or why the engine could not say; undefined as long as it runs. */
  readonly seen: { readonly code: number } | { readonly failure: unknown } | undefined;
  close(): void;
}

const exitSchema = z.object({ StatusCode: z.int() });

/** Sees a container end once from now on, however soon the engine starts it again. */
function watchExit(container: Docker.Container): ExitWatch {
  const closed = new AbortController();
  let seen: ExitWatch['seen'];
  container
    .wait({ condition: 'next-exit', abortSignal: closed.signal })
    .then((exit) => (seen = { code: exitSchema.parse(exit).StatusCode }))
    .catch((failure: unknown) => (seen = { failure }));
  return {
    get seen() {
      return seen;
    },
    close: () => closed.abort(),
  };
}

async function asIs(asked: Promise<unknown>): Promise<void> {
  try {
    await asked;
  } catch (error) {
    if (statusOf(error) !== AS_IT_IS) throw error;
  }
}
