import type { About, Stored } from '../../api/support-models';

export interface BundleFile {
  /** Its path inside the archive, folders with slashes. */
  readonly name: string;
  readonly text: string;
}

/** What the core can't know of itself. */
export interface Support {
  about(): Promise<About>;
  stored(): Promise<Stored[]>;
  /** The topology as the network was made from, YAML. */
  topology(): Promise<string>;
  /** Texts that must appear in nothing that leaves this machine: the bodies of key files, secrets of the environment. */
  secrets(): Promise<string[]>;
  /** A gzipped tar archive. */
  pack(files: readonly BundleFile[]): Promise<Uint8Array>;
}
