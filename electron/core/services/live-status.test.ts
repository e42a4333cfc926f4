import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { NetworkStatus } from '../../api/models';
import { fakePorts } from '../fakes';
import { LiveStatus } from './live-status';
import { NetworkStatusService } from './network-status';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watched() {
  const ports = fakePorts();
  const status = new NetworkStatusService(
    ports.host,
    ports.nodes,
    ports.channels,
    ports.metricsHistory,
    ports.faults,
  );
  let looks = 0;
  let height = 3;
  let cpuPercent = 0;
  const live = new LiveStatus(ports.host, async () => {
    looks += 1;
    const found = await status.status();
    return {
      ...found,
      nodes: found.nodes.map((one) => ({ ...one, cpuPercent })),
      channels: found.channels.map((one) => ({ ...one, height: String(height) })),
    };
  });
  const watch = () => {
    const seen: NetworkStatus[] = [];
    const abort = new AbortController();
    const ended = (async () => {
      for await (const one of live.watch(abort.signal)) seen.push(one);
    })();
    return { seen, end: () => (abort.abort(), ended) };
  };
  return {
    host: ports.host,
    live,
    watch,
    looks: () => looks,
    grow: () => (height += 1),
    work: () => (cpuPercent += 1),
  };
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

test('tells the present status at once, then only what differs', async () => {
  const { watch, grow } = watched();
  const { seen, end } = watch();
  await pass(10);
  expect(seen).toHaveLength(1);
  await pass(4_000);
  expect(seen).toHaveLength(1);
  grow();
  await pass(2_000);
  expect(seen.map(({ channels }) => channels[0]?.height)).toEqual(['3', '4']);
  await end();
});

test('tells what nodes use seldom where nothing else moves, and at once with what does', async () => {
  const { watch, grow, work } = watched();
  const { seen, end } = watch();
  await pass(10);
  for (let second = 1; second < 14; second++) {
    work();
    await pass(1_000);
  }
  expect(seen).toHaveLength(1);
  await pass(10_000);
  expect(seen.map(({ nodes }) => nodes[0]?.cpuPercent)).toEqual([0, 13]);
  work();
  grow();
  await pass(5_000);
  expect(seen.at(-1)?.nodes[0]?.cpuPercent).toBe(14);
  expect(seen.at(-1)?.channels[0]?.height).toBe('4');
  await end();
});

test('tells the start or end of a node within a second', async () => {
  const { host, watch } = watched();
  const { seen, end } = watch();
  await pass(10);
  await host.start('peer0.alpha.test');
  await pass(0);
  const stateOf = () => seen.at(-1)?.nodes.find(({ name }) => name === 'peer0.alpha.test');
  expect(stateOf()).toMatchObject({ state: 'running', health: { status: 'unknown' } });
  await pass(500);
  expect(stateOf()).toMatchObject({ state: 'running', health: { status: 'ok' } });
  await host.kill('peer0.alpha.test');
  await pass(0);
  expect(stateOf()?.state).toBe('stopped');
  await end();
});

test('looks once for all who watch, at most every two seconds, and less often when nothing happens', async () => {
  const { watch, looks, live } = watched();
  const one = watch();
  const two = watch();
  await pass(4_100);
  expect(looks()).toBeLessThanOrEqual(4);
  for (let index = 0; index < 50; index++) live.poke();
  await pass(60_000);
  const before = looks();
  await pass(10_000);
  expect(looks() - before).toBe(2);
  await one.end();
  await two.end();
});

test('does nothing while nobody watches, and begins again for the next', async () => {
  const { watch, looks } = watched();
  const first = watch();
  await pass(10);
  await first.end();
  const before = looks();
  await pass(60_000);
  expect(looks()).toBe(before);
  const second = watch();
  await pass(10);
  expect(second.seen).toHaveLength(1);
  await second.end();
});

test('what fails ends the stream with it', async () => {
  const { host } = watched();
  const live = new LiveStatus(host, () => Promise.reject(new Error('the disk is gone')));
  const next = live.watch(new AbortController().signal).next();
  await expect(next).rejects.toThrow('the disk is gone');
});
