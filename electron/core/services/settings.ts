import type { Settings } from '../../api/settings';
import type { Retention, SettingsStore } from '../ports/records';

/** The settings of all consoles on one CITYFLOW_HOME; what they limit is held to them. */
export class SettingsService {
  #changing: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly store: SettingsStore,
    private readonly retention: Retention,
  ) {}

  get(): Promise<Settings> {
    return this.store.read();
  }

  /** Changes what is given, one change after the other: two at once lose nothing of each other. */
  set(change: { readonly [N in keyof Settings]?: Settings[N] | undefined }): Promise<Settings> {
    const done = this.#changing
      .catch(() => undefined)
      .then(async () => {
        const given = Object.entries(change).filter(([, value]) => value !== undefined);
        const next = { ...(await this.store.read()), ...Object.fromEntries(given) };
        await this.store.write(next);
        await this.retention.apply(next);
        return next;
      });
    this.#changing = done;
    return done;
  }

  /** Holds what was kept so far to the settings, as another console may have changed them. */
  async apply(): Promise<void> {
    await this.retention.apply(await this.store.read());
  }
}
