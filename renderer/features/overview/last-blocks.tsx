import { Link } from '@tanstack/react-router';
import { useOperations } from '../../client/use-operation';
import type { BlockSummary, NetworkStatus } from '../../../electron/api/models';
import { StateMark } from '../../ui/badge';
import { formatNumber, shortId } from '../../ui/format';
import { Panel } from '../../ui/panel';
import { ProblemView } from '../../ui/problem-view';
import { Table } from '../../ui/table';
import type { Column } from '../../ui/table';
import { Age } from '../../ui/time';
import { Empty, Waiting } from '../../ui/waiting';

/** Blocks asked of each channel; the newest of all channels are shown. */
const ASKED = 12n;
const SHOWN = 20;

interface Row {
  readonly channel: string;
  readonly block: BlockSummary;
  /** Newest time a client claimed in the block; blocks themselves carry none. */
  readonly time: string | undefined;
}

/** Asks again exactly when a height has grown: the heights come with the network's status. */
export function LastBlocks({ channels }: { channels: NetworkStatus['channels'] }) {
  const grown = channels.flatMap(({ name, height }) =>
    height === null ? [] : [{ name, height: BigInt(height) }],
  );
  const answers = useOperations(
    'ledger.blocks',
    grown.map(({ name, height }) => ({
      channel: name,
      from: (height > ASKED ? height - ASKED : 0n).toString(),
      to: (height - 1n).toString(),
    })),
    { keepsPrevious: true },
  );
  const rows = answers
    .flatMap((answer, index) => rowsOf(grown[index]?.name ?? '', answer.data ?? []))
    .toSorted((a, b) => (b.time ?? '').localeCompare(a.time ?? ''))
    .slice(0, SHOWN);
  const failed = answers.find(({ error }) => error !== null);
  return (
    <Panel
      title="Last blocks"
      note={`${grown.length} channels, newest first`}
      className="blocks"
      aside={
        <Link className="link" to="/ledger">
          All blocks
        </Link>
      }
    >
      {failed?.error && (
        <div className="pad">
          <ProblemView problem={failed.error.problem} onRetry={() => void failed.refetch()} />
        </div>
      )}
      {rows.length > 0 ? (
        <Table label="Last blocks" columns={columns} rows={rows} rowKey={rowKey} />
      ) : answers.some(({ isPending }) => isPending) ? (
        <Waiting what="Reading the last blocks" lines={6} />
      ) : (
        !failed && <Empty title="No peer answers">Blocks are read from the peers.</Empty>
      )}
    </Panel>
  );
}

const rowKey = ({ channel, block }: Row): string => `${channel} ${block.number}`;

function rowsOf(channel: string, blocks: readonly BlockSummary[]): Row[] {
  return blocks.map((block) => ({
    channel,
    block,
    time: block.transactions
      .flatMap(({ claimedTime }) => (claimedTime === null ? [] : [claimedTime]))
      .toSorted()
      .at(-1),
  }));
}

const columns: Column<Row>[] = [
  {
    id: 'number',
    title: 'Block',
    numeric: true,
    width: '72px',
    cell: ({ channel, block }) => (
      <Link
        className="link"
        to="/ledger/$channel/blocks/$block"
        params={{ channel, block: block.number }}
        search={{ channel }}
      >
        {formatNumber(block.number)}
      </Link>
    ),
  },
  { id: 'channel', title: 'Channel', cell: ({ channel }) => channel },
  {
    id: 'transactions',
    title: 'Transactions',
    className: 'only-wide',
    numeric: true,
    cell: ({ block }) => formatNumber(block.transactions.length),
  },
  {
    id: 'functions',
    title: 'What',
    className: 'cut',
    cell: ({ block }) => (
      <span className="soft" title={whatIsIn(block)}>
        {whatIsIn(block)}
      </span>
    ),
  },
  { id: 'validation', title: 'Validation', cell: ({ block }) => <Validation block={block} /> },
  {
    id: 'hash',
    title: 'Header hash',
    className: 'only-wide',
    cell: ({ block }) => (
      <span className="id soft" title={block.headerHash}>
        {shortId(block.headerHash)}
      </span>
    ),
  },
  { id: 'age', title: 'Age', numeric: true, cell: ({ time }) => (time ? <Age since={time} /> : '') },
];

function whatIsIn({ transactions }: BlockSummary): string {
  const names = transactions.map(
    ({ function: name, type }) => name ?? (type === 'CONFIG' ? 'configuration' : type),
  );
  const [first, ...others] = [...new Set(names)];
  return others.length === 0 ? (first ?? '') : `${first ?? ''} and ${others.length} more`;
}

function Validation({ block }: { block: BlockSummary }) {
  const invalid = block.transactions.filter(({ status }) => status !== 'VALID');
  const valid = block.transactions.length - invalid.length;
  if (invalid.length === 0) return <StateMark tone="ok" word={`${valid} valid`} />;
  const codes = [...new Set(invalid.map(({ status }) => status))];
  return (
    <StateMark
      tone="warn"
      word={`${valid} valid, ${invalid.length} ${codes.length === 1 ? (codes[0] ?? '') : 'invalid'}`}
    />
  );
}
