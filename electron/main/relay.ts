import type { ConsoleClient } from '../api/client';
import { DESKTOP_PROTOCOL } from '../api/desktop-bridge';
import type { Problem } from '../api/problems';
import type { ServerMessage } from '../api/wire';
import { problem } from '../core/problem';
import { WireServer } from '../core/wire-server';

/**
 * One window's end of the wire: passes the page's messages on to a session of the core. A window lives longer than its
 * page – it is loaded again after a crash, or by hand – so each page opens the wire anew, which ends what the one
 * before it had left open.
 */
export class WindowRelay {
  #page: { readonly server: WireServer; muted: boolean } | undefined;

  constructor(
    private readonly openSession: () => ConsoleClient,
    private readonly send: (message: ServerMessage) => void,
    private readonly lost: (problem: Problem) => void,
  ) {}

  /** A page begins; one of another build gets no session. */
  open(protocol: number): void {
    this.close();
    if (protocol !== DESKTOP_PROTOCOL) {
      this.lost(
        refused(`The page speaks protocol ${protocol}, this shell ${DESKTOP_PROTOCOL}.`, 'Install it again.'),
      );
      return;
    }
    const page = {
      muted: false,
      server: new WireServer(
        this.openSession(),
        (message) => {
          if (!page.muted) this.send(message);
        },
        (reason) => {
          this.close();
          this.lost(refused(`A message is not of the wire's form: ${reason}`, 'Reload the window.'));
        },
      ),
    };
    this.#page = page;
  }

  /** A message of the page. */
  receive(message: unknown): void {
    if (this.#page) this.#page.server.receive(message);
    else this.lost(refused('A message came while the page had not opened the wire.', 'Reload the window.'));
  }

  /** The page is gone: its calls are cancelled, its streams end. */
  close(): void {
    const page = this.#page;
    this.#page = undefined;
    if (!page) return;
    page.muted = true;
    page.server.close();
  }
}

const refused = (detail: string, hint: string): Problem =>
  problem('FORBIDDEN', { title: 'The shell takes no messages of this page.', detail, hint }).problem;
