import type { CallOptions, Subscription } from '../../electron/api/client';
import { BRIDGE, DESKTOP_PROTOCOL } from '../../electron/api/desktop-bridge';
import type { DesktopBridge } from '../../electron/api/desktop-bridge';
import { shellMessageSchema } from '../../electron/api/desktop';
import type { PageMessage, ShellMessage, Theme } from '../../electron/api/desktop';
import type { OperationName, ReplyOf, RequestOf } from '../../electron/api/operations';
import type { Outcome, Problem } from '../../electron/api/problems';
import type { EventOf, ParametersOf, TopicName } from '../../electron/api/topics';
import { WireClient } from '../../electron/api/wire-client';
import type { ConnectionState, ObservedClient } from './connection';

/** The shell answers at once; a page that hears nothing for so long has none behind its bridge. */
const HANDSHAKE_MS = 10_000;

/** The desktop app seen from its page: the core, and the few things only a shell can do. */
export interface DesktopClient {
  readonly client: ObservedClient;
  /** The console's version, as packaged. */
  readonly version: string;
  /** Calls back with the id of each command chosen from a menu; answers a function that ends it. */
  onCommand(listener: (id: string) => void): () => void;
  /** The window's frame, its menus and its background at the next start follow. */
  chooseTheme(theme: Theme): void;
  /** Opens an https page of a host on the shell's list in the browser. */
  openExternal(url: string): void;
}

/** The bridge that the preload script has put into the page's world; undefined in a browser. */
export const desktopBridge = (world: object): DesktopBridge | undefined =>
  (world as Partial<Record<typeof BRIDGE, DesktopBridge>>)[BRIDGE];

/**
 * The wire over the bridge. A bridge breaks only when the shell takes no more messages of this page; nothing but
 * loading the page again helps then.
 */
class IpcClient implements ObservedClient {
  #state: ConnectionState = { kind: 'connected', since: Date.now() };
  #lostAt = 0;
  /** Whoever opens the app owns the network's processes and files. */
  readonly role = 'admin';
  readonly #listeners = new Set<() => void>();
  readonly #wire: WireClient;

  constructor(
    send: (message: unknown) => void,
    private readonly disconnect: () => void,
    private readonly reload: () => void,
  ) {
    this.#wire = new WireClient(send, () => {
      this.disconnect();
      this.#change({ kind: 'closed' });
      this.#wire.lost(closed);
    });
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Until the bridge breaks, which the shell tells, nothing is on its way that this page does not hear. */
  get lastHeard(): number {
    return this.#state.kind === 'connected' ? Date.now() : this.#lostAt;
  }

  onStateChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Loads the page again: its next one opens the wire anew. */
  retryNow(): void {
    if (this.#state.kind === 'lost') this.reload();
  }

  call<N extends OperationName>(
    name: N,
    request: RequestOf<N>,
    options?: CallOptions,
  ): Promise<Outcome<ReplyOf<N>>> {
    return this.#wire.call(name, request, options);
  }

  subscribe<N extends TopicName>(
    topic: N,
    parameters: ParametersOf<N>,
    onEvents: (events: readonly EventOf<N>[], dropped: number) => void,
  ): Subscription {
    return this.#wire.subscribe(topic, parameters, onEvents);
  }

  close(): Promise<void> {
    return this.#wire.close();
  }

  receive(message: unknown): void {
    this.#wire.receive(message);
  }

  lost(problem: Problem): void {
    this.#change({ kind: 'lost', since: Date.now(), retryAt: Infinity, attempt: 0, problem });
    this.#wire.lost(problem);
  }

  #change(state: ConnectionState): void {
    if (this.#state.kind === 'connected') this.#lostAt = Date.now();
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

/**
 * Opens the wire over the bridge. Messages for an earlier page of the same window may still be on their way: nothing is
 * heard until the shell has answered this page.
 *
 * @param reload loads the page again
 * @throws Error where the shell is of another build or does not answer
 */
export function openDesktopClient(bridge: DesktopBridge, reload: () => void): Promise<DesktopClient> {
  const page = crypto.randomUUID();
  const commandListeners = new Set<(id: string) => void>();
  const tell = (message: PageMessage) => bridge.tell(message);
  let stop: () => void = () => undefined;
  const client = new IpcClient(
    (message) => bridge.send(message),
    () => stop(),
    reload,
  );

  return new Promise((resolve, reject) => {
    const opened = ({ version }: { version: string }) => {
      stopHearing.push(bridge.onMessage((message) => client.receive(message)));
      resolve({
        client,
        version,
        onCommand: (listener) => {
          commandListeners.add(listener);
          return () => commandListeners.delete(listener);
        },
        chooseTheme: (theme) => tell({ kind: 'theme', theme }),
        openExternal: (url) => tell({ kind: 'open-external', url }),
      });
    };
    const heard = (message: ShellMessage) => {
      switch (message.kind) {
        case 'opened':
          if (message.page !== page) return;
          clearTimeout(silence);
          if (message.protocol === DESKTOP_PROTOCOL) opened(message);
          else fail(`The page speaks protocol ${DESKTOP_PROTOCOL}, its shell ${message.protocol}.`);
          return;
        case 'lost':
          client.lost(message.problem);
          return;
        case 'command':
          for (const listener of commandListeners) listener(message.id);
          return;
      }
    };
    const fail = (reason: string) => {
      clearTimeout(silence);
      stop();
      reject(new Error(`${reason} Install the console again.`));
    };
    const stopHearing = [bridge.onTold((message) => heard(shellMessageSchema.parse(message)))];
    stop = () => {
      for (const end of stopHearing.splice(0)) end();
    };
    const silence = setTimeout(() => fail('The shell does not answer.'), HANDSHAKE_MS);
    tell({ kind: 'open', page, protocol: DESKTOP_PROTOCOL });
  });
}

const closed: Problem = {
  code: 'CONNECTION_LOST',
  title: 'The connection to the core is closed.',
  detail: 'The page closed it.',
  hint: 'Reload the window.',
  retryable: false,
  sources: [],
};
