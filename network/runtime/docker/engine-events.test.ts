import { createServer } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import Docker from 'dockerode';
import { expect, test, vi } from 'vitest';
import { EngineEvents } from './engine-events';

/** Three pauses of 250, 500 and 1000 ms, each at least half as long. */
const LEAST_MS = 850;

test('an engine that ends each stream as soon as it begins is asked more and more seldom', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'cityflow-events-'));
  const socketPath = path.join(folder, 'docker.sock');
  const asked: number[] = [];
  const server = createServer((_request, response) => {
    asked.push(Date.now());
    response.writeHead(200, { connection: 'close' }).end();
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  const lost: unknown[] = [];
  const events = new EngineEvents(
    new Docker({ socketPath }),
    { network: 'test', id: 'ab' },
    { onContainer: () => undefined, onResync: () => undefined, onLost: (error) => lost.push(error) },
  );
  events.start();
  try {
    await vi.waitFor(() => expect(asked.length).toBeGreaterThanOrEqual(4), { timeout: 20_000 });
    expect((asked[3] ?? 0) - (asked[0] ?? 0)).toBeGreaterThanOrEqual(LEAST_MS);
    expect(lost[0]).toMatchObject({ message: 'the engine ended its stream of events' });
  } finally {
    await events.close();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true });
  }
});
