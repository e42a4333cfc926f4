import net from 'node:net';
import type { ConsoleClient } from '../api/client';
import type { Role } from '../api/operations';
import { WireClient } from '../api/wire-client';
import { problem } from '../core/problem';
import type { Hello } from './hello';
import { onLines, sendLine } from './json-lines';
import { lockHolder, socketPath, supervisorLog } from './lock';

/**
 * A client of the supervisor that runs the network in `folder`; undefined where none is listening. `onClosed` is
 * called once when the connection is over; `role` is all that the session may do,
 * `user` who stands in the audit log for it.
 *
 * @throws ProblemError SUPERVISOR_OUTDATED where it speaks another wire
 */
export async function connectSupervisor(
  folder: string,
  onClosed: () => void = () => undefined,
  role: Role = 'admin',
  user?: string,
): Promise<ConsoleClient | undefined> {
  let isRefused = false;
  const closed = () => {
    if (!isRefused) onClosed();
  };
  const client = await connectAnySupervisor(folder, closed, role, user);
  if (!client) return undefined;
  // Who listens holds the lock; its file says which wire it speaks, an older build's does not.
  const holder = await lockHolder(folder);
  if (!holder || holder.wire === __WIRE_DIGEST__) return client;
  isRefused = true;
  await client.close();
  throw problem('SUPERVISOR_OUTDATED', {
    title: 'The network is run by another version of this console.',
    detail: `Process ${holder.pid} was started by it, and what it says might be misunderstood here.`,
    hint: 'Stop the network with `cityflow down`, then start it again; its data stays.',
  });
}

/** As `connectSupervisor`, whatever build the supervisor is of: its calls of old are all that may be made. */
export function connectAnySupervisor(
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
            hint: `Run \`cityflow up\`. If nobody stopped it, ${supervisorLog(folder)} may say why it ended.`,
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
