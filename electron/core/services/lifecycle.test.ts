import { expect, test } from 'vitest';
import { FakeHost } from '../fakes';
import type { TaskProgress } from '../tasks';
import { NetworkLifecycle } from './lifecycle';

const asUsual = { runtime: undefined, native: [] };
const quiet: TaskProgress = { step: (_name, work) => work(), report: () => undefined, log: () => undefined };
const never = new AbortController().signal;

/** A host whose starts last until they are told to go on or are cancelled. */
function slowHost() {
  const host = new FakeHost();
  const running: (() => void)[] = [];
  const seen = { atOnce: 0, most: 0 };
  host.duringUp = async (signal) => {
    seen.atOnce += 1;
    seen.most = Math.max(seen.most, seen.atOnce);
    await new Promise<void>((resolve, reject) => {
      running.push(resolve);
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    }).finally(() => (seen.atOnce -= 1));
  };
  const goOn = async () => {
    await expect.poll(() => running.length).toBeGreaterThan(0);
    running.shift()?.();
  };
  return { host, seen, goOn };
}

test('two starts at the same moment run one after the other, and the second says that it waits', async () => {
  const { host, seen, goOn } = slowHost();
  const lifecycle = new NetworkLifecycle(host);
  const lines: string[] = [];
  const first = lifecycle.up(asUsual, quiet, never);
  const second = lifecycle.up(asUsual, { ...quiet, log: (line) => lines.push(line) }, never);
  await goOn();
  await first;
  await goOn();
  await second;
  expect(seen.most).toBe(1);
  expect(lines).toEqual([expect.stringContaining('waiting')]);
});

test('taking the network down ends the starts that run and wait, and tells them so', async () => {
  const { host } = slowHost();
  const lifecycle = new NetworkLifecycle(host);
  const starts = [lifecycle.up(asUsual, quiet, never), lifecycle.up(asUsual, quiet, never)];
  const ended = Promise.allSettled(starts);
  await lifecycle.down();
  for (const result of await ended) {
    expect(result).toMatchObject({
      reason: {
        problem: { code: 'CANCELLED', title: expect.stringContaining('took the network down') as string },
      },
    });
  }
});

test('a start while the network ends is told to come again, and then may', async () => {
  const host = new FakeHost();
  const lifecycle = new NetworkLifecycle(host);
  const ending = lifecycle.down();
  await expect(lifecycle.up(asUsual, quiet, never)).rejects.toMatchObject({
    problem: { code: 'NETWORK_BUSY' },
  });
  await ending;
  await lifecycle.up(asUsual, quiet, never);
});

test('a start that failed does not stand in the way of the next', async () => {
  const host = new FakeHost();
  host.duringUp = () => Promise.reject(new Error('no'));
  const lifecycle = new NetworkLifecycle(host);
  await expect(lifecycle.up(asUsual, quiet, never)).rejects.toThrow('no');
  host.duringUp = () => Promise.resolve();
  await lifecycle.up(asUsual, quiet, never);
});

test('a network that is deleted is stopped first', async () => {
  const host = new FakeHost();
  for (const { name } of host.declared().nodes) await host.start(name);
  let runningWhenDeleted: number | undefined;
  host.purge = async () => {
    runningWhenDeleted = (await host.processes()).filter(({ state }) => state === 'running').length;
    return [];
  };
  await new NetworkLifecycle(host).purge();
  expect(runningWhenDeleted).toBe(0);
});
