import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { doctorChecks } from '../../../electron/api/connect-models';
import type { DoctorCheck, ExaminedNode, Examination } from '../../../electron/api/connect-models';
import { useOperation } from '../../client/use-operation';
import { nodeTitle } from '../../network/membership';
import { Badge, StateMark } from '../../ui/badge';
import type { Tone } from '../../ui/badge';
import { Button, IconButton } from '../../ui/button';
import { plural } from '../../ui/format';
import { OrgTile } from '../../ui/organization';
import { Panel } from '../../ui/panel';
import { Resource } from '../../ui/resource';
import { Table } from '../../ui/table';
import type { Column } from '../../ui/table';
import { Age } from '../../ui/time';
import { Empty } from '../../ui/waiting';

const route = getRouteApi('/connect');

/** Examines each node as a client would meet it, from its name to its clock. */
export function Doctor() {
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/connect' });
  const isAsked = search.doctor ?? false;
  const examination = useOperation('network.doctor', {}, { enabled: isAsked });
  const select = (node: string | undefined) =>
    void navigate({ search: (before) => ({ ...before, node }), resetScroll: false });
  const examine = () => {
    if (isAsked) void examination.refetch();
    else void navigate({ search: (before) => ({ ...before, doctor: true }), resetScroll: false });
  };
  const chosen = examination.data?.nodes.find(({ node }) => node === search.node);
  return (
    <Panel
      title="Doctor"
      note={
        examination.data ? (
          <>
            examined <Age since={examination.data.at} suffix=" ago" />
          </>
        ) : (
          'name, port, TLS, certificate, MSP, rights and clock of every node'
        )
      }
      aside={
        <>
          {examination.data && <Verdict examination={examination.data} />}
          <Button small icon="shield" onPress={examine} isPending={isAsked && examination.isFetching}>
            {examination.data ? 'Examine again' : 'Examine every node'}
          </Button>
        </>
      }
    >
      {isAsked ? (
        <Resource of={examination} what="Examining every node" lines={8}>
          {(found) => (
            <div className={chosen ? 'doctor with-node' : 'doctor'}>
              <div>
                <Table
                  label="Checks of every node"
                  columns={chosen ? besideNode : columns}
                  rows={found.nodes}
                  rowKey={({ node }) => node}
                  selected={chosen?.node}
                  onOpen={({ node }) => select(node)}
                />
                {!chosen && <Findings examination={found} />}
              </div>
              {chosen && <NodeChecks node={chosen} onClose={() => select(undefined)} />}
            </div>
          )}
        </Resource>
      ) : (
        <Empty title="Nothing examined yet">
          It finds a port that another program took, a certificate that expired or names another host, an MSP
          that refuses a node, missing rights and a clock that is wrong. It changes nothing.
        </Empty>
      )}
    </Panel>
  );
}

const looks: Record<DoctorCheck['outcome'], { tone: Tone; word: string }> = {
  ok: { tone: 'ok', word: 'right' },
  warning: { tone: 'warn', word: 'soon a problem' },
  failed: { tone: 'danger', word: 'wrong' },
  skipped: { tone: 'idle', word: 'not checked' },
};

const checkTitles: Record<DoctorCheck['check'], string> = {
  name: 'Name',
  port: 'Port',
  tls: 'TLS chain',
  certificate: 'Certificate',
  msp: 'MSP',
  rights: 'Rights',
  clock: 'Clock',
};

const wrongIn = ({ nodes }: Examination) =>
  nodes.flatMap(({ node, checks }) =>
    checks
      .filter(({ outcome }) => outcome === 'failed' || outcome === 'warning')
      .map((check) => ({ node, ...check })),
  );

/** Nobody listens there, so that not even its TLS could be looked at. */
const isSilent = ({ checks }: ExaminedNode): boolean =>
  checks.some(({ check, outcome }) => check === 'tls' && outcome === 'skipped');

function Verdict({ examination }: { examination: Examination }) {
  const wrong = wrongIn(examination);
  if (wrong.length === 0) {
    const silent = examination.nodes.filter(isSilent).length;
    return silent === 0 ? (
      <Badge tone="ok">Nothing wrong</Badge>
    ) : (
      <Badge tone="warn">Nothing wrong, {plural(silent, 'node')} not running</Badge>
    );
  }
  const isBad = wrong.some(({ outcome }) => outcome === 'failed');
  return <Badge tone={isBad ? 'danger' : 'warn'}>{plural(wrong.length, 'finding')}</Badge>;
}

/** What is wrong anywhere, with what to do. */
function Findings({ examination }: { examination: Examination }) {
  const wrong = wrongIn(examination);
  if (wrong.length === 0) return null;
  return (
    <ul className="findings" aria-label="Findings">
      {wrong.map(({ node, check, outcome, said, hint }) => (
        <li key={`${node} ${check}`}>
          <StateMark {...looks[outcome]} quietWord />
          <span>
            <b>
              {nodeTitle(node)}, {checkTitles[check].toLowerCase()}
            </b>{' '}
            {said} <span className="soft">{hint}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}

const columns: Column<ExaminedNode>[] = [
  {
    id: 'node',
    title: 'Node',
    cell: ({ node, organization }) => (
      <span className="org-name">
        <OrgTile name={organization} titled />
        {nodeTitle(node)}
      </span>
    ),
  },
  {
    id: 'address',
    title: 'Address',
    cell: ({ address }) => <span className="mono soft">{address}</span>,
  },
  ...doctorChecks.map((wanted) => ({
    id: wanted,
    title: checkTitles[wanted],
    width: '84px',
    cell: ({ checks }: ExaminedNode) => {
      const made = checks.find(({ check }) => check === wanted);
      return made && <StateMark {...looks[made.outcome]} quietWord />;
    },
  })),
];

/** Where a node stands beside it, its port check names the address. */
const besideNode = columns.filter(({ id }) => id !== 'address');

/** All checks of one node, each with what it found. */
function NodeChecks({ node, onClose }: { node: ExaminedNode; onClose: () => void }) {
  return (
    <section className="node-checks" aria-label={`Checks of ${node.node}`}>
      <header>
        <h3>{nodeTitle(node.node)}</h3>
        <IconButton label="Close" icon="x" onPress={onClose} />
      </header>
      <ul>
        {node.checks.map(({ check, outcome, said, hint }) => (
          <li key={check}>
            <StateMark {...looks[outcome]} quietWord />
            <span>
              <b>{checkTitles[check]}</b> {said} {hint && <span className="soft">{hint}</span>}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
