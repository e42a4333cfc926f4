import {
  CODE_PARAMETER,
  CONSOLE_HEADER,
  CONSOLE_HEADER_VALUE,
  SESSION_PATH,
  refusalSchema,
  sessionInfoSchema,
} from '../../electron/api/browser-service';
import type { SessionInfo, SignIn } from '../../electron/api/browser-service';
import type { Outcome } from '../../electron/api/problems';
import { connectionLost } from './connection-lost';

/** What of the page's address and history the code is taken from. */
export interface PageAddress {
  readonly location: { readonly hash: string; readonly pathname: string; readonly search: string };
  readonly history: { replaceState(data: unknown, unused: string, url: string): void };
}

/** The session of this browser with the service, over HTTP. Failures are outcomes. */
export class SessionEndpoint {
  /** @param request `fetch`, or what tests put in its place */
  constructor(
    private readonly request: (path: string, init: RequestInit) => Promise<Response> = (path, init) =>
      fetch(path, init),
  ) {}

  current = (): Promise<Outcome<SessionInfo>> => this.#ask('GET');

  signIn = (credentials: SignIn): Promise<Outcome<SessionInfo>> => this.#ask('POST', credentials);

  async signOut(): Promise<void> {
    await this.#ask('DELETE');
  }

  /**
   * The session to go on with: a new one where the page was opened by a link, else the one there is. A link that was
   * used before does no harm while its session lives.
   */
  async begin(code: string | undefined): Promise<Outcome<SessionInfo>> {
    if (code === undefined) return this.current();
    const signedIn = await this.signIn({ code });
    if (signedIn.ok) return signedIn;
    const current = await this.current();
    return current.ok ? current : signedIn;
  }

  async #ask(method: 'GET' | 'POST' | 'DELETE', body?: SignIn): Promise<Outcome<SessionInfo>> {
    try {
      const response = await this.request(SESSION_PATH, {
        method,
        headers: {
          [CONSOLE_HEADER]: CONSOLE_HEADER_VALUE,
          ...(body ? { 'content-type': 'application/json' } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      const answer: unknown = response.status === 204 ? undefined : await response.json();
      if (!response.ok) return { ok: false, problem: refusalSchema.parse(answer).problem };
      return { ok: true, value: sessionInfoSchema.parse(answer) };
    } catch {
      return { ok: false, problem: connectionLost('The service does not answer.') };
    }
  }
}

/**
 * Takes the one-time code out of the page's address, so that it stays neither in the address bar nor in the history.
 * Call it before anything else reads the fragment.
 */
export function takeSignInCode({ location, history }: PageAddress): string | undefined {
  const code = new URLSearchParams(location.hash.replace(/^#/, '')).get(CODE_PARAMETER);
  if (code === null) return undefined;
  history.replaceState(null, '', location.pathname + location.search);
  return code;
}
