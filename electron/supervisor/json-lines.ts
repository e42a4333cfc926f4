import type { Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';

/** A line longer than this is no message of ours. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** Writes one JSON document a line. */
export function sendLine(socket: Socket, message: unknown): void {
  if (!socket.destroyed) socket.write(`${JSON.stringify(message)}\n`);
}

/** Calls back once a line with the parsed JSON; a line that is no JSON or too long destroys the socket. */
export function onLines(socket: Socket, receive: (message: unknown) => void): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  socket.on('data', (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE_BYTES) {
      socket.destroy(new Error('message too long'));
      return;
    }
    for (const line of lines) {
      let message: unknown;
      try {
        message = JSON.parse(line);
      } catch {
        socket.destroy(new Error('not JSON'));
        return;
      }
      receive(message);
    }
  });
}
