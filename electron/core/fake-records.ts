import type { AuditEntry, SavedRequest, TransactionRecord } from '../api/activity-models';
import { defaultSettings } from '../api/settings';
import type { MetricsFrame, MetricsHistory, NodeColumns } from './ports/metrics';
import type { Support } from './ports/support';
import { isWanted } from './ports/records';
import { StoreFaults } from './store-faults';
import type { AuditLog, SavedRequests, SettingsStore, TransactionHistory } from './ports/records';

/** Stand-ins for what is kept on disk, for tests of the core. */
export function memoryAudit(): AuditLog & { readonly entries: AuditEntry[] } {
  const entries: AuditEntry[] = [];
  return {
    entries,
    problem: null,
    append: (entry) => Promise.resolve(void entries.push(entry)),
    list: (filter) =>
      Promise.resolve(
        [...entries]
          .reverse()
          .filter((entry) => isWanted(entry, filter))
          .slice(0, filter.limit),
      ),
  };
}

export function memoryTransactions(): TransactionHistory {
  const records: TransactionRecord[] = [];
  return {
    append: (record) => Promise.resolve(void records.unshift(record)),
    list: () => Promise.resolve([...records]),
  };
}

export function memorySavedRequests(): SavedRequests {
  const requests = new Map<string, SavedRequest>();
  return {
    list: () => Promise.resolve([...requests.values()]),
    add: (request) => Promise.resolve(void requests.set(request.id, request)),
    remove: (id) => Promise.resolve(requests.delete(id)),
  };
}

export function memorySettings(): SettingsStore {
  let settings = defaultSettings;
  return {
    read: () => Promise.resolve(settings),
    change: (given) => Promise.resolve((settings = { ...settings, ...given })),
  };
}

/** Holds frames in fine steps. */
export function memoryMetrics(): MetricsHistory & { readonly kept: MetricsFrame[] } {
  const kept: MetricsFrame[] = [];
  return {
    kept,
    append: (frame) => Promise.resolve(void kept.push(frame)),
    last: () => Promise.resolve(kept.at(-1) ?? null),
    frames: () => Promise.resolve({ everyMs: 5_000, nodes: columnsOf(kept) }),
  };
}

export function columnsOf(frames: readonly MetricsFrame[]): ReadonlyMap<string, NodeColumns> {
  const names = new Set(frames.flatMap(({ nodes }) => [...nodes.keys()]));
  return new Map(
    [...names].map((name) => {
      const own = frames.flatMap(({ at, nodes }) => {
        const reading = nodes.get(name);
        return reading ? [{ at, reading }] : [];
      });
      const keys = [...new Set(own.flatMap(({ reading }) => [...reading.values.keys()]))];
      return [
        name,
        {
          keys,
          frames: own.map(({ at, reading }) => ({
            at,
            startedAt: reading.startedAt,
            values: Float64Array.from(keys.map((key) => reading.values.get(key) ?? NaN)),
          })),
        },
      ];
    }),
  );
}

/** Of stores of which nothing lies on disk. */
export const storeFaults = (): StoreFaults => new StoreFaults(() => Promise.resolve([]));

/** Packs a bundle as JSON, so that tests can look into it. */
export function memorySupport(change: Partial<Support> = {}): Support {
  return {
    about: () =>
      Promise.resolve({
        version: '0.0.0',
        protocol: 1,
        fabric: '2.5.4',
        node: '20.19.0',
        platform: 'linux 6.1 x64',
        home: '/nowhere',
        networkFolder: '/nowhere/testnet',
        licence: 'Apache-2.0',
      }),
    stored: () => Promise.resolve([{ kind: 'logs', bytes: 1, path: '/nowhere/testnet/logs' }]),
    topology: () => Promise.resolve('name: testnet\n'),
    secrets: () => Promise.resolve([]),
    pack: (files) => Promise.resolve(Buffer.from(JSON.stringify(files))),
    ...change,
  };
}
