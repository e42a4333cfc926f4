import tls from 'node:tls';
import type { PeerCertificate } from 'node:tls';

const PROBE_MS = 3_000;

export interface TlsFinding {
  /** Why the chain is not trusted, as OpenSSL names it (`CERT_HAS_EXPIRED`); undefined where it is. */
  readonly distrust: string | undefined;
  /** Why the certificate is not valid for the host; undefined where it is. */
  readonly mismatch: string | undefined;
  readonly certificate: PeerCertificate;
  /** `TLSv1.3` */
  readonly protocol: string;
}

/**
 * Shakes hands with a node's listener and looks at what it shows, without trusting anything of it.
 *
 * @param ca PEM of the authorities a client of this network trusts
 * @throws Error where there is no handshake: nothing listens, it speaks no TLS, or the signal aborts
 */
export function probeTls(
  { host, port, ca }: { readonly host: string; readonly port: number; readonly ca: string },
  signal: AbortSignal,
): Promise<TlsFinding> {
  return new Promise((resolve, reject) => {
    // Nothing is sent or believed: distrust is what is asked about.
    const socket = tls.connect({
      host,
      port,
      ca,
      servername: host,
      ALPNProtocols: ['h2'],
      rejectUnauthorized: false,
    });
    const cancel = () => socket.destroy(new Error('cancelled'));
    signal.addEventListener('abort', cancel, { once: true });
    socket.setTimeout(PROBE_MS, () => socket.destroy(new Error(`no answer within ${PROBE_MS / 1000} s`)));
    socket.once('error', reject);
    socket.once('close', () => signal.removeEventListener('abort', cancel));
    socket.once('secureConnect', () => {
      const certificate = socket.getPeerCertificate(true);
      // A string, whatever the types say.
      const distrust = socket.authorized ? undefined : String(socket.authorizationError);
      const isMismatch = distrust === 'ERR_TLS_CERT_ALTNAME_INVALID';
      resolve({
        distrust: isMismatch ? undefined : distrust,
        mismatch: tls.checkServerIdentity(host, certificate)?.message,
        certificate,
        protocol: socket.getProtocol() ?? 'TLS',
      });
      // In good order, after what completes the handshake: a node logs one that breaks off as an error.
      socket.end();
    });
    if (signal.aborted) cancel();
  });
}
