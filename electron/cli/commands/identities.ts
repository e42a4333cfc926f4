import { readFile } from 'node:fs/promises';
import type { ConsoleClient } from '../../api/client';
import { problem } from '../../core/problem';
import { unwrap } from '../invocation';
import type { Invocation } from '../invocation';
import { table } from '../output';

export interface IssueOptions {
  readonly role: 'client' | 'admin';
  readonly attribute: Readonly<Record<string, string>>;
}

export interface ImportOptions {
  readonly certificate: string;
  readonly key?: string;
  readonly organization?: string;
  readonly name?: string;
}

export async function show(invocation: Invocation, client: ConsoleClient, identity: string): Promise<void> {
  const value = unwrap(await client.call('identity.show', { identity }));
  invocation.output.result(value, () => {
    const { certificate } = value;
    return table(
      ['', ''],
      [
        ['Identity', value.id],
        ['MSP', value.mspId],
        ['Role', value.role],
        ['Attributes', pairsOf(value.attributes)],
        ['Channels', value.channels.join(', ') || 'none'],
        ['Key', value.keyAt === 'wallet' ? 'in the wallet, encrypted' : 'in the network’s folder'],
        ['Accepted', value.problem ?? 'yes'],
        ['Subject', certificate.subject],
        ['Issuer', certificate.issuer],
        ['Serial number', certificate.serialNumber],
        ['Valid', `${certificate.from} – ${certificate.expires}`],
        ['SHA-256', certificate.fingerprint],
        ['Key type', certificate.keyType],
        ['Usages', [...certificate.keyUsages, ...certificate.extendedKeyUsages].join(', ') || 'any'],
      ],
    );
  });
}

export async function issue(
  invocation: Invocation,
  client: ConsoleClient,
  identity: string,
  { role, attribute }: IssueOptions,
): Promise<void> {
  const [organization = '', ...rest] = identity.split('/');
  const name = rest.join('/');
  const value = unwrap(
    await client.call('identity.issue', { organization, name, role, attributes: { ...attribute } }),
  );
  invocation.output.result(
    value,
    () =>
      `${value.id} was issued, valid until ${value.expires.slice(0, 10)}. Use it by \`--as ${value.id}\`.`,
  );
}

export async function importIdentity(
  invocation: Invocation,
  client: ConsoleClient,
  { certificate, key, organization, name }: ImportOptions,
): Promise<void> {
  const request = {
    certificatePem: await textOf(certificate),
    privateKeyPem: key === undefined ? '' : await textOf(key),
    ...(organization !== undefined && { organization }),
    ...(name !== undefined && { name }),
  };
  const { checks } = unwrap(await client.call('identity.check', request));
  for (const { outcome, title, detail } of checks) {
    invocation.output.note(`${signs[outcome]} ${[title, detail].filter(Boolean).join(' ')}`);
  }
  const value = unwrap(await client.call('identity.import', request));
  invocation.output.result(value, () => `${value.id} was imported; its key is encrypted here.`);
}

const signs = { passed: '✓', warning: '!', failed: '✗', skipped: '–' } as const;

export async function exportCertificate(
  invocation: Invocation,
  client: ConsoleClient,
  identity: string,
): Promise<void> {
  const value = unwrap(await client.call('identity.exportCertificate', { identity }));
  invocation.output.result(value, () => value.certificatePem.trimEnd());
}

export async function remove(invocation: Invocation, client: ConsoleClient, identity: string): Promise<void> {
  const value = unwrap(await client.call('identity.remove', { identity }));
  invocation.output.result(value, () => `${value.removed} was removed, and its key deleted.`);
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw problem('BAD_REQUEST', {
      title: `${file} cannot be read.`,
      detail: error instanceof Error ? error.message : String(error),
      hint: 'Name a PEM file that you may read.',
      cause: error,
    });
  }
}

const pairsOf = (attributes: Readonly<Record<string, string>>): string =>
  Object.entries(attributes)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ') || 'none';
