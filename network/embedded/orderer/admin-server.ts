/** The admin listener: HTTPS on which a client must show a certificate of a trusted CA. */
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createLogger } from '../node/logging';
import { listenError } from '../node/port-holder';
import type { Address, TlsMaterial } from './configuration';

const logger = createLogger('fabhttp');
const READ_TIMEOUT_MS = 10_000;

export interface AdminServer {
  readonly port: number;
  close(): Promise<void>;
}

/** @throws ListenError naming the process that holds the port */
export async function startAdminServer(
  address: Address,
  tls: TlsMaterial | undefined,
  listener: RequestListener,
): Promise<AdminServer> {
  const server =
    tls === undefined
      ? createHttpServer(listener)
      : createHttpsServer(
          {
            cert: tls.certificate,
            key: tls.key,
            ca: [...tls.clientRootCas],
            requestCert: true,
            rejectUnauthorized: true,
            minVersion: 'TLSv1.2',
          },
          listener,
        );
  server.requestTimeout = READ_TIMEOUT_MS;
  // Go's idle timeout is its read timeout where nothing else is said.
  server.keepAliveTimeout = READ_TIMEOUT_MS;
  server.on('tlsClientError', (error: Error) => logger.warn('TLS handshake failed', { error }));
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(address.port, address.host === '' ? undefined : address.host, () => {
        server.removeListener('error', reject);
        resolve();
      });
    });
  } catch (error) {
    throw await listenError('admin endpoint', address.host, address.port, error as Error);
  }
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
