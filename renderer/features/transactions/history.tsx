import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import type { TransactionRecord } from '../../../electron/api/activity-models';
import { useOperation } from '../../client/use-operation';
import { useMay } from '../../client/use-role';
import { StateMark } from '../../ui/badge';
import { TextField } from '../../ui/fields';
import { formatDate, formatDuration, formatNumber, formatTime, plural } from '../../ui/format';
import { OrgTile } from '../../ui/organization';
import { Filters, PageHead } from '../../ui/page';
import { Resource } from '../../ui/resource';
import { Table } from '../../ui/table';
import type { Column } from '../../ui/table';
import { SegmentedControl } from '../../ui/tabs';
import { Empty } from '../../ui/waiting';
import { HistoryRecord } from './history-record';
import type { HistoryFilter } from './search';

const route = getRouteApi('/transactions');
/** As many as are kept. */
const LIMIT = 1_000;

const shows: Record<HistoryFilter, (record: TransactionRecord) => boolean> = {
  all: () => true,
  written: ({ kind, outcome }) => kind === 'submit' && outcome === 'OK',
  evaluated: ({ kind }) => kind === 'evaluate',
  failed: ({ outcome }) => outcome !== 'OK',
};

/** What was run here, newest first, also before the last restart. Any of it can be run again. */
export function History() {
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/transactions' });
  const { refusal } = useMay('transaction.history');
  const history = useOperation('transaction.history', { limit: LIMIT }, { enabled: refusal === undefined });
  const ran = search.ran ?? 'all';
  const find = search.find ?? '';
  const onChannel = (history.data ?? []).filter(
    ({ channel }) => search.channel === undefined || channel === search.channel,
  );
  const rows = onChannel.filter(shows[ran]).filter((record) => mentions(record, find));
  const opened = history.data?.find(({ id }) => id === search.record);
  const open = (record: string | undefined) => void navigate({ search: (before) => ({ ...before, record }) });
  return (
    <>
      <PageHead
        title="Transactions"
        facts={
          <>
            <span>History</span>
            {history.data && (
              <span>
                {plural(onChannel.length, 'call')}
                {search.channel !== undefined && ` on ${search.channel}`}
              </span>
            )}
          </>
        }
        actions={
          <Link from="/transactions" to="." search={({ channel }) => ({ channel })} className="btn">
            Back to the request
          </Link>
        }
      />
      <Filters>
        <span data-filter className="history-find">
          <TextField
            label="Find in the history"
            hideLabel
            inputType="search"
            placeholder="Function, argument, identity, transaction id"
            value={find}
            onChange={(text) =>
              void navigate({ search: (before) => ({ ...before, find: text || undefined }), replace: true })
            }
          />
        </span>
        <SegmentedControl
          label="Which calls"
          items={[
            { id: 'all', title: 'All' },
            { id: 'written', title: 'Written' },
            { id: 'evaluated', title: 'Evaluated' },
            { id: 'failed', title: 'Failed' },
          ]}
          selected={ran}
          onSelect={(id) => void navigate({ search: (before) => ({ ...before, ran: id }) })}
        />
      </Filters>
      <div className={opened ? 'body tx-history with-panel' : 'body tx-history'}>
        <section className="panel" aria-label="Calls">
          {refusal !== undefined ? (
            <Empty title="The history is not for viewers">{refusal}</Empty>
          ) : (
            <Resource of={history} what="Asking what was run">
              {() => <Calls rows={rows} any={onChannel.length > 0} selected={search.record} onOpen={open} />}
            </Resource>
          )}
        </section>
        {opened && <HistoryRecord key={opened.id} record={opened} onClose={() => open(undefined)} />}
      </div>
    </>
  );
}

function mentions(record: TransactionRecord, find: string): boolean {
  const words = find.toLowerCase().split(/\s+/).filter(Boolean);
  const text = [
    record.function,
    record.contract,
    record.channel,
    record.as,
    record.outcome,
    record.status ?? '',
    record.transactionId ?? '',
    record.problem?.detail ?? '',
    ...record.args,
  ]
    .join(' ')
    .toLowerCase();
  return words.every((word) => text.includes(word));
}

function Calls({
  rows,
  any,
  selected,
  onOpen,
}: {
  rows: readonly TransactionRecord[];
  any: boolean;
  selected: string | undefined;
  onOpen: (id: string) => void;
}) {
  if (rows.length === 0) {
    return any ? (
      <Empty title="Nothing matches">Other words or another filter may.</Empty>
    ) : (
      <Empty
        title="Nothing was run yet"
        command="cityflow query --as ORG/NAME --channel CHANNEL --contract CONTRACT FUNCTION"
      >
        Calls made here and on the command line stand here, the newest thousand, also after a restart.
      </Empty>
    );
  }
  return (
    <Table
      label="Calls"
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
      selected={selected}
      onOpen={({ id }) => onOpen(id)}
      virtual={rows.length > 60}
    />
  );
}

/** Codes that stand in most rows, in a word; others stand as they are. */
const failures: Readonly<Record<string, string>> = {
  CONTRACT_REFUSED: 'refused',
  ACCESS_DENIED: 'denied',
  ENDORSEMENT_FAILED: 'not endorsed',
  SUBMIT_FAILED: 'not ordered',
  NODE_UNAVAILABLE: 'no answer',
  TIMED_OUT: 'timed out',
  CANCELLED: 'cancelled',
};

export function OutcomeMark({ record }: { record: TransactionRecord }) {
  const { kind, outcome, status } = record;
  if (outcome === 'OK')
    return kind === 'submit' ? (
      <StateMark tone="ok" word={status ?? 'VALID'} />
    ) : (
      <StateMark tone="idle" icon="eye" word="answered" />
    );
  if (outcome === 'COMMIT_UNKNOWN') return <StateMark tone="warn" icon="clock" word="unknown" />;
  return <StateMark tone="danger" word={status ?? failures[outcome] ?? outcome} />;
}

const columns: Column<TransactionRecord>[] = [
  {
    id: 'at',
    title: 'Time',
    width: '150px',
    cell: ({ at }) => (
      <span title={formatDate(at)}>
        <span className="quiet">{formatDate(at).replace(/ \d{4}$/, '')}</span> {formatTime(at)}
      </span>
    ),
  },
  {
    id: 'kind',
    title: 'How',
    width: '84px',
    className: 'not-beside',
    cell: ({ kind }) => <span className="soft">{kind}</span>,
  },
  {
    id: 'function',
    title: 'Function',
    className: 'cut',
    cell: ({ function: name, contract }) => (
      <>
        <span className="strong">{name}</span> <span className="quiet">{contract}</span>
      </>
    ),
  },
  {
    id: 'args',
    title: 'Arguments',
    className: 'cut not-beside',
    cell: ({ args }) => (
      <span className="mono" title={args.join('\n')}>
        {args.join(', ')}
      </span>
    ),
  },
  {
    id: 'as',
    title: 'As',
    cell: ({ as }) => (
      <span className="endorser">
        <OrgTile name={as.split('/')[0] ?? ''} />
        {as}
      </span>
    ),
  },
  { id: 'outcome', title: 'Outcome', cell: (record) => <OutcomeMark record={record} /> },
  {
    id: 'block',
    title: 'Block',
    numeric: true,
    className: 'not-beside',
    cell: ({ blockNumber }) => (blockNumber === null ? '' : formatNumber(blockNumber)),
  },
  {
    id: 'took',
    title: 'Took',
    numeric: true,
    className: 'not-beside',
    cell: ({ durationMs }) => formatDuration(durationMs),
  },
];
