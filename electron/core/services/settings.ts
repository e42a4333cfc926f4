import type { Settings } from '../../api/settings';
import type { Retention, SettingsStore } from '../ports/records';

/** The settings of all consoles on one CITYFLOW_HOME; what they limit is held to them. */
export class SettingsService {
  constructor(
    private readonly store: SettingsStore,
    private readonly retention: Retention,
  ) {}

  get(): Promise<Settings> {
    return this.store.read();
  }

  async set(change: { readonly [N in keyof Settings]?: Settings[N] | undefined }): Promise<Settings> {
    const given = Object.entries(change).filter(([, value]) => value !== undefined);
    const next = await this.store.change(Object.fromEntries(given));
    await this.retention.apply(next);
    return next;
  }

  /** Holds what was kept so far to the settings, as another console may have changed them. */
  async apply(): Promise<void> {
    await this.retention.apply(await this.store.read());
  }
}
