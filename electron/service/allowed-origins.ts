/** Where the service may be reached: fixed when it starts, never taken from a request. */
export interface AllowedOrigins {
  readonly scheme: 'http' | 'https';
  /** Names and addresses, IPv6 in brackets, without port. */
  readonly hosts: readonly string[];
  readonly port: number;
}

const DEFAULT_PORT = { http: 80, https: 443 } as const;

/** Names of this machine to itself. A page that rebinds its own name to 127.0.0.1 still sends its own name. */
export const loopbackHosts = ['127.0.0.1', 'localhost', '[::1]'] as const;

function authorities({ scheme, hosts, port }: AllowedOrigins): string[] {
  return hosts.flatMap((host) => [
    `${host}:${port}`,
    // Browsers leave out the port that goes with the scheme.
    ...(port === DEFAULT_PORT[scheme] ? [host] : []),
  ]);
}

/** Whether a request was meant for this service, by its Host header. */
export const isAllowedHost = (allowed: AllowedOrigins, host: string | undefined): host is string =>
  host !== undefined && authorities(allowed).includes(host.toLowerCase());

/** Whether a request came from a page of this service: whole origins are compared, never beginnings. */
export const isAllowedOrigin = (allowed: AllowedOrigins, origin: string | undefined): boolean =>
  origin !== undefined &&
  authorities(allowed).some((authority) => origin === `${allowed.scheme}://${authority}`);
