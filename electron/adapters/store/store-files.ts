import path from 'node:path';
import type { SetAsideFile } from '../../core/store-faults';
import { setAsideBeside } from './set-aside';

/** Where a network's core keeps what; settings and audit log are those of all networks of the home. */
export const storeFiles = (home: string, network: string) => ({
  audit: path.join(home, 'audit.log'),
  settings: path.join(home, 'settings.json'),
  history: path.join(home, 'history', `${network}.jsonl`),
  saved: path.join(home, 'history', `${network}.saved.jsonl`),
  metrics: path.join(home, 'metrics', network),
});

/** The damaged files of a network's stores that were set aside and are still there. */
export async function allSetAside({
  audit,
  settings,
  history,
  saved,
  metrics,
}: ReturnType<typeof storeFiles>): Promise<SetAsideFile[]> {
  const found = await Promise.all([
    setAsideBeside('audit', [audit]),
    setAsideBeside('settings', [settings]),
    setAsideBeside('history', [history, saved]),
    setAsideBeside('metrics', [fineFile(metrics), coarseFile(metrics)]),
  ]);
  return found.flat();
}

/** Of a folder with metrics. */
export const fineFile = (folder: string): string => path.join(folder, 'every-5-seconds.jsonl');
export const coarseFile = (folder: string): string => path.join(folder, 'every-minute.jsonl');
