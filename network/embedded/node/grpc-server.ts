/**
 * A node's gRPC listener with Fabric's limits and TLS behaviour (internal/pkg/comm/server.go).
 *
 * The listening socket is ours and connections are handed to grpc-js, because Fabric asks every client for a TLS
 * certificate without verifying it (tls.RequestClientCert), which grpc-js' own credentials can't express, and because
 * services must read that certificate (the TLS binding of Deliver and Discovery).
 */
import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';
import { grpcServerMetrics } from './grpc-metrics';
import { createLogger } from './logging';
import type { Metrics } from './metrics';
import { listenError } from './port-holder';

const logger = createLogger('comm.grpc.server');

/** comm.DefaultMaxRecvMsgSize and DefaultMaxSendMsgSize. */
export const DEFAULT_MAX_MESSAGE_BYTES = 100 * 1024 * 1024;
/** Large enough that a block travels without waiting for window updates. */
const FLOW_CONTROL_WINDOW = 1024 * 1024;
const HANDSHAKE_TIMEOUT_MS = 5_000;

export interface NodeServerOptions {
  readonly listenAddress: { readonly host: string; readonly port: number };
  /** PEM; both or, for a plain text listener, neither. */
  readonly tlsCert?: Buffer | undefined;
  readonly tlsKey?: Buffer | undefined;
  /** PEM; used only when client certificates are required. */
  readonly clientRootCas?: readonly Buffer[] | undefined;
  /** Off: a client certificate is asked for, never verified, and readable by services. */
  readonly requireClientCert?: boolean | undefined;
  readonly maxMessageBytes?: number | undefined;
  /** Pings to silent clients; genuine defaults: every 2 h, 20 s to answer. */
  readonly keepalive?: { readonly intervalMs: number; readonly timeoutMs: number } | undefined;
  readonly metrics: Metrics;
}

/** What a handler's call offers of its connection. */
export interface CallPeer {
  getPeer(): string;
}

export interface NodeServer {
  /** Services are added here before `listen`. */
  readonly grpc: Server;
  /** Starts to listen; answers the port actually bound. @throws ListenError naming the process that holds the port */
  listen(): Promise<number>;
  /** The certificate the call's client presented, DER; undefined when it presented none. */
  clientCertificate(call: CallPeer): Buffer | undefined;
  /** Stops to listen, lets running calls end for `graceMs`, then drops what is left. */
  close(graceMs: number): Promise<void>;
}

const peerKey = (socket: Socket): string => `${socket.remoteAddress ?? ''}:${socket.remotePort ?? ''}`;

export function createNodeServer(options: NodeServerOptions): NodeServer {
  const maxMessageBytes = options.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES;
  const grpc = new Server({
    'grpc.max_receive_message_length': maxMessageBytes,
    'grpc.max_send_message_length': maxMessageBytes,
    'grpc.keepalive_time_ms': options.keepalive?.intervalMs ?? 7_200_000,
    'grpc.keepalive_timeout_ms': options.keepalive?.timeoutMs ?? 20_000,
    'grpc-node.flow_control_window': FLOW_CONTROL_WINDOW,
    'grpc.enable_channelz': 0,
    interceptors: [grpcServerMetrics(options.metrics)],
  });
  const balance = 'Open minus closed is the active number of connections.';
  const opened = options.metrics.counter('grpc_comm_conn_opened', `gRPC connections opened. ${balance}`);
  const closed = options.metrics.counter('grpc_comm_conn_closed', `gRPC connections closed. ${balance}`);

  const injector = grpc.createConnectionInjector(ServerCredentials.createInsecure());
  const sockets = new Map<string, Socket>();

  const accept = (socket: Socket): void => {
    const key = peerKey(socket);
    sockets.set(key, socket);
    opened.add({});
    socket.once('close', () => {
      sockets.delete(key);
      closed.add({});
    });
    socket.on('error', (error) => logger.debug('connection failed', { peer: key, error }));
    injector.injectConnection(socket);
  };

  const secure = options.tlsCert !== undefined && options.tlsKey !== undefined;
  const listener = secure
    ? createTlsServer(
        {
          cert: options.tlsCert,
          key: options.tlsKey,
          minVersion: 'TLSv1.2',
          ALPNProtocols: ['h2'],
          requestCert: true,
          rejectUnauthorized: options.requireClientCert ?? false,
          ...(options.requireClientCert && options.clientRootCas ? { ca: [...options.clientRootCas] } : {}),
          handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
        },
        accept,
      )
    : createTcpServer(accept);
  listener.on('tlsClientError', (error: Error, socket: Socket) => {
    logger.error('Server TLS handshake failed', { error, remoteaddress: peerKey(socket) });
  });

  return {
    grpc,
    listen: async () => {
      const { host, port } = options.listenAddress;
      try {
        await new Promise<void>((resolve, reject) => {
          listener.once('error', reject);
          listener.listen(port, host === '' ? undefined : host, () => {
            listener.removeListener('error', reject);
            resolve();
          });
        });
      } catch (error) {
        throw await listenError('gRPC server', host, port, error as Error);
      }
      listener.on('error', (error) => logger.error('gRPC listener failed', { error }));
      return (listener.address() as AddressInfo).port;
    },
    clientCertificate: (call) => {
      const socket = sockets.get(call.getPeer());
      if (!(socket instanceof TLSSocket)) return undefined;
      // An absent certificate is an empty object.
      return (socket.getPeerCertificate() as { raw?: Buffer }).raw;
    },
    close: async (graceMs) => {
      const stopped = new Promise<void>((resolve) => listener.close(() => resolve()));
      injector.destroy();
      const timer = setTimeout(() => {
        for (const socket of sockets.values()) socket.destroy();
      }, graceMs);
      await stopped;
      clearTimeout(timer);
      grpc.forceShutdown();
    },
  };
}
