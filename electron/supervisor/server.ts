import { chmod, rm } from 'node:fs/promises';
import net from 'node:net';
import type { ConsoleClient } from '../api/client';
import type { Role } from '../api/operations';
import { WireServer } from '../core/wire-server';
import { helloSchema } from './hello';
import { onLines, sendLine } from './json-lines';

/** How long calls may take to be answered when the server closes. */
const ANSWER_MS = 2_000;

export interface SupervisorServer {
  /** Answers what was asked, then ends the connections. */
  close(): Promise<void>;
}

/** Offers sessions of the core on the network's local socket; only its owner may connect. */
export async function serveSocket(
  path: string,
  openSession: (role: Role, user?: string) => ConsoleClient,
): Promise<SupervisorServer> {
  if (process.platform !== 'win32') await rm(path, { force: true });
  const connections = new Map<net.Socket, () => Promise<void>>();
  const server = net.createServer((socket) => {
    connections.set(socket, () => wire?.answered() ?? Promise.resolve());
    let wire: WireServer | undefined;
    const open = (role: Role, user?: string) =>
      (wire = new WireServer(
        openSession(role, user),
        (message) => sendLine(socket, message),
        (reason) => socket.destroy(new Error(reason)),
      ));
    onLines(socket, (message) => {
      const hello = wire ? undefined : helloSchema.safeParse(message).data;
      if (hello) open(hello.role, hello.user);
      else (wire ?? open('admin')).receive(message);
    });
    // A client that vanished in the middle is no problem of the supervisor's: its session is closed below.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      connections.delete(socket);
      wire?.close();
    });
  });
  // The socket must never exist with wider rights, not even for a moment.
  const mask = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
  } finally {
    process.umask(mask);
  }
  if (process.platform !== 'win32') await chmod(path, 0o600);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const [socket, answered] of connections) {
          // Whoever took the network down shall hear that it is.
          const patience = setTimeout(() => socket.end(), ANSWER_MS);
          void answered().then(() => {
            clearTimeout(patience);
            socket.end();
          });
        }
      }),
  };
}
