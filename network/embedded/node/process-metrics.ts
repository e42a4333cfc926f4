/**
 * What every genuine node reports of itself and its logging: fabric_version, logging_entries_*, and those process_*
 * series that mean the same for a Node process. go_* has no meaning here and is absent.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { observeLogging } from './logging';
import type { Metrics } from './metrics';

const LINUX = process.platform === 'linux';
const PAGE_BYTES = 4096;

function readLimit(name: string): number | undefined {
  const line = readFileSync('/proc/self/limits', 'utf8')
    .split('\n')
    .find((candidate) => candidate.startsWith(name));
  const soft = line?.slice(name.length).trim().split(/\s+/)[0];
  if (soft === undefined) return undefined;
  return soft === 'unlimited' ? Number(2n ** 64n) : Number(soft);
}

function virtualBytes(): number {
  return Number(readFileSync('/proc/self/statm', 'utf8').split(' ')[0]) * PAGE_BYTES;
}

export function registerProcessMetrics(metrics: Metrics, version: string): void {
  metrics.gauge('fabric_version', 'The active version of Fabric.', ['version']).set({ version }, 1);

  const checked = metrics.counter(
    'logging_entries_checked',
    'Number of log entries checked against the active logging level',
    ['level'],
  );
  const written = metrics.counter('logging_entries_written', 'Number of log entries that are written', [
    'level',
  ]);
  observeLogging({ checked: (level) => checked.add({ level }), written: (level) => written.add({ level }) });

  const startTime = Date.now() / 1000 - process.uptime();
  metrics.sampled(
    'process_start_time_seconds',
    'Start time of the process since unix epoch in seconds.',
    () => startTime,
  );
  metrics.sampledCounter(
    'process_cpu_seconds_total',
    'Total user and system CPU time spent in seconds.',
    () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    },
  );
  metrics.sampled('process_resident_memory_bytes', 'Resident memory size in bytes.', () =>
    process.memoryUsage.rss(),
  );
  if (!LINUX) return;
  metrics.sampled(
    'process_open_fds',
    'Number of open file descriptors.',
    () => readdirSync('/proc/self/fd').length,
  );
  metrics.sampled('process_max_fds', 'Maximum number of open file descriptors.', () =>
    readLimit('Max open files'),
  );
  metrics.sampled('process_virtual_memory_bytes', 'Virtual memory size in bytes.', virtualBytes);
  metrics.sampled(
    'process_virtual_memory_max_bytes',
    'Maximum amount of virtual memory available in bytes.',
    () => readLimit('Max address space'),
  );
}
