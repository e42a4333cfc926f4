import type { Endorsement, NetworkStatus } from '../../../electron/api/models';
import type { Problem, ProblemSource } from '../../../electron/api/problems';
import { useOperation } from '../../client/use-operation';
import { nodeTitle } from '../../network/membership';
import { useNetworkStatus } from '../../network/use-network';
import { StateMark } from '../../ui/badge';
import { plural, shortId } from '../../ui/format';
import { OrgTile } from '../../ui/organization';
import { Panel } from '../../ui/panel';
import { Table } from '../../ui/table';
import type { ContractCallRequest } from './contract-call';

/** Longer answers scroll in their place. */
const LONG = 200;

interface Endorser {
  readonly organization: string;
  readonly node: string;
}

/** Nodes are named by the organization's name; a node that is not of this network keeps its MSP id. */
export function endorserOf(status: NetworkStatus | undefined, mspId: string, name: string): Endorser {
  const node = status?.nodes.find((one) => one.name === name || one.address === name);
  const organization =
    node?.organization ??
    status?.nodes.find((one) => one.role === 'peer' && one.mspId === mspId)?.organization ??
    mspId;
  return { organization, node: node ? nodeTitle(node.name) : name };
}

function Peer({ organization, node }: Endorser) {
  return (
    <span className="endorser">
      <OrgTile name={organization} titled />
      <span className="mono">{node}</span>
    </span>
  );
}

/** Who endorsed what is in the transaction. A transaction carries one response, so all of them gave the same. */
export function Endorsers({
  endorsement,
  returned,
}: {
  endorsement: Endorsement;
  /** What the contract returned; undefined where that was not read. */
  returned?: { readonly value: unknown };
}) {
  const status = useNetworkStatus().data;
  const rows = endorsement.endorsers.map(({ mspId, name }) => ({
    ...endorserOf(status, mspId, name),
    mspId,
  }));
  const answer = returned && (returned.value === null ? 'nothing' : JSON.stringify(returned.value));
  return (
    <Panel
      title="Each endorser’s answer"
      aside={
        <StateMark
          tone="ok"
          word={rows.length > 1 ? `same result from ${plural(rows.length, 'peer')}` : 'one peer'}
        />
      }
    >
      <Table
        label="Endorsements of the transaction"
        rows={rows}
        rowKey={({ mspId, node }) => `${mspId} ${node}`}
        columns={[
          { id: 'peer', title: 'Peer', cell: Peer },
          { id: 'msp', title: 'MSP', className: 'only-wide', cell: ({ mspId }) => mspId },
          {
            id: 'status',
            title: 'Status',
            cell: () => <StateMark tone="ok" word={String(endorsement.responseStatus)} />,
          },
          ...(answer === undefined
            ? []
            : [
                {
                  id: 'answer',
                  title: 'Answer',
                  className: 'answer-cell',
                  cell: () => (
                    <span className="mono" title={answer}>
                      {answer}
                    </span>
                  ),
                },
              ]),
          {
            id: 'hash',
            title: 'Signed hash',
            cell: () => (
              <span className="id soft" title={endorsement.responseHash}>
                {shortId(endorsement.responseHash, 6, 4)}
              </span>
            ),
          },
        ]}
      />
    </Panel>
  );
}

/** What each endorser said against it, verbatim; for one that was ordered and found invalid, who had endorsed. */
export function EndorserAnswers({
  problem,
  call,
}: {
  problem: Problem;
  call?: ContractCallRequest | undefined;
}) {
  const status = useNetworkStatus().data;
  const { transactionId, validation } = problem;
  const committed = useOperation(
    'ledger.transaction',
    { channel: call?.channel ?? '', transactionId: transactionId ?? '' },
    { enabled: validation !== undefined && call !== undefined && transactionId !== undefined },
  );
  if (committed.data?.endorsement) return <Endorsers endorsement={committed.data.endorsement} />;
  const answers = answersOf(problem.sources);
  if (answers.length === 0) return null;
  const same = answers.length === 1 && problem.sources.length > 1;
  return (
    <Panel
      title={problem.code === 'SUBMIT_FAILED' ? 'What the orderer said' : 'Each endorser’s answer'}
      note={same ? `verbatim, the same from ${plural(problem.sources.length, 'peer')}` : 'verbatim'}
    >
      <Table
        label="What each endorser answered"
        rows={answers}
        rowKey={({ message }) => message}
        columns={[
          {
            id: 'peer',
            title: 'Peer',
            cell: ({ sources }) => (
              <ul className="endorsers">
                {sources.map(({ name, address, mspId }) => (
                  <li key={name}>
                    <Peer {...endorserOf(status, mspId ?? '', address ?? name)} />
                  </li>
                ))}
              </ul>
            ),
          },
          { id: 'status', title: 'Status', cell: ({ message }) => <AnswerStatus message={message} /> },
          {
            id: 'message',
            title: 'Answer',
            className: 'wraps',
            cell: ({ message }) => (
              <code className="said" tabIndex={message.length > LONG ? 0 : undefined}>
                {message}
              </code>
            ),
          },
        ]}
      />
    </Panel>
  );
}

interface Answer {
  readonly message: string;
  /** Who gave it. */
  readonly sources: readonly ProblemSource[];
}

/** Word for word the same is told once, with all who said it. */
const answersOf = (sources: readonly ProblemSource[]): readonly Answer[] =>
  [...new Set(sources.map(({ message }) => message))].map((message) => ({
    message,
    sources: sources.filter((source) => source.message === message),
  }));

function AnswerStatus({ message }: Pick<Answer, 'message'>) {
  const code = /chaincode response (\d+)/.exec(message)?.[1];
  return <StateMark tone="danger" word={code ?? 'failed'} />;
}
