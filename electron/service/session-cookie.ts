import type { IncomingMessage } from 'node:http';
import type { AllowedOrigins } from './allowed-origins';

/**
 * The cookie that carries the session's id. Cookies do not know ports, so that its name does: two consoles of one
 * machine do not sign each other out. With TLS its prefix binds it to this very host.
 */
export class SessionCookie {
  readonly #name: string;
  readonly #attributes: string;

  constructor({ scheme, port }: AllowedOrigins) {
    const secure = scheme === 'https';
    this.#name = `${secure ? '__Host-' : ''}cityflow-console-${port}`;
    this.#attributes = `Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
  }

  read(request: IncomingMessage): string | undefined {
    const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
    const mine = pairs.find((pair) => pair.startsWith(`${this.#name}=`));
    return mine?.slice(this.#name.length + 1);
  }

  /** It goes when the browser is closed. */
  write(id: string): string {
    return `${this.#name}=${id}; ${this.#attributes}`;
  }

  clear(): string {
    return `${this.#name}=; ${this.#attributes}; Max-Age=0`;
  }
}
