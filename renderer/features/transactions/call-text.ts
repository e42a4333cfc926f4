import type { ContractCallRequest } from './contract-call';

/** A word of a command line that every POSIX shell takes as it stands. */
const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

export const shellWord = (word: string): string =>
  PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** Names of environment variables for secrets, which have no business on a command line. */
const variableOf = (name: string): string => name.toUpperCase().replace(/[^A-Z0-9]+/g, '_');

/** The same call on the command line. Transient values are named, not written: they are secrets. */
export function commandOf(
  kind: 'submit' | 'query',
  call: ContractCallRequest,
  transientNames: readonly string[],
): string {
  const options = [
    `--as ${shellWord(call.as)}`,
    `--channel ${shellWord(call.channel)}`,
    `--contract ${shellWord(call.contract)}`,
    ...transientNames.map((name) => `--transient ${shellWord(`${name}=`)}"$${variableOf(name)}"`),
    ...(kind === 'submit' ? (call.endorsingOrganizations ?? []) : []).map(
      (mspId) => `--endorser ${shellWord(mspId)}`,
    ),
  ];
  const words = [call.function, ...call.args];
  // Behind `--` nothing is taken for an option.
  const end = words.some((word) => word.startsWith('-')) ? ['--'] : [];
  const last = [...end, ...words.map(shellWord)].join(' ');
  return [`cityflow ${kind}`, ...options, last].join(' \\\n    ');
}

const quoted = (text: string): string =>
  `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;

const block = (name: string, lines: readonly string[], open: string, close: string): string[] =>
  lines.length === 0
    ? []
    : [`    ${name}: ${open}`, ...lines.map((line) => `      ${line},`), `    ${close},`];

/** The same call with @hyperledger/fabric-gateway. */
export function codeOf(
  call: ContractCallRequest & { readonly mspId: string },
  transientNames: readonly string[],
): string {
  const options = [
    ...block('arguments', call.args.map(quoted), '[', ']'),
    ...block(
      'transientData',
      transientNames.map((name) => `${quoted(name)}: process.env[${quoted(variableOf(name))}] ?? ''`),
      '{',
      '}',
    ),
  ];
  const endorsing = block(
    'endorsingOrganizations',
    (call.endorsingOrganizations ?? []).map(quoted),
    '[',
    ']',
  );
  const invocation = (verb: string, lines: readonly string[]) =>
    lines.length === 0
      ? [
          `  const ${verb === 'submit' ? 'written' : 'read'} = await contract.${verb}(${quoted(call.function)});`,
        ]
      : [
          `  const ${verb === 'submit' ? 'written' : 'read'} = await contract.${verb}(${quoted(call.function)}, {`,
          ...lines,
          '  });',
        ];
  return [
    "import { connect, hash, signers } from '@hyperledger/fabric-gateway';",
    "import type { Client } from '@grpc/grpc-js';",
    "import { createPrivateKey } from 'node:crypto';",
    '',
    `// Certificate and key of ${call.as}; the client is a gRPC connection to a peer of its organization.`,
    'export async function run(client: Client, certificatePem: string, privateKeyPem: string) {',
    '  const gateway = connect({',
    '    client,',
    `    identity: { mspId: ${quoted(call.mspId)}, credentials: Buffer.from(certificatePem) },`,
    '    signer: signers.newPrivateKeySigner(createPrivateKey(privateKeyPem)),',
    '    hash: hash.sha256,',
    '  });',
    `  const contract = gateway.getNetwork(${quoted(call.channel)}).getContract(${quoted(call.contract)});`,
    '',
    '  // Asks one peer and writes nothing.',
    ...invocation('evaluate', options),
    '',
    '  // Endorses, orders and waits until it is committed.',
    ...invocation('submit', [...options, ...endorsing]),
    '',
    '  return { read: Buffer.from(read).toString(), written: Buffer.from(written).toString() };',
    '}',
  ].join('\n');
}
