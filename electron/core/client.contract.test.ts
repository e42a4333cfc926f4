import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ConsoleClient } from '../api/client';
import type { TaskModel } from '../api/models';
import type { Role } from '../api/operations';
import { TestBrowser, startTestService } from '../service/testing/test-service';
import { startTestDesktop } from '../testing/desktop';
import { connectSupervisor } from '../supervisor/connect';
import { LastingClient } from '../supervisor/lasting-client';
import { socketPath } from '../supervisor/lock';
import { serveSocket } from '../supervisor/server';
import { createCore } from './core';
import type { CorePorts } from './core';
import { fakePorts } from './fakes';

interface Opened {
  readonly client: ConsoleClient;
  close(): Promise<void>;
}

const noEvents = { networkDown: () => undefined };

/** The same promises, whatever carries the messages. */
const transports: Record<string, (ports: CorePorts, role: Role) => Promise<Opened>> = {
  'in memory': (ports, role) => {
    const client = createCore(ports, noEvents).openSession(role);
    return Promise.resolve({ client, close: () => client.close() });
  },
  'local socket': async (ports, role) => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'cityflow-socket-'));
    const core = createCore(ports, noEvents);
    const server = await serveSocket(socketPath(folder), (asked) => core.openSession(asked));
    const client = await connectSupervisor(folder, undefined, role);
    if (!client) throw new Error('the socket does not answer');
    return {
      client,
      close: async () => {
        await client.close();
        await server.close();
        await rm(folder, { recursive: true });
      },
    };
  },
  'over HTTP and WebSocket, relayed to a supervisor': async (ports, role) => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'cityflow-socket-'));
    const core = createCore(ports, noEvents);
    const server = await serveSocket(socketPath(folder), (asked) => core.openSession(asked));
    const service = await startTestService(async (owner, onGone) => {
      const relayed = await connectSupervisor(folder, onGone, owner.role, owner.user);
      if (!relayed) throw new Error('the socket does not answer');
      return relayed;
    });
    const { client } = await TestBrowser.open(service, role);
    return {
      client,
      close: async () => {
        await client.close();
        await service.close();
        await server.close();
        await rm(folder, { recursive: true });
      },
    };
  },
  'over HTTP and WebSocket': async (ports, role) => {
    const core = createCore(ports, noEvents);
    const service = await startTestService((owner) => Promise.resolve(core.openSession(owner.role)));
    const { client } = await TestBrowser.open(service, role);
    return {
      client,
      close: async () => {
        await client.close();
        await service.close();
      },
    };
  },
  'over the IPC of the desktop app': async (ports, role) => {
    const core = createCore(ports, noEvents);
    const desktop = await startTestDesktop(() => core.openSession(role));
    const { client } = await desktop.openPage();
    return {
      client,
      close: async () => {
        await client.close();
        desktop.close();
      },
    };
  },
  'over the IPC of the desktop app, relayed to a supervisor': async (ports, role) => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'cityflow-socket-'));
    const core = createCore(ports, noEvents);
    const server = await serveSocket(socketPath(folder), (asked) => core.openSession(asked));
    const desktop = await startTestDesktop(
      () =>
        new LastingClient(async (onClosed) => {
          const relayed = await connectSupervisor(folder, onClosed, role);
          if (!relayed) throw new Error('the socket does not answer');
          return relayed;
        }),
    );
    const { client } = await desktop.openPage();
    return {
      client,
      close: async () => {
        await client.close();
        desktop.close();
        await server.close();
        await rm(folder, { recursive: true });
      },
    };
  },
};

describe.each(Object.entries(transports))('a client %s', (_name, open) => {
  async function using(
    use: (client: ConsoleClient, ports: ReturnType<typeof fakePorts>) => Promise<void>,
    role: Role = 'admin',
    overrides: Partial<CorePorts> = {},
  ) {
    const ports = fakePorts(overrides);
    const opened = await open(ports, role);
    try {
      await use(opened.client, ports);
    } finally {
      await opened.close();
    }
  }

  const watch = (
    client: ConsoleClient,
    task: string,
    onTask: (task: TaskModel) => void = () => undefined,
  ) => {
    let last: TaskModel | undefined;
    const subscription = client.subscribe('task', { task }, (events) => {
      for (const event of events) onTask((last = event));
    });
    return subscription.ended.then((problem) => ({ problem, last }));
  };

  const startUp = async (client: ConsoleClient) => {
    const started = await client.call('network.up', {});
    if (!started.ok) throw new Error(started.problem.title);
    return started.value.task;
  };

  test('answers a query', () =>
    using(async (client) => {
      const status = await client.call('network.status', {});
      expect(status).toMatchObject({ ok: true, value: { network: 'testnet', state: 'stopped' } });
    }));

  test('runs a task and shows its steps, its end and its result', () =>
    using(async (client) => {
      const { last, problem } = await watch(client, await startUp(client));
      expect(problem).toBeUndefined();
      expect(last?.state).toBe('done');
      expect(last?.steps.map(({ name, state }) => [name, state])).toEqual([
        ['Start nodes', 'done'],
        ['Join channels', 'done'],
      ]);
      expect(last?.result).toMatchObject({
        state: 'running',
        channels: [{ name: 'goods-channel', height: '3', contract: { name: 'goods', version: '1.0' } }],
      });
    }));

  test('cancels a task', () =>
    using(async (client, { host }) => {
      host.duringUp = (signal) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
        );
      const task = await startUp(client);
      const ended = watch(client, task, ({ steps }) => {
        if (steps.length === 2) void client.call('task.cancel', { task });
      });
      expect((await ended).last).toMatchObject({ state: 'cancelled', problem: { code: 'CANCELLED' } });
    }));

  test('carries a problem with all its fields', () =>
    using(async (client, { host }) => {
      await host.start('peer0.alpha.test');
      const outcome = await client.call('transaction.evaluate', {
        as: 'alpha/OPERATOR',
        channel: 'goods-channel',
        contract: 'goods',
        function: 'Refuse',
        args: [],
      });
      expect(outcome).toEqual({
        ok: false,
        problem: {
          code: 'CONTRACT_REFUSED',
          title: 'The contract refused.',
          detail: 'NO: because',
          hint: '',
          retryable: false,
          sources: [],
        },
      });
    }));

  test('says that the network is not running instead of waiting for it', () =>
    using(async (client) => {
      const outcome = await client.call('contract.list', {});
      expect(outcome).toMatchObject({ ok: false, problem: { code: 'NETWORK_NOT_RUNNING' } });
    }));

  test('names the fields of a malformed request', () =>
    using(async (client) => {
      const outcome = await client.call('node.stop', { knoten: 'x' } as never);
      expect(outcome).toMatchObject({ ok: false, problem: { code: 'BAD_REQUEST' } });
      expect(outcome.ok ? '' : outcome.problem.detail).toContain('node');
    }));

  test('refuses an unknown operation and an unknown topic', () =>
    using(async (client) => {
      expect(await client.call('network.explode' as never, {} as never)).toMatchObject({
        ok: false,
        problem: { code: 'UNKNOWN_OPERATION' },
      });
      const stream = client.subscribe('gossip' as never, {} as never, () => undefined);
      expect(await stream.ended).toMatchObject({ code: 'UNKNOWN_OPERATION' });
    }));

  test('refuses what the role does not allow', () =>
    using(async (client) => {
      expect(await client.call('node.kill', { node: 'orderer.test' })).toMatchObject({
        ok: false,
        problem: { code: 'ROLE_TOO_LOW' },
      });
      expect((await client.call('network.status', {})).ok).toBe(true);
    }, 'viewer'));

  test('suggests the nodes there are for one there is not', () =>
    using(async (client) => {
      const outcome = await client.call('node.start', { node: 'peer9.gamma.test' });
      expect(outcome).toMatchObject({ ok: false, problem: { code: 'UNKNOWN_NODE' } });
      expect(outcome.ok ? '' : outcome.problem.hint).toContain('peer0.beta.test');
    }));

  test('finds a node by the first part of its name', () =>
    using(async (client) => {
      expect(await client.call('node.start', { node: 'goods' })).toMatchObject({
        ok: true,
        value: { name: 'goods.alpha.test', state: 'running' },
      });
    }));

  test('ends a call at once when it is cancelled', () =>
    using(
      async (client, { host }) => {
        await host.start('orderer.test');
        const abort = new AbortController();
        const outcome = client.call('network.status', {}, { signal: abort.signal });
        abort.abort();
        expect(await outcome).toMatchObject({ ok: false, problem: { code: 'CANCELLED', retryable: true } });
      },
      'admin',
      {
        nodes: { checks: () => new Promise(() => undefined), channels: () => new Promise(() => undefined) },
      },
    ));

  test('streams lines in order and ends by itself after the tail', () =>
    using(async (client, { host }) => {
      host.logLines = Array.from({ length: 5000 }, (_, index) => `line ${index}`);
      const lines: string[] = [];
      const stream = client.subscribe(
        'node.logs',
        { node: 'orderer.test', follow: false, tail: 4000 },
        (events) => lines.push(...events.map(({ line }) => line)),
      );
      expect(await stream.ended).toBeUndefined();
      expect(lines).toHaveLength(4000);
      expect(lines[0]).toBe('line 1000');
      expect(lines.at(-1)).toBe('line 4999');
    }));

  test('shows the network as it changes', () =>
    using(async (client, { host }) => {
      const states: (string | undefined)[] = [];
      const seen = new Promise<void>((resolve) => {
        const stream = client.subscribe('network.status', {}, (events) => {
          states.push(...events.map(({ nodes }) => nodes[0]?.state));
          if (states.length === 1) void host.start('orderer.test');
          if (states.at(-1) === 'running') stream.close();
        });
        void stream.ended.then(() => resolve());
      });
      await seen;
      expect([states[0], states.at(-1)]).toEqual(['stopped', 'running']);
    }));

  test('tells all tasks there are, then each that starts or ends', () =>
    using(async (client) => {
      const first = await startUp(client);
      await watch(client, first);
      const told: { all: boolean; ids: string[] }[] = [];
      const done = new Promise<void>((resolve) => {
        const stream = client.subscribe('tasks', {}, (events) => {
          for (const { all, tasks } of events) told.push({ all, ids: tasks.map(({ id }) => id) });
          if (told.length === 1) void startUp(client);
          const [latest] = events.at(-1)?.tasks ?? [];
          if (latest && latest.id !== first && latest.state === 'done') stream.close();
        });
        void stream.ended.then(() => resolve());
      });
      await done;
      expect(told[0]).toEqual({ all: true, ids: [first] });
      expect(told.slice(1).every(({ all, ids }) => !all && !ids.includes(first))).toBe(true);
    }));

  test('lets anybody have the nodes named examined, and says which there are', () =>
    using(async (client) => {
      expect(await client.call('network.doctor', { nodes: ['orderer'] })).toMatchObject({
        ok: true,
        value: { nodes: [{ node: 'orderer.test', checks: [{ check: 'name', outcome: 'ok' }] }] },
      });
      expect(await client.call('network.doctor', { nodes: ['nobody'] })).toMatchObject({
        problem: { code: 'UNKNOWN_NODE' },
      });
    }, 'viewer'));

  test('keeps settings, and refuses what is none', () =>
    using(async (client) => {
      expect(await client.call('settings.set', { theme: 'dark' })).toMatchObject({ ok: true });
      expect(await client.call('settings.get', {})).toMatchObject({
        ok: true,
        value: { theme: 'dark', density: 'compact' },
      });
      expect(await client.call('settings.set', { theme: 'pink' } as never)).toMatchObject({
        ok: false,
        problem: { code: 'BAD_REQUEST' },
      });
    }));

  test('lets a viewer look and not act', () =>
    using(async (client) => {
      expect((await client.call('metrics.catalogue', {})).ok).toBe(true);
      expect((await client.call('metrics.series', { names: ['height'] })).ok).toBe(true);
      const forbidden = [
        client.call('settings.set', { theme: 'dark' }),
        client.call('audit.list', {}),
        client.call('transaction.history', {}),
        client.call('node.setLogLevel', { node: 'orderer.test', spec: 'debug' }),
        client.call('identity.remove', { identity: 'Alpha/operator' }),
      ];
      for (const outcome of await Promise.all(forbidden)) {
        expect(outcome).toMatchObject({ ok: false, problem: { code: 'ROLE_TOO_LOW' } });
      }
    }, 'viewer'));

  test('ends a stream that goes on when it is closed', () =>
    using(async (client) => {
      const ended = await new Promise((resolve) => {
        const stream = client.subscribe('node.logs', { node: 'orderer.test', follow: true, tail: 10 }, () => {
          stream.close();
          resolve(stream.ended);
        });
      });
      expect(ended).toBeUndefined();
    }));
});
