import net from 'node:net';
import type { ConsoleClient } from '../api/client';
import type { Role } from '../api/operations';
import { WireClient } from '../api/wire-client';
import { problem } from '../core/problem';
import type { Hello } from './hello';
import { onLines, sendLine } from './json-lines';
import { socketPath } from './lock';

/**
 * A client of the supervisor that runs the network in `folder`; undefined where none is listening. `onClosed` is
 * called once when the connection is over; `role` is all that the session may do,
 * `user` who stands in the audit log for it.
 */
export function connectSupervisor(
  folder: string,
  onClosed: () => void = () => undefined,
  role: Role = 'admin',
  user?: string,
): Promise<ConsoleClient | undefined> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(socketPath(folder));
    socket.once('connect', () => {
      const hello: Hello = { kind: 'hello', role, ...(user === undefined ? {} : { user }) };
      sendLine(socket, hello);
      const client = new WireClient(
        (message) => sendLine(socket, message),
        () => socket.end(),
      );
      onLines(socket, (message) => client.receive(message));
      socket.on('close', () => {
        onClosed();
        client.lost(
          problem('NETWORK_NOT_RUNNING', {
            title: 'The supervisor of the network has gone.',
            detail: 'The connection to it ended before it answered.',
            hint: 'Run `cityflow up`.',
            retryable: true,
          }).problem,
        );
      });
      socket.on('error', () => undefined);
      resolve(client);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      // ENOTDIR: the folder cannot even exist; whoever needs it will say so.
      if (['ENOENT', 'ECONNREFUSED', 'ENOTDIR'].includes(error.code ?? '')) resolve(undefined);
      else reject(error);
    });
  });
}
