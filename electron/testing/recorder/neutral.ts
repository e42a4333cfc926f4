import os from 'node:os';

/** What of this machine may stand in answers, and what stands in the recording instead. */
export interface Places {
  readonly home: string;
  readonly project: string;
  readonly fabricPrograms: string;
}

/**
 * The text without what only this machine has. Throws where anything of it is left, or a private key is in it: then
 * nothing may be written.
 */
export function neutral(text: string, { home, project, fabricPrograms }: Places): string {
  const replaced = [
    [home, '/home/ada/.local/share/cityflow'],
    [fabricPrograms, '/opt/fabric/bin'],
    [project, '/opt/cityflow'],
    [process.execPath, '/usr/bin/node'],
    [os.tmpdir(), '/tmp'],
  ] as const;
  const result = replaced.reduce((left, [here, there]) => left.replaceAll(here, there), text);
  for (const secret of [os.homedir(), 'PRIVATE KEY']) {
    const found = result.indexOf(secret);
    if (found >= 0) throw new Error(`The recording still holds ${result.slice(found - 80, found + 80)}.`);
  }
  return result;
}
