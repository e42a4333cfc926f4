import { readFile } from 'node:fs/promises';
import { defaultSettings, settingsSchema } from '../../api/settings';
import type { Settings } from '../../api/settings';
import type { SettingsStore } from '../../core/ports/records';
import { isMissing, replaceFile } from './json-lines-file';

/** CITYFLOW_HOME/settings.json. A setting that can't be used is as if it had never been made. */
export class SettingsFile implements SettingsStore {
  constructor(private readonly file: string) {}

  async read(): Promise<Settings> {
    let text: string;
    try {
      text = await readFile(this.file, 'utf8');
    } catch (error) {
      if (isMissing(error)) return defaultSettings;
      throw error;
    }
    return usable(text);
  }

  write(settings: Settings): Promise<void> {
    return replaceFile(this.file, `${JSON.stringify(settings, undefined, 2)}\n`);
  }
}

/** Setting by setting: one that an older or newer console wrote differently does not take the others with it. */
function usable(text: string): Settings {
  let stored: unknown;
  try {
    stored = JSON.parse(text);
  } catch {
    return defaultSettings;
  }
  if (typeof stored !== 'object' || stored === null) return defaultSettings;
  const good = Object.entries(stored).filter(([name, value]) => {
    const merged = { ...defaultSettings, [name]: value as unknown };
    return Object.hasOwn(defaultSettings, name) && settingsSchema.safeParse(merged).success;
  });
  return { ...defaultSettings, ...Object.fromEntries(good) };
}
