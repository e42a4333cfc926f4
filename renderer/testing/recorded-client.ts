import type { Subscription } from '../../electron/api/client';
import { metricSeriesRequestSchema, metricSeriesSchema } from '../../electron/api/metric-models';
import { blockSummarySchema } from '../../electron/api/models';
import { operations } from '../../electron/api/operations';
import type { OperationName, ReplyOf, RequestOf, Role } from '../../electron/api/operations';
import type { Outcome, Problem } from '../../electron/api/problems';
import { topics } from '../../electron/api/topics';
import type { EventOf, ParametersOf, TopicName } from '../../electron/api/topics';
import type { ConnectionState, ObservedClient } from '../client/connection';
import { requestKey } from './recording';
import type { Recording } from './recording';

/** As many blocks as `ledger.blocks` answers without a range. */
const DEFAULT_BLOCKS = 10;

/**
 * A core that says what a real one said. Of what was recorded whole (chains, metrics, logs) a part may be asked for.
 * What was not recorded is a problem, and stands in `unanswered`.
 */
export class RecordedClient implements ObservedClient {
  readonly state: ConnectionState;
  readonly lastHeard: number;
  /** What was asked and is not in the recording. */
  readonly unanswered: string[] = [];

  constructor(
    private readonly recording: Recording,
    readonly role: Role = 'admin',
  ) {
    this.lastHeard = Date.parse(recording.recorded.at);
    this.state = { kind: 'connected', since: this.lastHeard };
  }

  call<N extends OperationName>(name: N, request: RequestOf<N>): Promise<Outcome<ReplyOf<N>>> {
    const outcome =
      this.#recorded(name, request) ?? this.#partOf(name, request) ?? this.#missing(name, request);
    return Promise.resolve(outcome as Outcome<ReplyOf<N>>);
  }

  subscribe<N extends TopicName>(
    topic: N,
    parameters: ParametersOf<N>,
    onEvents: (events: readonly EventOf<N>[], dropped: number) => void,
  ): Subscription {
    const events = this.#eventsOf(topic, parameters);
    let end: (problem: Problem | undefined) => void = () => undefined;
    const ended = new Promise<Problem | undefined>((resolve) => (end = resolve));
    const isOver = 'follow' in parameters && !parameters.follow;
    if (events) {
      queueMicrotask(() => {
        onEvents(events as EventOf<N>[], 0);
        if (isOver) end(undefined);
      });
    } else end(this.#missing(topic, parameters).problem);
    return { ended, close: () => end(undefined) };
  }

  onStateChange(): () => void {
    return () => undefined;
  }

  retryNow(): void {
    // It is connected.
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #recorded(name: OperationName, request: unknown): Outcome<unknown> | undefined {
    const key = requestKey(name, operations[name].request.parse(request));
    for (const answer of this.recording.answers) {
      if (answer.operation === name && requestKey(name, answer.request) === key) return answer.outcome;
    }
    return undefined;
  }

  #partOf(name: OperationName, request: unknown): Outcome<unknown> | undefined {
    if (name === 'ledger.blocks') return this.#blocks(operations[name].request.parse(request));
    if (name === 'metrics.series') return this.#series(request);
    if (name === 'audit.list' || name === 'transaction.history') return this.#recorded(name, {});
    return undefined;
  }

  #blocks({ channel, from, to }: { channel: string; from?: string | undefined; to?: string | undefined }) {
    const whole = this.#recorded('ledger.blocks', { channel, from: '0' });
    if (!whole?.ok) return whole;
    const chain = blockSummarySchema.array().parse(whole.value);
    const last = to === undefined ? chain.length - 1 : Number(to);
    const first = from === undefined ? Math.max(0, last - DEFAULT_BLOCKS + 1) : Number(from);
    return { ok: true as const, value: chain.slice(first, last + 1) };
  }

  /** The recorded range whatever range is asked for: the console's clock stands at its end. */
  #series(request: unknown): Outcome<unknown> | undefined {
    const { names, nodes } = metricSeriesRequestSchema.parse(request);
    const whole = this.recording.answers.find(({ operation }) => operation === 'metrics.series')?.outcome;
    if (!whole?.ok) return undefined;
    const recorded = metricSeriesSchema.parse(whole.value);
    const wanted = ({ name, node }: { name: (typeof names)[number]; node: string | null }) =>
      names.includes(name) && (nodes === undefined || node === null || nodes.includes(node));
    return {
      ok: true,
      value: {
        ...recorded,
        series: recorded.series.filter(wanted),
        absent: recorded.absent.filter(wanted),
      },
    };
  }

  #eventsOf(topic: TopicName, parameters: unknown): readonly unknown[] | undefined {
    const wanted = topics[topic].parameters.parse(parameters);
    const key = requestKey(topic, wanted);
    const streams = this.recording.streams.filter((stream) => stream.topic === topic);
    const exact = streams.find((stream) => requestKey(topic, stream.parameters) === key);
    if (exact) return exact.events;
    if (!('tail' in wanted)) return undefined;
    const ofNode = topics['node.logs'].parameters;
    const log = streams.find(({ parameters: recorded }) => ofNode.parse(recorded).node === wanted.node);
    if (!log) return undefined;
    const positions = log.events.map((event) => topics['node.logs'].event.parse(event).position);
    if (wanted.after !== undefined) return log.events.slice(positions.indexOf(wanted.after) + 1);
    const before = wanted.before === undefined ? positions.length : positions.indexOf(wanted.before);
    return log.events.slice(Math.max(0, before - wanted.tail), Math.max(0, before));
  }

  #missing(what: OperationName | TopicName, request: unknown): { ok: false; problem: Problem } {
    const asked = `${what} ${JSON.stringify(request)}`;
    this.unanswered.push(asked);
    return {
      ok: false,
      problem: {
        code: 'UNKNOWN_OPERATION',
        title: `The recording has no answer to ${asked}.`,
        detail: '',
        hint: 'Add it to electron/testing/recorder/questions.ts and run `npm run record`.',
        retryable: false,
        sources: [],
      },
    };
  }
}
