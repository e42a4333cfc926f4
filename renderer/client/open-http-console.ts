import { STREAM_PATH } from '../../electron/api/browser-service';
import type { SessionInfo } from '../../electron/api/browser-service';
import type { Outcome } from '../../electron/api/problems';
import { HttpClient } from './http-client';
import { SessionEndpoint, takeSignInCode } from './session';
import type { PageAddress } from './session';

/** What browser mode needs of the page it runs in: its `window`. */
export interface BrowserPage extends PageAddress {
  readonly location: PageAddress['location'] & { readonly origin: string };
}

export interface HttpConsole {
  /** Signed in, or why not. */
  readonly session: Outcome<SessionInfo>;
  readonly endpoint: SessionEndpoint;
  /** Opens the connection; call it once signed in. */
  connect(session: SessionInfo): HttpClient;
}

/** Browser mode from the page's side: signs in by the link's code, if there is one, before the router sees it. */
export async function openHttpConsole(page: BrowserPage): Promise<HttpConsole> {
  const code = takeSignInCode(page);
  const endpoint = new SessionEndpoint();
  const session = await endpoint.begin(code);
  return {
    session,
    endpoint,
    connect: ({ role }) =>
      new HttpClient({
        role,
        openSocket: () => new WebSocket(page.location.origin.replace(/^http/, 'ws') + STREAM_PATH),
        sessionProblem: async () => {
          const current = await endpoint.current();
          return current.ok ? undefined : current.problem;
        },
      }),
  };
}
