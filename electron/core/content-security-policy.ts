/**
 * The one Content-Security-Policy of the console's page. The desktop app's protocol handler and the HTTP service send
 * it as a header; it is never a meta element, because a header also covers what comes before the head is parsed.
 */

/** Stands in the built page wherever the nonce of this one response belongs. */
export const NONCE_PLACEHOLDER = '__CITYFLOW_CSP_NONCE__';

export interface PolicyOptions {
  /** Base64; made anew for each page sent. Without it no style element of the page is applied. */
  readonly styleNonce?: string;
  /**
   * Origins besides its own that the page may connect to. Browser mode names its WebSocket origin here, for browsers
   * in which 'self' does not cover ws:.
   */
  readonly connect?: readonly string[];
}

/**
 * The header's value. Nothing is allowed but what is listed; scripts come from the own origin only, with neither
 * inline text nor eval.
 * @throws Error when the nonce or an origin has a character that would end its directive
 */
export function contentSecurityPolicy({ styleNonce, connect = [] }: PolicyOptions = {}): string {
  if (styleNonce !== undefined && !/^[A-Za-z0-9+/]{22,}={0,2}$/.test(styleNonce)) {
    throw new Error('a nonce is at least 16 random bytes in base64');
  }
  for (const origin of connect) {
    if (!/^(wss?|https?):\/\/[^\s;,'"/]+$/.test(origin)) throw new Error(`not an origin: ${origin}`);
  }
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self'${styleNonce === undefined ? '' : ` 'nonce-${styleNonce}'`}`,
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src ${["'self'", ...connect].join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** The page as it is sent with this nonce in its policy. */
export const withNonce = (html: string, nonce: string): string => html.replaceAll(NONCE_PLACEHOLDER, nonce);

/** Headers that go with every response of the page's origin, besides its policy. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};
