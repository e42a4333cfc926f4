import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useOperation } from '../../client/use-operation';
import type { LedgerBlockModel } from '../../../electron/api/ledger-models';
import type { TransactionLine } from '../../../electron/api/models';
import { useNetworkStatus } from '../../network/use-network';
import { nodeTitle } from '../../network/membership';
import { StateMark } from '../../ui/badge';
import { CopyId } from '../../ui/copy-id';
import { formatBytes, formatNumber, plural, shortId } from '../../ui/format';
import { OrgName } from '../../ui/organization';
import { PageHead } from '../../ui/page';
import { Facts, Panel } from '../../ui/panel';
import { Resource } from '../../ui/resource';
import { Table } from '../../ui/table';
import type { Column } from '../../ui/table';
import { Moment } from '../../ui/time';
import { BlockVerdict } from './block-verdict';
import { ContentView } from './content-view';
import { Crumbs } from './crumbs';
import { Signer } from './signer';
import { useOrganizationOf } from './identity-line';
import { Outsider } from './ledger';
import { whatItDid } from './ledger-words';
import './ledger.css';

const route = getRouteApi('/ledger/$channel/blocks/$block');

/** One block whole. */
export function BlockPage() {
  const { channel, block } = route.useParams();
  const found = useOperation('ledger.block', { channel, block });
  const members = useNetworkStatus().data?.channels.find(({ name }) => name === channel)?.members;
  const number = found.data?.number ?? block;
  const title = /^\d+$/.test(number) ? `Block ${formatNumber(number)}` : `Block ${shortId(number)}`;
  return (
    <>
      <PageHead
        title={title}
        facts={
          <>
            <Crumbs channel={channel} />
            {found.data && (
              <>
                <BlockVerdict transactions={found.data.transactions} />
                <span className="quiet">read from {nodeTitle(found.data.readFrom)}</span>
              </>
            )}
          </>
        }
        actions={found.data && <Neighbours block={found.data} />}
      />
      {members && <Outsider channel={channel} members={members} />}
      <div className={found.data ? 'lg-page' : 'lg-page lg-without'}>
        <Resource of={found} what={`Reading block ${number} of ${channel}`} lines={8}>
          {(data) => <Whole block={data} />}
        </Resource>
      </div>
    </>
  );
}

function Neighbours({ block: { channel, number, height } }: { block: LedgerBlockModel }) {
  const at = BigInt(number);
  const link = (other: bigint, words: string) => (
    <Link
      className="btn"
      to="/ledger/$channel/blocks/$block"
      params={{ channel, block: other.toString() }}
      search={{ channel }}
    >
      {words}
    </Link>
  );
  return (
    <>
      {at > 0n && link(at - 1n, 'Earlier block')}
      {at + 1n < BigInt(height) && link(at + 1n, 'Later block')}
    </>
  );
}

function Whole({ block }: { block: LedgerBlockModel }) {
  const { channel, number, transactions } = block;
  const navigate = useNavigate();
  return (
    <div className="body lg-block">
      <div className="lg-column">
        <Panel title="Header" note={formatBytes(block.size)}>
          <div className="pad">
            <Facts
              items={[
                ['Hash', <CopyId id={block.headerHash} what="header hash" />],
                [
                  'Previous',
                  block.previousHash === '' ? (
                    <span className="quiet">none: the first block</span>
                  ) : (
                    <CopyId id={block.previousHash} what="previous hash" />
                  ),
                ],
                ['Data', <CopyId id={block.dataHash} what="data hash" />],
                [
                  'Commit',
                  block.commitHash === null ? (
                    <span className="quiet">none in this block</span>
                  ) : (
                    <CopyId id={block.commitHash} what="commit hash" />
                  ),
                ],
                [
                  'Configuration',
                  block.lastConfiguration === null ? (
                    <span className="quiet">signed by nobody</span>
                  ) : (
                    <Link
                      className="link"
                      to="/ledger/$channel/blocks/$block"
                      params={{ channel, block: block.lastConfiguration }}
                      search={{ channel }}
                    >
                      of block {formatNumber(block.lastConfiguration)}
                    </Link>
                  ),
                ],
              ]}
            />
          </div>
        </Panel>
        <Panel
          title="Signed by orderers"
          note={plural(block.ordererSignatures.length, 'signature')}
          className="lg-grow"
        >
          <div className="lg-scroll" tabIndex={0} role="group" aria-label="Signatures of orderers">
            {block.ordererSignatures.length === 0 && (
              <p className="pad quiet">
                Nobody signs the first block: its hash is what everything after it is held against.
              </p>
            )}
            {block.ordererSignatures.map(({ signer, signature }) => (
              <Signer key={signature} identity={signer} signature={signature} />
            ))}
            {block.consenterMetadata.kind !== 'empty' && (
              <div className="pad">
                <h3 className="section-title">Kept by the consensus</h3>
                <ContentView content={block.consenterMetadata} place={undefined} label="consenter metadata" />
              </div>
            )}
            {block.undecodable.map(({ what, reason, bytes }) => (
              <div key={what} className="pad">
                <StateMark tone="warn" word={`${what} cannot be read: ${reason}`} />
                <ContentView content={bytes} place={undefined} label={what} />
              </div>
            ))}
          </div>
        </Panel>
      </div>
      <Panel title="Transactions" note={`${transactions.length} in their order`}>
        <Table
          label={`Transactions of block ${number}`}
          columns={columns}
          rows={transactions.map((line, position) => ({ line, position }))}
          rowKey={({ position }) => String(position)}
          virtual={transactions.length > 100}
          onOpen={({ position }) =>
            void navigate({
              to: '/ledger/$channel/blocks/$block/$position',
              params: { channel, block: number, position: String(position) },
              search: { channel },
            })
          }
        />
      </Panel>
    </div>
  );
}

interface Row {
  readonly line: TransactionLine;
  readonly position: number;
}

const columns: Column<Row>[] = [
  {
    id: 'position',
    title: '#',
    label: 'Position',
    numeric: true,
    width: '48px',
    cell: ({ position }) => position,
  },
  {
    id: 'id',
    title: 'Transaction',
    cell: ({ line }) =>
      line.transactionId === '' ? (
        <span className="quiet">without an id</span>
      ) : (
        <CopyId id={line.transactionId} what="transaction id" />
      ),
  },
  {
    id: 'what',
    title: 'What',
    cell: ({ line }) => <span className="strong">{whatItDid(line)}</span>,
  },
  { id: 'contract', title: 'Contract', className: 'only-wide soft', cell: ({ line }) => line.contract },
  { id: 'creator', title: 'Creator', cell: ({ line }) => <Creator mspId={line.creatorMspId} /> },
  {
    id: 'status',
    title: 'Validation',
    cell: ({ line }) => <StateMark tone={line.status === 'VALID' ? 'ok' : 'danger'} word={line.status} />,
  },
  {
    id: 'time',
    title: 'Claimed',
    label: 'Claimed by the client',
    numeric: true,
    className: 'quiet',
    cell: ({ line }) => line.claimedTime !== null && <Moment at={line.claimedTime} />,
  },
];

function Creator({ mspId }: { mspId: string | null }) {
  const name = useOrganizationOf(mspId ?? '');
  return mspId === null ? <span className="quiet">nobody</span> : <OrgName name={name} />;
}
