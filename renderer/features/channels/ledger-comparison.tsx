import { useNavigate } from '@tanstack/react-router';
import { useCommand } from '../../client/use-operation';
import type { NetworkStatus } from '../../../electron/api/models';
import { nodeTitle } from '../../network/membership';
import { Badge, StateMark } from '../../ui/badge';
import { Button } from '../../ui/button';
import { formatNumber, shortId } from '../../ui/format';
import { OrgTile } from '../../ui/organization';
import { Panel } from '../../ui/panel';
import { ProblemView } from '../../ui/problem-view';
import { Waiting } from '../../ui/waiting';
import { compareLedgers } from './matrix';
import type { Comparison, MatrixChannel } from './matrix';

/** Do all peers hold the same ledger? Equal hashes at equal heights mean equal chains. */
export function LedgerComparison({ status, channel }: { status: NetworkStatus; channel: MatrixChannel }) {
  const navigate = useNavigate();
  const verify = useCommand('ledger.verify');
  const rows = channel.detail && compareLedgers(channel.detail);
  const half = Math.ceil((rows?.length ?? 0) / 2);
  const start = () =>
    verify.mutate(
      { channel: channel.name },
      { onSuccess: ({ task }) => void navigate({ to: '/tasks', search: { task } }) },
    );
  return (
    <Panel
      title={`${channel.name}: do all peers hold the same ledger?`}
      className="same"
      aside={
        <>
          {rows && <Verdict rows={rows} />}
          <Button small icon="shield" onPress={start} isPending={verify.isPending}>
            Verify whole chain
          </Button>
        </>
      }
    >
      {verify.error && (
        <div className="pad">
          <ProblemView problem={verify.error.problem} onRetry={start} />
        </div>
      )}
      {rows ? (
        <div className="two">
          <Half rows={rows.slice(0, half)} status={status} label="Ledgers" />
          <Half rows={rows.slice(half)} status={status} label="Ledgers, continued" />
        </div>
      ) : (
        <Waiting what="Asking every peer for its last block" />
      )}
    </Panel>
  );
}

function Verdict({ rows }: { rows: readonly Comparison[] }) {
  const same = rows.filter(({ verdict }) => verdict === 'same').length;
  const different = rows.filter(({ verdict }) => verdict === 'different').length;
  if (different > 0) {
    return (
      <Badge tone="danger">
        No, {different} of {rows.length} differ
      </Badge>
    );
  }
  return (
    <Badge tone={same === rows.length ? 'ok' : 'warn'}>
      {same === rows.length ? 'Yes' : 'As far as compared'}, {same} of {rows.length}
    </Badge>
  );
}

function Half({
  rows,
  status,
  label,
}: {
  rows: readonly Comparison[];
  status: NetworkStatus;
  label: string;
}) {
  return (
    <table aria-label={label}>
      <thead>
        <tr>
          <th scope="col">Peer</th>
          <th scope="col" className="num">
            Height
          </th>
          <th scope="col">Hash of its last block</th>
          <th scope="col">Compared</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.node} className={row.height === null ? 'absent' : undefined}>
            <td>
              <OrgTile name={status.nodes.find(({ name }) => name === row.node)?.organization ?? ''} titled />{' '}
              <span className="mono">{nodeTitle(row.node)}</span>
            </td>
            <td className="num">
              {row.height === null ? (
                <span className="quiet">{row.joined === null ? 'unknown' : 'no ledger'}</span>
              ) : (
                formatNumber(row.height)
              )}
            </td>
            <td className="id soft" title={row.tipHash ?? undefined}>
              {row.tipHash ? shortId(row.tipHash) : ''}
            </td>
            <td>
              <Mark verdict={row.verdict} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Mark({ verdict }: { verdict: Comparison['verdict'] }) {
  switch (verdict) {
    case 'same':
      return <StateMark tone="ok" word="same" />;
    case 'different':
      return <StateMark tone="danger" word="different" />;
    case 'alone':
      return <StateMark tone="warn" icon="clock" word="at another height" />;
    case 'unknown':
      return <span className="quiet">nothing to compare</span>;
  }
}
