import type { ConsoleClient } from '../../api/client';
import type { Verification } from '../../api/models';
import { unwrap } from '../invocation';
import type { Invocation } from '../invocation';
import { table } from '../output';
import { runTask, seconds } from '../task-progress';

export interface CallArguments {
  readonly as: string;
  readonly channel: string;
  readonly contract: string;
  readonly function: string;
  readonly args: string[];
  readonly transient: Record<string, string>;
  readonly endorsingOrganizations?: string[];
}

const shown = (result: unknown): string =>
  result === null ? '(no result)' : typeof result === 'string' ? result : JSON.stringify(result, null, 2);

export async function query(
  invocation: Invocation,
  client: ConsoleClient,
  call: CallArguments,
): Promise<void> {
  const value = unwrap(await client.call('transaction.evaluate', call));
  invocation.output.result(value, () => shown(value.result));
}

export async function submit(
  invocation: Invocation,
  client: ConsoleClient,
  call: CallArguments,
): Promise<void> {
  const value = unwrap(await client.call('transaction.submit', call));
  invocation.output.result(value, () =>
    [
      `${value.status} in block ${value.blockNumber} of ${call.channel}, transaction ${value.transactionId}`,
      `endorsed in ${seconds(value.durationsMs.endorse)}, ordered in ${seconds(value.durationsMs.submit)}, committed after ${seconds(value.durationsMs.commit)}`,
      shown(value.result),
    ].join('\n'),
  );
}

/** Exit code 1 where a check fails, with the same document. */
export async function verify(invocation: Invocation, client: ConsoleClient, channel: string): Promise<void> {
  const value = unwrap(await runTask(client, 'ledger.verify', { channel }, invocation.output));
  invocation.output.result(value, () => verificationText(value));
  if (!value.ok) process.exitCode = 1;
}

function verificationText({ channel, blocks, ok, peers, problems, report }: Verification): string {
  const { checks, unchecked } = report;
  return [
    ok
      ? `${channel}: ${blocks} blocks checked on ${peers.length} peers, nothing wrong.`
      : `${channel}: ${problems.length === 1 ? '1 problem' : `${problems.length} problems`} in ${blocks} blocks.`,
    ...problems.map((problem) => `  block ${problem.block}, ${problem.check}: ${problem.detail}`),
    '',
    `The ${report.transactions} transactions of ${report.node}, from block 0 (${report.genesisHash}):`,
    table(
      ['check', 'holds', 'fails', 'not checkable'],
      checks.map(({ check, holds, fails, notCheckable }) => [
        check,
        String(holds),
        String(fails),
        String(notCheckable),
      ]),
      { right: ['holds', 'fails', 'not checkable'] },
    ),
    ...(ok && checks.some(({ fails }) => fails > 0)
      ? ['', 'What fails there is recorded as invalid for that very reason: the ledger is in order.']
      : []),
    ...(unchecked.length === 0 ? [] : ['', 'Not checkable:']),
    ...unchecked.map(
      ({ check, reason, firstBlock, count }) =>
        `  ${check}, ${count === 1 ? `block ${firstBlock}` : `${count} times from block ${firstBlock}`}: ${reason}`,
    ),
    '',
    `Validation codes: ${Object.entries(report.codes)
      .map(([code, count]) => `${count} ${code}`)
      .join(', ')}.`,
  ].join('\n');
}

/** Exit code 1 where money is not conserved. */
export async function money(invocation: Invocation, client: ConsoleClient): Promise<void> {
  const value = unwrap(await runTask(client, 'money.verify', {}, invocation.output));
  const cents = (amount: number) => (amount / 100).toFixed(2);
  invocation.output.result(
    value,
    () =>
      `${value.ok ? 'Money is conserved' : 'MONEY IS NOT CONSERVED'}: issued ${cents(value.issuedCents)} = balances ${cents(value.balancesCents)} + held ${cents(value.heldCents)} + income ${cents(value.incomeCents)} (${value.wallets} wallets, ${value.payments} payments).`,
  );
  if (!value.ok) process.exitCode = 1;
}

export async function deployContract(
  invocation: Invocation,
  client: ConsoleClient,
  contract: string,
): Promise<void> {
  const value = unwrap(await runTask(client, 'contract.deploy', { contract }, invocation.output));
  invocation.output.result(
    value,
    () =>
      `${value.name} ${value.committed?.version ?? ''} is committed with sequence ${value.committed?.sequence ?? ''}.`,
  );
}
