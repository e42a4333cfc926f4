import type { ChannelDetail, NetworkStatus } from '../../../electron/api/models';
import { organizationOfMsp } from '../../network/membership';
import { Panel } from '../../ui/panel';
import { Table } from '../../ui/table';
import type { Column } from '../../ui/table';
import { Waiting } from '../../ui/waiting';
import type { MatrixChannel } from './matrix';
import { policyInWords } from './policy-words';

interface Row {
  readonly path: string;
  readonly rule: string;
}

/** Every policy of the channel: its place in the configuration, what it asks for in words, and as it is written. */
export function Policies({
  status,
  channel: { name, detail },
}: {
  status: NetworkStatus;
  channel: MatrixChannel;
}) {
  if (!detail) return <Waiting what={`Reading the policies of ${name}`} lines={8} />;
  return (
    <div className="body policies">
      <PolicyTable status={status} channel={name} policies={detail.policies} />
    </div>
  );
}

export function PolicyTable({
  status,
  channel,
  policies,
}: {
  status: NetworkStatus;
  channel: string;
  policies: ChannelDetail['policies'];
}) {
  const rows = Object.entries(policies).map(([path, rule]) => ({ path, rule }));
  return (
    <Panel
      title="Policies"
      note={`${rows.length} in the configuration of ${channel}`}
      className="policy-table"
    >
      <Table
        label={`Policies of ${channel}`}
        columns={columnsFor(status)}
        rows={rows}
        rowKey={({ path }) => path}
      />
    </Panel>
  );
}

const columnsFor = (status: NetworkStatus): Column<Row>[] => [
  { id: 'path', title: 'Policy', cell: ({ path }) => <span className="mono">{path}</span> },
  {
    id: 'words',
    title: 'Who has to sign',
    className: 'wraps',
    cell: ({ path, rule }) => policyInWords(rule, (mspId) => organizationOfMsp(status, mspId), path),
  },
  {
    id: 'rule',
    title: 'As written',
    className: 'wraps',
    cell: ({ rule }) => <span className="mono soft">{rule}</span>,
  },
];
