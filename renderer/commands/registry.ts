import type { OperationName } from '../../electron/api/operations';

export interface Command {
  readonly id: string;
  readonly title: string;
  /** Heading under which palette and list show it. */
  readonly section: string;
  /** E.g. `mod+k`, `g o`, `?`; `mod` is ⌘ on a Mac, else Ctrl. */
  readonly shortcut?: string;
  /** Found by these words too. */
  readonly keywords?: string;
  /** The operation it calls: whoever may not call that is not offered it. */
  readonly calls?: OperationName;
  /** False: shown nowhere for now, its shortcut does nothing. */
  readonly enabled?: boolean;
  readonly run: () => void;
}

/** The one list of what can be done: it feeds the palette, the menus, the list of keys and the keys themselves. */
export class CommandRegistry {
  readonly #groups = new Map<symbol, readonly Command[]>();
  readonly #listeners = new Set<() => void>();
  #commands: readonly Command[] = [];

  /** Adds commands until the returned function is called. @throws where an id is taken. */
  register(commands: readonly Command[]): () => void {
    const group = Symbol('commands');
    for (const { id } of commands) {
      if (this.#commands.some((command) => command.id === id)) throw new Error(`Command ${id} exists twice.`);
    }
    this.#groups.set(group, commands);
    this.#changed();
    return () => {
      this.#groups.delete(group);
      this.#changed();
    };
  }

  /** What can be done now, in order of registration. The same array until something changes. */
  readonly list = (): readonly Command[] => this.#commands;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #changed(): void {
    this.#commands = [...this.#groups.values()].flat().filter((command) => command.enabled !== false);
    for (const listener of this.#listeners) listener();
  }
}
