import type {
  LedgerActionModel,
  LedgerContent,
  LedgerIdentity,
  LedgerNamespace,
  LedgerTransactionModel,
  LedgerVersion,
  LedgerWrite,
} from '../api/ledger-models';

/** Of a value in text; --json and --part give more. */
const SHOWN = 2_000;

/** A transaction whole, for a terminal. */
export function transactionText(transaction: LedgerTransactionModel): string {
  const { creator, explanation, actions, configuration } = transaction;
  return [
    `Transaction ${transaction.transactionId ?? '(without an id)'} of ${transaction.channel}`,
    `${transaction.status} (code ${transaction.code}), block ${transaction.blockNumber}, position ${transaction.position}, ${transaction.size} bytes, read from ${transaction.readFrom}`,
    ...(explanation ? ['', explanation.title, `  ${explanation.detail}`, `→ ${explanation.hint}`] : []),
    '',
    `type      ${transaction.type ?? 'not readable'}`,
    `time      ${transaction.claimedTime === null ? 'none claimed' : `${transaction.claimedTime}, claimed by the client`}`,
    `creator   ${creator === null ? 'nobody is named' : identityText(creator)}`,
    `nonce     ${transaction.nonce || 'none'}`,
    `signature ${transaction.signature || 'none'}`,
    ...actions.flatMap((action, index) => [
      '',
      ...(actions.length > 1 ? [`Action ${index + 1} of ${actions.length}`] : []),
      ...actionLines(action),
    ]),
    ...(configuration
      ? [
          '',
          `Configuration${configuration.sequence === null ? ' update' : `, sequence ${configuration.sequence}`}`,
          ...configurationLines(configuration),
        ]
      : []),
    ...transaction.undecodable.map(
      ({ what, reason, bytes }) => `Not readable: ${what} (${reason}): ${contentText(bytes)}`,
    ),
    ...transaction.unknownFields.map(({ path, bytes }) => `Unknown field in ${path}: ${contentText(bytes)}`),
  ].join('\n');
}

const identityText = ({ mspId, subject, role, problem }: LedgerIdentity): string =>
  `${mspId}, ${subject ?? problem ?? 'no subject'}${role === null ? '' : `, ${role}`}`;

function actionLines(action: LedgerActionModel): string[] {
  const [name, ...args] = action.args;
  const { contract, response, event, endorsements } = action;
  return [
    ...(action.lifecycle === null ? [] : [action.lifecycle]),
    `contract  ${contract === null ? 'not readable' : `${contract.name} ${contract.version}`.trim()}`,
    `function  ${name === undefined ? 'none' : contentText(name)}${action.isInit ? ', initializes the contract' : ''}`,
    ...args.map((arg, index) => `  argument ${index + 1}  ${contentText(arg)}`),
    ...(response
      ? [
          `response  ${response.status}${response.message === '' ? '' : ` ${response.message}`}: ${contentText(response.payload)}`,
        ]
      : []),
    ...action.namespaces.flatMap(namespaceLines),
    ...(event ? [`event     ${event.name}: ${contentText(event.payload)}`] : []),
    ...endorsements.map(({ endorser }) => `endorsed  ${identityText(endorser)}`),
  ];
}

function namespaceLines({
  name,
  reads,
  rangeQueries,
  writes,
  metadataWrites,
  collections,
}: LedgerNamespace): string[] {
  return [
    `namespace ${name}`,
    ...reads.map(
      ({ key, words, version }) => `  read    ${keyText(key)} ${versionText(version)}${inBrackets(words)}`,
    ),
    ...rangeQueries.map(
      ({ startKey, endKey, exhausted, reads: found, merkle }) =>
        `  range   ${keyText(startKey)} to ${keyText(endKey)}${exhausted ? '' : ', not read to its end'}: ${
          found ? `${found.length} keys` : `${merkle?.hashes.length ?? 0} hashes of what was read`
        }`,
    ),
    ...writes.flatMap(writeLines),
    ...metadataWrites.map(
      ({ key, entries }) =>
        `  metadata ${keyText(key)}: ${entries.length === 0 ? 'deleted' : entries.map(({ name: entry }) => entry).join(', ')}`,
    ),
    ...collections.flatMap((collection) => [
      `  private collection ${collection.name}: hashes only`,
      ...collection.reads.map(
        ({ keyHash, key, version }) => `    read    ${key ?? keyHash} ${versionText(version)}`,
      ),
      ...collection.writes.map(
        ({ keyHash, key, kind, valueHash }) =>
          `    ${kind.padEnd(7)} ${key ?? keyHash}${kind === 'write' ? `, value hash ${valueHash}` : ''}`,
      ),
    ]),
  ];
}

function writeLines({ key, words, isDelete, value, valueWords, before }: LedgerWrite): string[] {
  return [
    `  ${isDelete ? 'delete ' : 'write  '} ${keyText(key)}${inBrackets(words)}`,
    ...(before.kind === 'value'
      ? [`    - ${contentText(before.value)}`]
      : before.kind === 'absent'
        ? ['    (was not there)']
        : []),
    ...(isDelete ? [] : [`    + ${valueWords ?? contentText(value)}`]),
  ];
}

function configurationLines({
  comparedWith,
  changes,
  signatures,
}: NonNullable<LedgerTransactionModel['configuration']>): string[] {
  if (comparedWith === 'first') return ['  The first one of the channel.'];
  return [
    ...changes.flatMap(({ path, kind, before, after }) => [
      `  ${kind} ${path.join(' / ')}`,
      ...(before ? [`    - ${contentText(before)}`] : []),
      ...(after ? [`    + ${contentText(after)}`] : []),
    ]),
    ...signatures.map(({ signer }) => `  agreed to by ${identityText(signer)}`),
  ];
}

const inBrackets = (words: string | null): string => (words === null ? '' : ` (${words})`);

const versionText = (version: LedgerVersion | null): string =>
  version === null ? 'absent' : `at ${version.block}:${version.position}`;

/** The parts of a composite key are held apart by NUL characters, which a terminal would swallow. */
const keyText = (key: string): string =>
  key === '' ? '(no bound)' : key.split('\0').filter(Boolean).join(' ');

function contentText(content: LedgerContent): string {
  if (content.kind === 'empty') return '(empty)';
  const text = content.kind === 'bytes' ? `0x${content.hex}` : content.text;
  if (content.isWhole && text.length <= SHOWN) return text;
  return `${text.slice(0, SHOWN)}… (${content.size} bytes, the whole: --part ${content.part})`;
}
