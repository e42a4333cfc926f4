import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fakePorts } from '../fakes';
import { NetworkStatusService } from './network-status';
import { NodeDetailService } from './node-details';

const node = 'peer0.alpha.test';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function service(lines: readonly { at: string | null; line: string }[] = []) {
  const ports = fakePorts();
  let spec = 'info';
  const details = new NodeDetailService(
    ports.host,
    new NetworkStatusService(ports.host, ports.nodes, ports.channels, ports.metricsHistory, ports.faults),
    {
      facts: () =>
        Promise.resolve({
          ports: [],
          environment: {},
          folders: { data: null, log: '', msp: null },
          certificates: [],
          version: null,
        }),
      logSpec: () => Promise.resolve(spec),
      setLogSpec: (_node, next) => Promise.resolve(void (spec = next)),
    },
    {
      search: (name, matches, limit) => {
        if (name === 'orderer.test') return Promise.reject(new Error('no such file'));
        const found = name === node ? lines.filter(({ line }) => matches(line)) : [];
        return Promise.resolve({ lines: found.slice(-limit), matches: found.length });
      },
    },
  );
  return { details, host: ports.host, spec: () => spec };
}

test('a log level goes back to what it was before the first change', async () => {
  const { details, spec } = service();
  await details.setLogLevel(node, 'debug', 60);
  const second = await details.setLogLevel(node, 'gossip=debug:info', 60);
  expect(second).toMatchObject({ spec: 'gossip=debug:info', returns: { to: 'info' } });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(spec()).toBe('info');
  expect((await details.logLevel(node)).returns).toBeNull();
});

test('a level set without a time stays, and a node that starts anew has its own again', async () => {
  const { details, host, spec } = service();
  await details.setLogLevel(node, 'debug', 60);
  await host.kill(node);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(spec()).toBe('debug');
});

test('starts and unexpected ends are remembered', async () => {
  const { details, host } = service();
  await host.start(node);
  await host.kill(node);
  expect(await details.show(node)).toMatchObject({ restarts: 0, runningSince: null, lastExit: null });
  await host.start(node);
  host.crash(node);
  expect(await details.show(node)).toMatchObject({ lastExit: { reason: '' } });
});

test('a search merges nodes by time, cuts at the limit and says who could not be read', async () => {
  const { details } = service([
    { at: '2026-01-01T00:00:00.000Z', line: 'one SPOT' },
    { at: null, line: '  more of spot' },
    { at: '2026-01-01T00:00:02.000Z', line: 'three spot' },
  ]);
  const found = await details.search({ text: 'Spot', limit: 2 }, new AbortController().signal);
  expect(found.matches.map(({ line }) => line)).toEqual(['  more of spot', 'three spot']);
  expect(found.truncated).toBe(true);
  expect(found.nodes.find((one) => one.node === 'orderer.test')?.problem).not.toBeNull();
});

test('a transaction is found by its whole id and where nodes shorten it', async () => {
  const id = 'a1b2c3d4'.padEnd(64, '0');
  const { details } = service([
    { at: null, line: `txid=${id}` },
    { at: null, line: '[goods-channel][a1b2c3d4] endorsing' },
    { at: null, line: 'hash ffa1b2c3d4ff' },
  ]);
  const found = await details.search({ transactionId: id }, new AbortController().signal);
  expect(found.matches).toHaveLength(2);
  const shortened = await details.search({ transactionId: 'a1b2c3d4' }, new AbortController().signal);
  expect(shortened.matches).toEqual(found.matches);
});
