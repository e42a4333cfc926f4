import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { activateLogSpec, activeLogSpec, createLogger, observeLogging, redirectLogging } from './logging';
import { Metrics } from './metrics';
import { startOperations, type Operations } from './operations';
import { registerProcessMetrics } from './process-metrics';

let operations: Operations;
let metrics: Metrics;
let sick: string | undefined;
let restoreLogging: () => void;

beforeEach(async () => {
  restoreLogging = redirectLogging(() => undefined);
  sick = undefined;
  metrics = new Metrics();
  operations = await startOperations({
    listenAddress: { host: '127.0.0.1', port: 0 },
    version: '2.5.4',
    commitSha: 'abc1234',
    metrics,
    checks: { ledger: () => (sick ? Promise.reject(new Error(sick)) : Promise.resolve()) },
  });
});
afterEach(async () => {
  await operations.close();
  activateLogSpec('info');
  observeLogging(undefined);
  restoreLogging();
});

const url = (path: string): string => `http://127.0.0.1:${operations.port}${path}`;
const put = (body: string): Promise<Response> => fetch(url('/logspec'), { method: 'PUT', body });

describe('the operations service', () => {
  it('tells health', async () => {
    const well = await fetch(url('/healthz'));
    expect(well.status).toBe(200);
    expect(await well.json()).toEqual({ status: 'OK', time: expect.any(String) as string });
    sick = 'disk full';
    const ill = await fetch(url('/healthz'));
    expect(ill.status).toBe(503);
    expect(await ill.json()).toEqual({
      status: 'Service Unavailable',
      time: expect.any(String) as string,
      failed_checks: [{ component: 'ledger', reason: 'disk full' }],
    });
    expect((await fetch(url('/healthz'), { method: 'POST' })).status).toBe(405);
  });

  it('tells its version', async () => {
    expect(await (await fetch(url('/version'))).text()).toBe('{"CommitSHA":"abc1234","Version":"2.5.4"}');
  });

  it('shows and changes the logging specification', async () => {
    expect(await (await fetch(url('/logspec'))).json()).toEqual({ spec: 'info' });
    expect((await put('{"spec":"a=debug:warn"}')).status).toBe(204);
    expect(activeLogSpec()).toBe('a=debug:warn');
    const wrong = await put('{"spec":"nonsense"}');
    expect(wrong.status).toBe(400);
    expect(await wrong.json()).toEqual({
      error: "invalid logging specification 'nonsense': bad segment 'nonsense'",
    });
    expect((await put('not json')).status).toBe(400);
    expect((await put('{"spec":5}')).status).toBe(400);
    const post = await fetch(url('/logspec'), { method: 'POST' });
    expect(await post.json()).toEqual({ error: 'invalid request method: POST' });
    expect(activeLogSpec()).toBe('a=debug:warn');
  });

  it('answers 404 elsewhere, also for a path that is no URL', async () => {
    expect((await fetch(url('/nowhere'))).status).toBe(404);
    const status = await new Promise<number | undefined>((resolve) => {
      request({ port: operations.port, path: '//' }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end();
    });
    expect(status).toBe(404);
  });
});

describe('metrics', () => {
  it('appear with their first use, in text format 0.0.4', async () => {
    const counter = metrics.counter('things_total', 'Things.');
    const labelled = metrics.gauge('height', 'Height.', ['channel']);
    expect(await metrics.text()).toBe('');
    counter.add({});
    labelled.set({ channel: 'first' }, 7);
    const response = await fetch(url('/metrics'));
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const page = await response.text();
    expect(page).toContain('# HELP things_total Things.\n# TYPE things_total counter\nthings_total 1\n');
    expect(page).toContain('height{channel="first"} 7\n');
  });

  it('of the process and its logging carry the genuine names', async () => {
    registerProcessMetrics(metrics, '2.5.4');
    createLogger('test').info('a line');
    const page = await metrics.text();
    expect(page).toContain('fabric_version{version="2.5.4"} 1\n');
    expect(page).toContain('logging_entries_written{level="info"} 1\n');
    expect(page).toContain('logging_entries_checked{level="info"} 1\n');
    expect(page).toMatch(/^process_resident_memory_bytes \d+$/m);
    expect(page).toMatch(/^process_cpu_seconds_total [\d.]+$/m);
    const started = Number(/^process_start_time_seconds ([\d.]+)$/m.exec(page)?.[1]);
    expect(Math.abs(Date.now() / 1000 - process.uptime() - started)).toBeLessThan(1);
  });
});
