import type { SavedNetwork } from '../../../electron/api/connect-models';
import type { NetworkStatus } from '../../../electron/api/models';
import { useOperation } from '../../client/use-operation';
import { Badge, StateMark } from '../../ui/badge';
import { CopyButton } from '../../ui/copy-id';
import { Panel } from '../../ui/panel';
import { Resource } from '../../ui/resource';
import { Table } from '../../ui/table';
import type { Column } from '../../ui/table';
import { Age } from '../../ui/time';
import { Empty } from '../../ui/waiting';

/** The networks of this CITYFLOW_HOME. A console looks at one of them: another is opened by a command of its own. */
export function SavedNetworks({ status }: { status: NetworkStatus }) {
  const networks = useOperation('network.list', {});
  return (
    <Panel title="Saved networks" note="each has its own certificates, ledgers and console">
      <Resource of={networks} what="Looking for saved networks" lines={2}>
        {(found) =>
          found.length === 0 ? (
            <Empty title="None yet">The first start saves one.</Empty>
          ) : (
            <Table
              label="Saved networks"
              columns={columnsFor(status)}
              rows={found}
              rowKey={({ folder }) => folder}
            />
          )
        }
      </Resource>
    </Panel>
  );
}

const tones = { running: 'ok', degraded: 'warn', starting: 'accent', stopped: 'idle' } as const;

const programs: Record<NonNullable<SavedNetwork['ledgersBy']>, string> = {
  embedded: 'embedded',
  genuine: 'genuine Fabric',
  both: 'embedded and genuine Fabric',
  containers: 'containers',
};

const columnsFor = (status: NetworkStatus): Column<SavedNetwork>[] => [
  {
    id: 'name',
    title: 'Network',
    cell: ({ name, isCurrent }) => (
      <span className="org-name">
        <span className="strong">{name}</span>
        {isCurrent && (
          <Badge tone="accent" icon="eye">
            this console
          </Badge>
        )}
      </span>
    ),
  },
  {
    id: 'state',
    title: 'State',
    cell: ({ isCurrent, supervisor, ledgersBy }) => {
      if (isCurrent) return <StateMark tone={tones[status.state]} word={status.state} />;
      return supervisor === null ? (
        <StateMark tone="idle" word={ledgersBy === null ? 'never started' : 'stopped'} />
      ) : (
        <StateMark tone="accent" word={`in the hands of process ${String(supervisor)}`} />
      );
    },
  },
  {
    id: 'ledgers',
    title: 'Ledgers',
    cell: ({ ledgersBy }) =>
      ledgersBy === null ? <span className="quiet">none yet</span> : `written by ${programs[ledgersBy]}`,
  },
  {
    id: 'topology',
    title: 'Topology',
    cell: ({ hasOwnTopology }) => (hasOwnTopology ? 'its own' : 'the shipped one'),
  },
  {
    id: 'changed',
    title: 'Changed',
    numeric: true,
    cell: ({ changed }) => <Age since={changed} suffix=" ago" />,
  },
  {
    id: 'open',
    title: 'Opened by',
    cell: ({ name, isCurrent }) =>
      isCurrent ? (
        <span className="quiet">open here</span>
      ) : (
        <>
          <code>{openCommand(name)}</code> <CopyButton text={openCommand(name)} what="command" />
        </>
      ),
  },
];

const openCommand = (name: string): string => `npm start -- --network ${name}`;
