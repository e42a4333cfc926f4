import { expect, test } from 'vitest';
import type { ServerMessage } from '../api/wire';
import { Outbox } from './outbox';

/** A socket that takes messages only when it is told to. */
function slowSocket() {
  const sent: ServerMessage[] = [];
  let written: (() => void)[] = [];
  const socket = {
    bufferedAmount: 0,
    send(text: string, onWritten: () => void) {
      sent.push(JSON.parse(text) as ServerMessage);
      this.bufferedAmount += text.length;
      written.push(onWritten);
    },
  };
  return {
    socket,
    sent,
    /** The network takes all that was handed over. */
    take: () => {
      socket.bufferedAmount = 0;
      const done = written;
      written = [];
      for (const tell of done) tell();
    },
  };
}

const MEGABYTE = 'x'.repeat(1024 * 1024);
const events = (id: number, ...values: unknown[]): ServerMessage => ({
  kind: 'events',
  id,
  events: values,
  dropped: 0,
});
const fill = (outbox: Outbox) => outbox.send({ kind: 'reply', id: 0, value: MEGABYTE });

test('a client that takes its messages gets each as it is', () => {
  const { socket, sent } = slowSocket();
  const outbox = new Outbox(socket, () => undefined);
  outbox.send(events(1, 'a'));
  outbox.send(events(1, 'b'));
  expect(sent).toEqual([events(1, 'a'), events(1, 'b')]);
});

test('while it does not, events of a stream are gathered and answers keep their place', () => {
  const { socket, sent, take } = slowSocket();
  const outbox = new Outbox(socket, () => undefined);
  fill(outbox);
  outbox.send(events(1, 'a'));
  outbox.send({ kind: 'reply', id: 7, value: 1 });
  outbox.send(events(2, 'other'));
  outbox.send(events(1, 'b'));
  outbox.send({ kind: 'ended', id: 1 });
  expect(sent).toHaveLength(1);
  take();
  expect(sent.slice(1)).toEqual([
    events(1, 'a', 'b'),
    { kind: 'reply', id: 7, value: 1 },
    events(2, 'other'),
    { kind: 'ended', id: 1 },
  ]);
});

test('of too many events the oldest go and are counted: the newest are what matters', () => {
  const { socket, sent, take } = slowSocket();
  const outbox = new Outbox(socket, () => undefined);
  fill(outbox);
  for (let index = 0; index < 125_000; index += 1) outbox.send(events(1, index));
  take();
  const [, message] = sent;
  if (message?.kind !== 'events') throw new Error('no events');
  expect(message.dropped).toBe(105_000);
  expect(message.events).toHaveLength(20_000);
  expect(message.events.at(-1)).toBe(124_999);
});

test('a client that asks on and takes nothing is given up', () => {
  const { socket } = slowSocket();
  let hopeless = 0;
  const outbox = new Outbox(socket, () => (hopeless += 1));
  fill(outbox);
  for (let id = 1; id <= 5_001; id += 1) outbox.send({ kind: 'reply', id, value: null });
  expect(hopeless).toBe(1);
});
