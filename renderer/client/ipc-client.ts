import type { ConsoleClient } from '../../electron/api/client';
import { DESKTOP_PROTOCOL } from '../../electron/api/desktop-bridge';
import type { DesktopBridge } from '../../electron/api/desktop-bridge';
import { shellMessageSchema } from '../../electron/api/desktop';
import type { PageMessage, ShellMessage, Theme } from '../../electron/api/desktop';
import type { Problem } from '../../electron/api/problems';
import { WireClient } from '../../electron/api/wire-client';

/** The shell answers at once; a page that hears nothing for so long has none behind its bridge. */
const HANDSHAKE_MS = 10_000;

/** The desktop app seen from its page: the core, and the few things only a shell can do. */
export interface DesktopClient {
  readonly client: ConsoleClient;
  /** The console's version, as packaged. */
  readonly version: string;
  /** Calls back with the id of each command chosen from a menu; answers a function that ends it. */
  onCommand(listener: (id: string) => void): () => void;
  /** The window's frame, its menus and its background at the next start follow. */
  chooseTheme(theme: Theme): void;
  /** Opens an https page of a host on the shell's list in the browser. */
  openExternal(url: string): void;
}

/**
 * Opens the wire over the bridge. Messages for an earlier page of the same window may still be on their way: nothing is
 * heard until the shell has answered this page.
 *
 * @throws Error where the shell is of another build or does not answer
 */
export function openDesktopClient(bridge: DesktopBridge): Promise<DesktopClient> {
  const page = crypto.randomUUID();
  const commandListeners = new Set<(id: string) => void>();
  const tell = (message: PageMessage) => bridge.tell(message);
  let stop: () => void = () => undefined;
  const wire = new WireClient(
    (message) => bridge.send(message),
    () => {
      stop();
      wire.lost(closed);
    },
  );

  return new Promise((resolve, reject) => {
    let ended: Problem | undefined;
    const opened = ({ version }: { version: string }) => {
      stopHearing.push(bridge.onMessage((message) => wire.receive(message)));
      resolve({
        client: wire,
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
          ended = message.problem;
          wire.lost(ended);
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
