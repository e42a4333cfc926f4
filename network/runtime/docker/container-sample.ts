import type Docker from 'dockerode';
import type { NodeStats } from '../network-runtime';

/** What was read of a container the last time; processor use is told between two readings. */
export interface ContainerSample {
  readonly at: number;
  readonly processorNanos: number;
}

export interface SampledContainer {
  readonly sample: ContainerSample;
  readonly stats: NodeStats;
}

/** @returns undefined when it doesn't run */
export async function sampleContainer(
  container: Docker.Container,
  before: ContainerSample | undefined,
): Promise<SampledContainer | undefined> {
  // Without `one-shot` the engine takes two readings, a second apart.
  const read = await container.stats({ stream: false, 'one-shot': true });
  const processorNanos = read.cpu_stats.cpu_usage.total_usage;
  if (processorNanos === undefined || processorNanos === 0) return undefined;
  const sample = { at: Date.now(), processorNanos };
  const networks = Object.values(read.networks ?? {});
  const disk = blockBytes(read.blkio_stats?.io_service_bytes_recursive);
  return {
    sample,
    stats: {
      cpuPercent: before ? percent(before, sample) : 0,
      residentBytes: used(read.memory_stats),
      network: {
        receivedBytes: networks.reduce((total, { rx_bytes }) => total + rx_bytes, 0),
        sentBytes: networks.reduce((total, { tx_bytes }) => total + tx_bytes, 0),
      },
      ...(disk && { disk }),
    },
  };
}

/** Of one core. */
const percent = (before: ContainerSample, now: ContainerSample): number =>
  Math.max(0, (now.processorNanos - before.processorNanos) / (Math.max(1, now.at - before.at) * 1e6)) * 100;

/** Without the file cache that goes when memory is wanted, as `docker stats` has it (cgroup v1 and v2). */
function used({ usage = 0, stats }: Docker.MemoryStats): number {
  const cache = stats?.total_inactive_file ?? stats?.inactive_file ?? 0;
  return cache < usage ? usage - cache : usage;
}

/** Undefined where the engine counts nothing: not every kernel's control groups do. */
function blockBytes(entries: Docker.BlkioStatEntry[] | null | undefined) {
  if (!entries || entries.length === 0) return undefined;
  const sum = (operation: string) =>
    entries.filter(({ op }) => op.toLowerCase() === operation).reduce((total, { value }) => total + value, 0);
  return { readBytes: sum('read'), writtenBytes: sum('write') };
}
