import type { ConsoleClient } from '../../api/client';
import type { LedgerIdentity, LedgerPart, TransactionPlace } from '../../api/ledger-models';
import type { TransactionLine } from '../../api/models';
import { unwrap } from '../invocation';
import type { Invocation } from '../invocation';
import { table } from '../output';
import { transactionText } from '../transaction-text';

export async function blocks(
  invocation: Invocation,
  client: ConsoleClient,
  range: { channel: string; from?: string; to?: string },
): Promise<void> {
  const value = unwrap(await client.call('ledger.blocks', range));
  invocation.output.result(value, () =>
    table(
      ['block', 'hash', 'status', 'transaction', 'what', 'creator'],
      value.flatMap((block) =>
        block.transactions.map((transaction) => [
          block.number,
          `${block.headerHash.slice(0, 8)}…${block.headerHash.slice(-6)}`,
          transaction.status,
          transaction.transactionId ? `${transaction.transactionId.slice(0, 12)}…` : '–',
          whatIs(transaction),
          transaction.creatorMspId ?? '–',
        ]),
      ),
      { right: ['block'], optional: ['creator', 'hash'] },
    ),
  );
}

const whatIs = ({ contract, function: name, type }: TransactionLine): string =>
  contract === null ? type : `${contract}:${name ?? ''}`;

const signerText = ({ mspId, commonName, problem }: LedgerIdentity): string =>
  `${commonName ?? problem ?? 'unnamed'} of ${mspId}`;

export async function block(
  invocation: Invocation,
  client: ConsoleClient,
  channel: string,
  wanted: string,
): Promise<void> {
  const value = unwrap(await client.call('ledger.block', { channel, block: wanted }));
  invocation.output.result(value, () =>
    [
      `Block ${value.number} of ${value.channel}, ${value.size} bytes, read from ${value.readFrom}`,
      `  header hash    ${value.headerHash}`,
      `  previous hash  ${value.previousHash || '– (the first block)'}`,
      `  data hash      ${value.dataHash}`,
      `  commit hash    ${value.commitHash ?? '– (not in this block)'}`,
      `  configuration  ${value.lastConfiguration === null ? '– (orderers signed none)' : `of block ${value.lastConfiguration}`}`,
      ...(value.ordererSignatures.length === 0
        ? ['  signed by      nobody']
        : value.ordererSignatures.map(({ signer }) => `  signed by      ${signerText(signer)}`)),
      '',
      table(
        ['position', 'status', 'transaction', 'what', 'creator'],
        value.transactions.map((transaction, position) => [
          String(position),
          transaction.status,
          transaction.transactionId || '–',
          whatIs(transaction),
          transaction.creatorMspId ?? '–',
        ]),
        { right: ['position'], optional: ['creator'] },
      ),
      ...value.undecodable.map(({ what, reason }) => `Not readable: ${what} (${reason})`),
    ].join('\n'),
  );
}

/** `BLOCK:POSITION`, or an id. */
function placeOf(channel: string, wanted: string): TransactionPlace {
  const [, number, position] = /^(\d{1,20}):(\d{1,9})$/.exec(wanted) ?? [];
  if (number === undefined || position === undefined) return { channel, transactionId: wanted };
  return { channel, block: number, position: Number(position) };
}

export async function transaction(
  invocation: Invocation,
  client: ConsoleClient,
  channel: string,
  wanted: string,
): Promise<void> {
  const value = unwrap(await client.call('ledger.transaction', placeOf(channel, wanted)));
  invocation.output.result(value, () => transactionText(value));
}

/** The bytes as they are; with --json in base64. */
export async function part(
  invocation: Invocation,
  client: ConsoleClient,
  channel: string,
  wanted: string,
  name: string,
): Promise<void> {
  const { blockNumber, position } = unwrap(await client.call('ledger.transaction', placeOf(channel, wanted)));
  const pieces: Buffer[] = [];
  let read = 0;
  let answer: LedgerPart;
  do {
    answer = unwrap(
      await client.call('ledger.part', {
        channel,
        block: blockNumber,
        position,
        part: name,
        offset: read,
      }),
    );
    const piece = Buffer.from(answer.base64, 'base64');
    pieces.push(piece);
    read += piece.length;
  } while (read < answer.size);
  const bytes = Buffer.concat(pieces);
  if (invocation.output.json) {
    invocation.output.result({ part: name, size: bytes.length, base64: bytes.toString('base64') }, () => '');
  } else process.stdout.write(bytes);
}
