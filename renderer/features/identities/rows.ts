import type { IdentityUsage } from '../../../electron/api/identity-models';
import type { Identity } from '../../../electron/api/models';

export interface IdentityRow {
  readonly identity: Identity;
  /** Undefined: not used here since the history of calls begins. */
  readonly usage: IdentityUsage | undefined;
  readonly isActing: boolean;
}

export function rowsOf(
  identities: readonly Identity[],
  usage: readonly IdentityUsage[],
  acting: string | undefined,
): IdentityRow[] {
  const used = new Map(usage.map((one) => [one.identity, one]));
  return identities.map((identity) => ({
    identity,
    usage: used.get(identity.id),
    isActing: identity.id === acting,
  }));
}

/** Whether anything that stands in the row holds all the words. Fingerprints match with and without colons. */
export function matches({ identity }: IdentityRow, words: string): boolean {
  const text = [
    identity.id,
    identity.mspId,
    identity.role,
    identity.source,
    ...Object.entries(identity.attributes).map(([name, value]) => `${name}=${value}`),
    ...identity.channels,
    identity.fingerprint,
    identity.fingerprint.replaceAll(':', ''),
    identity.problem ?? '',
  ]
    .join('\n')
    .toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

export const sourceWords: Record<Identity['source'], string> = {
  network: 'Network',
  issued: 'Issued here',
  imported: 'Imported',
};
