import type { WebSocket } from 'ws';
import { HEARTBEAT, HEARTBEAT_MS, SILENCE_MS, closeCodes } from '../api/browser-service';
import type { ConsoleClient } from '../api/client';
import type { Role } from '../api/operations';
import type { Problem } from '../api/problems';
import { toProblem } from '../core/problem';
import { WireServer } from '../core/wire-server';
import { Outbox } from './outbox';

/** Who signed in. */
export interface SessionOwner {
  readonly user: string;
  readonly role: Role;
}

/**
 * Opens a session of the core for someone, with their role.
 * @param onGone called once when the core behind the session is no longer there
 */
export type OpenCoreSession = (owner: SessionOwner, onGone: () => void) => Promise<ConsoleClient>;

/** How long a client is left with the reason why there is no core, before it has to connect anew. */
const RETRY_MS = 5_000;

/** Carries the wire between one WebSocket and a session of the core that has the role of whoever signed in. */
export async function serveStream(
  socket: WebSocket,
  owner: SessionOwner,
  openSession: OpenCoreSession,
): Promise<void> {
  // Until the core answers nothing is read: the client's first messages wait in its own buffer.
  socket.pause();
  const stopHeartbeat = startHeartbeat(socket);
  socket.on('close', stopHeartbeat);
  // A client that vanished in the middle, or sent what is no WebSocket frame: 'close' follows.
  socket.on('error', () => undefined);

  let retry: NodeJS.Timeout | undefined;
  const end = (code: number, reason: string) => {
    if (socket.readyState === socket.OPEN) socket.close(code, reason);
  };
  const session = await openSession(owner, () => end(closeCodes.coreGone, 'the core has gone')).catch(
    (error: unknown) => {
      retry = setTimeout(() => end(closeCodes.noCore, 'there is no core'), RETRY_MS);
      return unavailable(toProblem(error));
    },
  );
  const outbox = new Outbox(socket, () => end(closeCodes.tooSlow, 'messages are not taken'));
  const wire = new WireServer(
    session,
    (message) => {
      if (socket.readyState === socket.OPEN) outbox.send(message);
    },
    (reason) => end(closeCodes.malformed, reason.slice(0, 100)),
  );
  const close = () => {
    clearTimeout(retry);
    wire.close();
  };
  if (socket.readyState === socket.CLOSED) {
    close();
    return;
  }
  socket.on('close', close);
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    // What still arrives after the session ended is not carried out.
    if (socket.readyState !== socket.OPEN) return;
    const message = isBinary ? undefined : parsed(data.toString('utf8'));
    if (message === undefined) end(closeCodes.malformed, 'not JSON');
    else wire.receive(message);
  });
  socket.resume();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Tells the client that the connection lives, and finds out whether the client still does. */
function startHeartbeat(socket: WebSocket): () => void {
  let heard = performance.now();
  socket.on('pong', () => (heard = performance.now()));
  socket.on('message', () => (heard = performance.now()));
  const timer = setInterval(() => {
    if (performance.now() - heard > SILENCE_MS) {
      socket.terminate();
      return;
    }
    if (socket.readyState !== socket.OPEN) return;
    socket.ping();
    // One more among waiting messages would say nothing.
    if (socket.bufferedAmount === 0) socket.send(HEARTBEAT);
  }, HEARTBEAT_MS);
  return () => clearInterval(timer);
}

/** Answers everything with why there is no core. */
function unavailable(problem: Problem): ConsoleClient {
  return {
    call: () => Promise.resolve({ ok: false, problem }),
    subscribe: () => ({ ended: Promise.resolve(problem), close: () => undefined }),
    close: () => Promise.resolve(),
  };
}
