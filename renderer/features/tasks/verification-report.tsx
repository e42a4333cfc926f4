import type { ChainReport, Verification } from '../../../electron/api/models';
import { saveText } from '../../client/save-file';
import { nodeTitle } from '../../network/membership';
import { Badge, StateMark } from '../../ui/badge';
import { Button } from '../../ui/button';
import { CopyButton } from '../../ui/copy-id';
import { formatNumber, plural, shortId } from '../../ui/format';
import { Table } from '../../ui/table';
import type { Column } from '../../ui/table';

type Checked = ChainReport['checks'][number];
type Problem = Verification['problems'][number];

/** What was found of a channel's ledgers: what is wrong first, then everything that was checked, and how. */
export function VerificationReport({ verification }: { verification: Verification }) {
  const { channel, blocks, ok, peers, problems, report } = verification;
  const recorded = Object.entries(report.codes)
    .map(([code, count]) => `${formatNumber(count)} ${code}`)
    .join(', ');
  return (
    <section className="verification" aria-label="Verification">
      <p>
        <Badge tone={ok ? 'ok' : 'danger'}>{ok ? 'In order' : plural(problems.length, 'problem')}</Badge>{' '}
        {channel}: {formatNumber(Number(blocks))} blocks on {plural(peers.length, 'peer')},{' '}
        {formatNumber(Number(report.transactions))} transactions: {recorded}.
      </p>
      {problems.length > 0 && (
        <Table
          label="Problems"
          columns={problemColumns}
          rows={problems}
          rowKey={({ block, check, detail }) => `${block} ${check} ${detail}`}
        />
      )}
      <dl>
        <dt>Trust anchor</dt>
        <dd>
          block 0 <span className="mono">{shortId(report.genesisHash)}</span>{' '}
          <CopyButton text={report.genesisHash} what="hash of block 0" />
        </dd>
        <dt>Last block</dt>
        <dd>
          <span className="mono">{shortId(report.tipHash)}</span>{' '}
          <CopyButton text={report.tipHash} what="hash of the last block" />
        </dd>
        <dt>Decided again</dt>
        <dd>on the ledger of {nodeTitle(report.node)}, from block 0 on</dd>
      </dl>
      <ul className="checks" aria-label="Checks">
        {report.checks.map((checked) => (
          <li key={checked.check}>
            <StateMark {...lookOf(checked, ok)} quietWord />
            <span>
              <b>{checked.check}</b> <span className="soft">{checked.method}</span>
            </span>
            <span className="counts">
              {countsOf(checked).map((words) => (
                <span key={words}>{words}</span>
              ))}
            </span>
          </li>
        ))}
      </ul>
      {ok && report.checks.some(({ fails }) => fails > 0) && (
        <p className="soft">What fails is recorded in the ledger as invalid for that very reason.</p>
      )}
      {report.unchecked.length > 0 && (
        <>
          <h3 className="section-title">Not checkable</h3>
          <ul>
            {report.unchecked.map(({ check, reason, firstBlock, count }) => (
              <li key={`${check} ${reason}`}>
                <b>{check}</b>,{' '}
                {count === 1 ? `block ${firstBlock}` : `${count} times from block ${firstBlock}`}: {reason}
              </li>
            ))}
          </ul>
        </>
      )}
      <Button
        small
        icon="download"
        onPress={() =>
          saveText(
            `${channel} verification.json`,
            `${JSON.stringify(verification, null, 2)}\n`,
            'application/json',
          )
        }
      >
        Save as JSON
      </Button>
    </section>
  );
}

const problemColumns: readonly Column<Problem>[] = [
  { id: 'block', title: 'Block', numeric: true, width: '64px', cell: ({ block }) => block },
  {
    id: 'what',
    title: 'What is wrong',
    cell: ({ check, detail }) => (
      <span className="wrap">
        <b>{check}</b> {detail}
      </span>
    ),
  },
];

/** Where the ledger is in order, what fails is what it records itself. */
const lookOf = ({ fails, holds }: Checked, ok: boolean) => {
  if (fails > 0 && !ok) return { tone: 'warn', word: 'fails somewhere' } as const;
  return holds > 0
    ? ({ tone: 'ok', word: 'holds' } as const)
    : ({ tone: 'idle', word: 'not checkable' } as const);
};

const countsOf = ({ holds, fails, notCheckable }: Checked): string[] => [
  ...(holds > 0 ? [`${formatNumber(holds)} ${holds === 1 ? 'holds' : 'hold'}`] : []),
  ...(fails > 0 ? [`${formatNumber(fails)} ${fails === 1 ? 'fails' : 'fail'}`] : []),
  ...(notCheckable > 0 ? [`${formatNumber(notCheckable)} not checkable`] : []),
];
