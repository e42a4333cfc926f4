const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network is unreachable',
  ETIMEDOUT: 'connection timed out',
};

/**
 * What a gRPC failure says of a connection that could not be made, in Go's words as genuine peers pass them on:
 * `dial tcp 127.0.0.1:7051: connect: connection refused`. Undefined for any other failure.
 */
export function failedDial(details: string): string | undefined {
  const refused = /connect (ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT) (\S+?)\.?(?:\s|$)/.exec(details);
  if (refused !== null) return `dial tcp ${refused[2]}: connect: ${REASONS[refused[1] ?? '']}`;
  const unknownHost = /Name resolution failed for target (?:dns:)?(\S+)/.exec(details);
  if (unknownHost === null) return undefined;
  return `dial tcp: lookup ${(unknownHost[1] ?? '').replace(/:\d+$/, '')}: no such host`;
}
