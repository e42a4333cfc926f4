import type { RuntimeAvailability } from '../../../electron/api/connect-models';
import { runtimeSchema } from '../../../electron/api/models';
import type { NetworkStatus, RuntimeName } from '../../../electron/api/models';
import { useOperation } from '../../client/use-operation';
import { useMay } from '../../client/use-role';
import { StateMark } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Panel } from '../../ui/panel';
import { ProblemView } from '../../ui/problem-view';
import { problemSchema } from '../../../electron/api/problems';
import { Resource } from '../../ui/resource';
import { Table } from '../../ui/table';
import type { Column } from '../../ui/table';
import type { Start } from './starting';

/** What can run the network on this machine, with the reason where it cannot. */
export function Runtimes({ status, start }: { status: NetworkStatus; start: Start }) {
  const runtimes = useOperation('runtime.list', {});
  const { refusal } = useMay('network.up');
  const failure = problemSchema.safeParse(start.problem);
  const isFirst = status.runtime === null;
  return (
    <Panel
      title={isFirst ? `Start ${status.network}` : 'Runtimes'}
      note={
        isFirst
          ? 'makes certificates and genesis blocks, starts every node, joins the channels, deploys the contracts'
          : `${status.network} keeps to the programs that wrote its ledgers`
      }
    >
      {failure.success && (
        <div className="pad">
          <ProblemView problem={failure.data} />
        </div>
      )}
      <Resource of={runtimes} what="Looking for what can run it" lines={3}>
        {(found) => (
          <Table
            label="Runtimes"
            columns={columnsFor(status, start, refusal)}
            rows={found}
            rowKey={({ name }) => name}
          />
        )}
      </Resource>
    </Panel>
  );
}

const titles: Record<RuntimeAvailability['name'], string> = {
  embedded: 'Embedded',
  native: 'Native',
  docker: 'Docker',
};

/** Why the network cannot be started this way now; undefined where it can. */
export function refusalOf(
  runtime: RuntimeAvailability,
  status: NetworkStatus,
  isStarting: boolean,
): string | undefined {
  if (!runtime.isAvailable) return runtime.detail;
  if (status.runtime !== null && status.runtime !== runtime.name) {
    return `The ledgers of ${status.network} were written by its ${status.runtime} nodes; other programs cannot read them.`;
  }
  if (isStarting) return 'It is being started.';
  return status.state === 'stopped' ? undefined : 'It is running.';
}

const columnsFor = (
  status: NetworkStatus,
  start: Start,
  refusal: string | undefined,
): Column<RuntimeAvailability>[] => [
  {
    id: 'name',
    title: 'Runtime',
    width: '110px',
    cell: ({ name }) => <span className="strong">{titles[name]}</span>,
  },
  { id: 'about', title: 'Nodes', cell: ({ about }) => <span className="wrap">{about}</span> },
  {
    id: 'here',
    title: 'On this machine',
    cell: ({ isAvailable, detail, hint }) => (
      <span className="wrap">
        <StateMark
          tone={isAvailable ? 'ok' : 'idle'}
          word={isAvailable ? 'available' : 'not available'}
          quietWord
        />{' '}
        {detail} {hint && <span className="quiet">{hint}</span>}
      </span>
    ),
  },
  {
    id: 'start',
    title: '',
    label: 'Start',
    width: '170px',
    cell: (runtime) => {
      const name = runtimeSchema.safeParse(runtime.name);
      if (!name.success) return null;
      return (
        <StartButton runtime={runtime} name={name.data} status={status} start={start} refusal={refusal} />
      );
    },
  },
];

function StartButton({
  runtime,
  name,
  status,
  start,
  refusal,
}: {
  runtime: RuntimeAvailability;
  name: RuntimeName;
  status: NetworkStatus;
  start: Start;
  refusal: string | undefined;
}) {
  const isChoice = name === (status.runtime ?? 'embedded');
  return (
    <span className="end">
      <Button
        kind={isChoice && status.state === 'stopped' && !start.isStarting ? 'primary' : 'outline'}
        icon="play"
        aria-label={`Start the network with the ${name} runtime`}
        onPress={() => start.begin(name)}
        refusal={refusal ?? refusalOf(runtime, status, start.isStarting)}
      >
        Start
      </Button>
    </span>
  );
}
