import { readFile } from 'node:fs/promises';
import { defaultSettings, settingsSchema } from '../../api/settings';
import type { Settings } from '../../api/settings';
import type { SettingsStore } from '../../core/ports/records';
import type { StoreReport } from '../../core/store-faults';
import { isMissing } from './file-errors';
import { withFileLock } from './file-lock';
import { replaceFile } from './replace-file';
import { setAside } from './set-aside';

interface Stored {
  readonly settings: Settings;
  /** Settings of another version of the console: kept as they are. */
  readonly others: Readonly<Record<string, unknown>>;
  /** Why not all of it can be used. */
  readonly damage: string | undefined;
}

/** CITYFLOW_HOME/settings.json. A setting that can't be used is as if it had never been made, and is reported. */
export class SettingsFile implements SettingsStore {
  constructor(
    private readonly file: string,
    private readonly report: StoreReport,
  ) {}

  async read(): Promise<Settings> {
    const { settings, damage } = await this.#stored().catch((error: unknown) => {
      this.report.failed(this.file, error);
      throw error;
    });
    if (damage === undefined) this.report.sound(this.file);
    else this.report.damaged(this.file, damage);
    return settings;
  }

  change(given: Partial<Settings>): Promise<Settings> {
    return withFileLock(this.file, async () => {
      const { settings, others, damage } = await this.#stored();
      if (damage !== undefined) await setAside(this.file);
      const next = { ...settings, ...given };
      await replaceFile(this.file, `${JSON.stringify({ ...others, ...next }, undefined, 2)}\n`);
      this.report.sound(this.file);
      return next;
    });
  }

  async #stored(): Promise<Stored> {
    let text: string;
    try {
      text = await readFile(this.file, 'utf8');
    } catch (error) {
      if (isMissing(error)) return { settings: defaultSettings, others: {}, damage: undefined };
      throw error;
    }
    return usable(text);
  }
}

/** Setting by setting: one that was written differently does not take the others with it. */
function usable(text: string): Stored {
  const useless = (damage: string): Stored => ({ settings: defaultSettings, others: {}, damage });
  let stored: unknown;
  try {
    stored = JSON.parse(text);
  } catch (error) {
    return useless(`It is no JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) {
    return useless('It holds no settings.');
  }
  const entries = Object.entries(stored);
  const own = entries.filter(([name]) => Object.hasOwn(defaultSettings, name));
  const good = own.filter(
    ([name, value]) => settingsSchema.safeParse({ ...defaultSettings, [name]: value as unknown }).success,
  );
  const bad = own.filter((entry) => !good.includes(entry)).map(([name]) => name);
  return {
    settings: { ...defaultSettings, ...Object.fromEntries(good) },
    others: Object.fromEntries(entries.filter((entry) => !own.includes(entry))),
    damage: bad.length === 0 ? undefined : `It has no usable value for ${bad.join(', ')}.`,
  };
}
