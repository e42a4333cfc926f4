import type { StoredKind, StoreFault } from '../api/store-models';
import { toProblem } from './problem';

export type StoreName = Exclude<StoredKind, 'ledgers' | 'logs'>;

/** A copy of a damaged file, with the time it was made. */
export interface SetAsideFile {
  readonly store: StoreName;
  readonly file: string;
  readonly copy: string;
  /** ISO 8601. */
  readonly since: string;
}

/** What a store tells of its files. */
export interface StoreReport {
  /** It can't be read or written now. */
  failed(file: string, error: unknown): void;
  /** It holds something that can't be used, and still does. */
  damaged(file: string, why: string): void;
  /** It holds what is needed, and can't be had; in the words of the error. */
  unusable(file: string, error: unknown): void;
  /** It was read or written whole. */
  sound(file: string): void;
}

const titles: Record<StoreName, string> = {
  metrics: 'The history of metrics',
  history: 'The list of calls',
  audit: 'The audit log',
  wallet: 'The wallet',
  settings: 'The settings',
};

/** How long the core lives: with the network or a console, or for the one command that it was opened for. */
export type CoreLife = 'lasting' | 'one command';

/** What goes on meanwhile. */
const meanwhile: Record<StoreName, string> = {
  metrics: 'New readings are shown until the console ends, and lost then.',
  history: 'Calls go on; those that are not written wait in memory for the next that is.',
  audit: 'Commands go on; entries that are not written wait in memory for the next that is.',
  wallet: 'All other identities can be used.',
  settings: 'The defaults hold for what cannot be used.',
};

/** After one command nothing is left that could write it later. */
const afterOneCommand: Partial<Record<StoreName, string>> = {
  history: 'Calls of this command are not written down.',
  audit: 'The command goes on; that it was given is not written down.',
};

const FREE_SPACE = 'Free some space on that disk; this message goes with the next that is written.';

/** What can't be kept on disk as it should, by all stores of one core, until it can again. */
export class StoreFaults {
  readonly #current = new Map<string, StoreFault>();
  readonly #listeners = new Set<(fault: StoreFault) => void>();

  /**
   * @param look has the files read that others may damage or mend, and answers the copies of damaged files, those of
   *   earlier runs and other consoles, too. Never throws.
   */
  constructor(
    private readonly look: () => Promise<readonly SetAsideFile[]>,
    private readonly life: CoreLife = 'lasting',
  ) {}

  of(store: StoreName): StoreReport {
    const key = (file: string) => `${store} ${file}`;
    const keep = (file: string, fault: Omit<StoreFault, 'store' | 'file' | 'since'>) => {
      const before = this.#current.get(key(file));
      const since = before?.since ?? new Date().toISOString();
      const next = { store, file, since, ...fault };
      this.#current.set(key(file), next);
      if (!before) for (const listener of this.#listeners) listener(next);
    };
    return {
      failed: (file, error) => {
        const { code, title, detail, hint } = toProblem(error);
        keep(file, {
          kind: 'failing',
          title: `${titles[store]} cannot be kept on disk.`,
          detail: [title, asSentence(detail), this.#meanwhile(store)].join(' '),
          hint: code === 'DISK_FULL' ? FREE_SPACE : hint,
        });
      },
      damaged: (file, why) =>
        keep(file, {
          kind: 'damaged',
          title:
            store === 'wallet' ? 'An identity of the wallet is damaged.' : `${titles[store]} are damaged.`,
          detail: `${file}: ${why} ${meanwhile[store]}`,
          hint:
            store === 'wallet'
              ? 'Put the file back from a backup, or delete it and import the identity again.'
              : 'Correct the file, or change any setting: the file as it is is set aside then.',
        }),
      unusable: (file, error) => {
        const { title, detail, hint } = toProblem(error);
        keep(file, { kind: 'damaged', title, detail, hint });
      },
      sound: (file) => void this.#current.delete(key(file)),
    };
  }

  #meanwhile = (store: StoreName): string =>
    (this.life === 'one command' ? afterOneCommand[store] : undefined) ?? meanwhile[store];

  /** Called once for each fault that begins. */
  onFault(listener: (fault: StoreFault) => void): void {
    this.#listeners.add(listener);
  }

  /** Those that last, and the damaged files that were set aside and are still there. */
  async list(): Promise<StoreFault[]> {
    const copies = await this.look();
    return [...this.#current.values(), ...copies.map(faultOf)];
  }
}

const asSentence = (text: string): string => (text === '' || text.endsWith('.') ? text : `${text}.`);

const faultOf = ({ store, file, copy, since }: SetAsideFile): StoreFault => ({
  store,
  file: copy,
  since,
  kind: 'damaged',
  title: `${titles[store]} had damaged parts.`,
  detail: `${file} as it was lies in ${copy}; what could be read of it is in use.`,
  hint: 'Look into that copy if you miss something, then delete or move it: this message goes with it.',
});
