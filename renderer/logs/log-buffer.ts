import type { Subscription } from '../../electron/api/client';
import type { Problem } from '../../electron/api/problems';
import type { EventOf, ParametersOf } from '../../electron/api/topics';
import { Backoff } from '../client/backoff';
import type { ObservedClient } from '../client/connection';
import { formatNumber, plural } from '../ui/format';
import { markAt, readLine } from './log-line';
import type { LogLine } from './log-line';
import type { LogSource, LogWindow } from './log-source';

type Event = EventOf<'node.logs'>;
type Range = Omit<ParametersOf<'node.logs'>, 'node' | 'follow'>;

/** At most four renders a second, however fast a node writes. */
const RENDER_MS = 250;
/** Lines that wait while the window is held; then nothing is read until somebody wants them. */
const MOST_WAITING = 20_000;
/** Trimming line by line would cost more than it saves. */
const TRIM_SLACK = 1_000;

export interface LogBufferOptions {
  /** Lines read at once: at first, and each time older or newer ones are asked for. */
  readonly page: number;
  /** Lines held; beyond them those at the other end go, and are read again when they are asked for. */
  readonly most: number;
  /** Begins at this moment instead of at the end. */
  readonly at?: string | undefined;
}

/** A window on one node's log: a bounded part of it that follows the end, or stands where somebody reads. */
export class LogBuffer implements LogSource {
  readonly #lines: LogLine[] = [];
  #window: LogWindow;
  #waiting: LogLine[] = [];
  #stream: Subscription | undefined;
  #page: Subscription | undefined;
  #stopObserving: () => void = () => undefined;
  #show: ReturnType<typeof setTimeout> | undefined;
  #shownAt = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #at: string | undefined;
  readonly #backoff = new Backoff();
  readonly #listeners = new Set<() => void>();

  constructor(
    private readonly client: ObservedClient,
    readonly node: string,
    private readonly options: LogBufferOptions,
  ) {
    this.#at = options.at;
    this.#window = {
      lines: this.#lines,
      version: 0,
      waiting: 0,
      moreWait: false,
      isHeld: options.at !== undefined,
      state: 'loading',
      problem: undefined,
      older: 'more',
      reachesEnd: false,
      dropped: 0,
    };
  }

  readonly snapshot = (): LogWindow => this.#window;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#begin();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#end();
    };
  };

  hold(isHeld: boolean): void {
    if (isHeld === this.#window.isHeld) return;
    if (isHeld) this.#change({ isHeld });
    else this.#release();
  }

  loadOlder(): void {
    const first = this.#lines.find(({ isMark }) => !isMark);
    if (!first || this.#window.older !== 'more' || this.#page) return;
    this.#change({ older: 'loading' });
    this.#read({ before: first.position, tail: this.options.page }, (events, problem) => {
      const older = problem ? 'more' : events.length < this.options.page ? 'none' : 'more';
      this.#lines.unshift(...this.#linesOf(events, undefined));
      const surplus = this.#lines.length - this.options.most;
      if (surplus > 0) {
        this.#lines.splice(this.options.most);
        this.#park();
      }
      this.#present({ older, ...(surplus > 0 && { reachesEnd: false, state: 'parked' }) });
    });
  }

  loadNewer(): void {
    if (this.#window.state !== 'parked' || this.#page) return;
    const { page } = this.options;
    this.#read({ after: this.#lastPosition(), tail: page, limit: page }, (events, problem) => {
      this.#append(this.#linesOf(events, this.#lines.at(-1)));
      if (!problem && events.length < page) this.#follow();
      this.#present({});
    });
  }

  showNewest(): void {
    if (this.#window.reachesEnd || this.#window.moreWait) {
      this.#release();
      return;
    }
    this.#page?.close();
    this.#page = undefined;
    this.#at = undefined;
    this.#lines.length = 0;
    this.#present({ isHeld: false, state: 'loading', older: 'more' });
    this.#load();
  }

  retry(): void {
    clearTimeout(this.#retry);
    if (this.client.state.kind === 'lost') this.client.retryNow();
    else if (this.#lines.length === 0) this.#load();
    else this.#follow();
  }

  #begin(): void {
    this.#stopObserving = this.client.onStateChange(() => this.#connectionChanged());
    if (this.#lines.length === 0) this.#load();
    else if (this.#window.reachesEnd) this.#follow();
  }

  #end(): void {
    this.#stopObserving();
    clearTimeout(this.#show);
    clearTimeout(this.#retry);
    this.#show = undefined;
    this.#page?.close();
    this.#page = undefined;
    this.#park();
  }

  #park(): void {
    const stream = this.#stream;
    this.#stream = undefined;
    stream?.close();
  }

  #load(): void {
    const { page } = this.options;
    const range = this.#at === undefined ? { tail: page } : { tail: page / 4, at: this.#at, limit: page };
    this.#read(range, (events, problem) => {
      if (problem) {
        this.#lost(problem);
        return;
      }
      this.#append(this.#linesOf(events, undefined));
      const isWhole = this.#at === undefined || events.length < page;
      if (isWhole) this.#follow();
      const older = this.#at === undefined && events.length < page ? 'none' : 'more';
      this.#present({ older, ...(!isWhole && { state: 'parked', reachesEnd: false }) });
    });
  }

  /** Reads a part of the log to its end. A connection lost on the way begins the part again. */
  #read(range: Range, onEnd: (events: readonly Event[], problem: Problem | undefined) => void): void {
    let events: Event[] = [];
    const page = this.client.subscribe(
      'node.logs',
      { node: this.node, follow: false, ...range },
      (batch) => {
        for (const event of batch) events.push(event);
      },
      { onRestart: () => (events = []) },
    );
    this.#page = page;
    void page.ended.then((problem) => {
      if (this.#page !== page) return;
      this.#page = undefined;
      onEnd(events, problem);
    });
  }

  #follow(): void {
    this.#park();
    const parameters = () => ({
      node: this.node,
      follow: true,
      tail: this.options.page,
      after: this.#lastPosition(),
    });
    const stream = this.client.subscribe(
      'node.logs',
      parameters(),
      (events, dropped) => {
        if (this.#stream === stream) this.#heard(events, dropped);
      },
      { againWith: parameters },
    );
    this.#stream = stream;
    this.#change({ state: 'live', reachesEnd: true, problem: undefined });
    void stream.ended.then((problem) => {
      if (this.#stream !== stream) return;
      this.#stream = undefined;
      if (problem) this.#lost(problem);
    });
  }

  #heard(events: readonly Event[], dropped: number): void {
    this.#attempt = 0;
    const target = this.#window.isHeld ? this.#waiting : this.#lines;
    const last = this.#waiting.at(-1) ?? this.#lines.at(-1);
    if (dropped > 0) {
      const text = `${plural(dropped, 'line')} left out here: they came faster than this window took them. The download has them.`;
      target.push(markAt(this.node, text, last?.time ?? Number.NaN));
    }
    for (const line of this.#linesOf(events, last)) target.push(line);
    if (!this.#window.isHeld) this.#trimStart();
    else if (this.#waiting.length > MOST_WAITING) this.#park();
    const moreWait = this.#window.isHeld && this.#stream === undefined;
    const change = {
      dropped: this.#window.dropped + dropped,
      waiting: this.#waiting.length,
      moreWait,
      problem: undefined,
      state: 'live' as const,
    };
    this.#window = { ...this.#window, ...change };
    const wait = this.#shownAt + RENDER_MS - Date.now();
    this.#show ??= setTimeout(() => this.#present({}), Math.max(0, wait));
  }

  #release(): void {
    const { moreWait } = this.#window;
    this.#append(this.#waiting);
    this.#waiting = [];
    this.#present({ isHeld: false, waiting: 0, moreWait: false });
    if (moreWait) this.#follow();
  }

  #append(lines: readonly LogLine[]): void {
    for (const line of lines) this.#lines.push(line);
    this.#trimStart();
  }

  #trimStart(): void {
    const surplus = this.#lines.length - this.options.most;
    if (surplus < TRIM_SLACK && this.#window.state === 'live') return;
    if (surplus <= 0) return;
    this.#lines.splice(0, surplus);
    if (this.#window.older === 'none') this.#window = { ...this.#window, older: 'more' };
  }

  #linesOf(events: readonly Event[], before: LogLine | undefined): LogLine[] {
    const lines: LogLine[] = [];
    let last = before;
    for (const { line, position, gap } of events) {
      if (gap) {
        lines.push(markAt(this.node, gapWords[gap], last?.time ?? Number.NaN));
        last = undefined;
      }
      last = readLine(this.node, line, position, last?.isMark ? undefined : last);
      lines.push(last);
    }
    return lines;
  }

  #lastPosition(): string | undefined {
    const isLine = ({ isMark }: LogLine) => !isMark;
    return (this.#waiting.findLast(isLine) ?? this.#lines.findLast(isLine))?.position;
  }

  #lost(problem: Problem): void {
    this.#present({ state: 'lost', problem });
    if (!problem.retryable) return;
    this.#retry = setTimeout(() => this.retry(), this.#backoff.delayMs(this.#attempt));
    this.#attempt += 1;
  }

  /** The stream goes on by itself when the connection is back. */
  #connectionChanged(): void {
    const { state } = this.client;
    if (state.kind === 'lost' || state.kind === 'signed-out') {
      this.#change({ state: 'lost', problem: state.problem });
    } else if (state.kind === 'connected' && this.#window.state === 'lost') {
      const state = this.#stream ? 'live' : this.#lines.length === 0 ? 'loading' : 'parked';
      this.#change({ state, problem: undefined });
    }
  }

  #present(change: Partial<LogWindow>): void {
    clearTimeout(this.#show);
    this.#show = undefined;
    this.#shownAt = Date.now();
    this.#change({ ...change, version: this.#window.version + 1 });
  }

  #change(change: Partial<LogWindow>): void {
    this.#window = { ...this.#window, ...change };
    for (const listener of this.#listeners) listener();
  }
}

const gapWords = {
  'began anew': 'The log begins anew here: what was before was deleted.',
  missing: 'Lines are missing here: they were moved out of the log before they could be read.',
} as const satisfies Record<NonNullable<Event['gap']>, string>;

/** `1,204 new lines`, `more than 20,000 new lines`. */
export const waitingWords = ({ waiting, moreWait }: LogWindow): string =>
  moreWait ? `More than ${formatNumber(MOST_WAITING)} new lines` : plural(waiting, 'new line');
