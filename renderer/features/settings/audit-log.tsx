import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { AuditEntry } from '../../../electron/api/activity-models';
import { useOperation } from '../../client/use-operation';
import { Badge, StateMark } from '../../ui/badge';
import { Button, IconButton } from '../../ui/button';
import { CopyButton, CopyId } from '../../ui/copy-id';
import { useEscape } from '../../ui/escape';
import { FilterField } from '../../ui/filter-field';
import { formatDate, formatDuration, formatTime, plural } from '../../ui/format';
import { Filters } from '../../ui/page';
import { Facts } from '../../ui/panel';
import { Resource } from '../../ui/resource';
import { Table } from '../../ui/table';
import type { Column } from '../../ui/table';
import { FilterChip, SegmentedControl } from '../../ui/tabs';
import { Moment } from '../../ui/time';
import { Empty } from '../../ui/waiting';
import { auditRanges } from './search';
import type { SettingsSearch } from './search';

const route = getRouteApi('/settings');
const POLL_MS = 5_000;
const STEP = 200;
const MOST = 1_000;

type Range = (typeof auditRanges)[number];
const hours: Record<Range, number | undefined> = { hour: 1, day: 24, week: 7 * 24, all: undefined };
const titles: Record<Range, string> = { hour: '1 h', day: '24 h', week: '7 days', all: 'All' };

/** Who changed what, newest first. */
export function AuditLog() {
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/settings' });
  const change = (part: Partial<SettingsSearch>) =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace: 'q' in part });
  const [limit, setLimit] = useState(STEP);
  const range = search.range ?? 'all';
  const since = useSince(range);
  const entries = useOperation(
    'audit.list',
    {
      limit,
      ...(since !== undefined && { since }),
      ...(search.q && { text: search.q }),
      ...(search.failed && { failed: true }),
    },
    { pollMs: POLL_MS },
  );
  const chosen = entries.data?.entries.find((entry) => keyOf(entry) === search.entry);
  return (
    <>
      <Filters>
        <FilterField
          label="Filter the audit log"
          placeholder="User, identity, operation, node, transaction"
          value={search.q ?? ''}
          onChange={(q) => change({ q: q || undefined })}
        />
        <SegmentedControl
          label="Since"
          items={auditRanges.map((id) => ({ id, title: titles[id] }))}
          selected={range}
          onSelect={(id) => change({ range: id === 'all' ? undefined : id })}
        />
        <FilterChip
          isSelected={search.failed ?? false}
          onChange={(failed) => change({ failed: failed || undefined })}
        >
          Only failed
        </FilterChip>
        {entries.data?.problem && (
          <Badge tone="warn">Entries could not be written: {entries.data.problem}</Badge>
        )}
      </Filters>
      <div className={chosen ? 'body audit with-panel' : 'body audit'}>
        <section className="panel" aria-label="Audit log">
          <Resource of={entries} what="Reading the audit log" lines={8}>
            {({ entries: shown }) =>
              shown.length === 0 ? (
                <Empty
                  title={search.q || search.failed || range !== 'all' ? 'No such entry' : 'No entry yet'}
                >
                  Every command that changes something stands here: who, as whom, what, and how it ended.
                </Empty>
              ) : (
                <>
                  <Table
                    label="Audit log"
                    columns={columns}
                    rows={shown}
                    rowKey={keyOf}
                    selected={search.entry}
                    onOpen={(entry) => change({ entry: keyOf(entry) })}
                    virtual={shown.length > 60}
                  />
                  <footer>
                    {plural(shown.length, 'entry', 'entries')}
                    {shown.length === limit && limit < MOST && (
                      <Button small onPress={() => setLimit(limit + STEP)}>
                        Show older ones
                      </Button>
                    )}
                    <span className="right quiet">Queries change nothing and are not recorded.</span>
                  </footer>
                </>
              )
            }
          </Resource>
        </section>
        {chosen && <EntryPanel entry={chosen} onClose={() => change({ entry: undefined })} />}
      </div>
    </>
  );
}

/** The beginning of the range, fixed when it was chosen, so that asking again asks the same. */
function useSince(range: Range): string | undefined {
  const [chosen, setChosen] = useState({ range, at: Date.now() });
  if (chosen.range !== range) setChosen({ range, at: Date.now() });
  const span = hours[range];
  return span === undefined ? undefined : new Date(chosen.at - span * 3_600_000).toISOString();
}

const keyOf = ({ at, operation, task, outcome }: AuditEntry): string =>
  [at, operation, task, outcome].filter(Boolean).join(' ');

const columns: Column<AuditEntry>[] = [
  {
    id: 'at',
    title: 'At',
    width: '170px',
    cell: ({ at }) => <Moment at={at} dated />,
  },
  {
    id: 'user',
    title: 'Who',
    cell: ({ user, role }) => (
      <>
        {user} <span className="quiet">{role}</span>
      </>
    ),
  },
  {
    id: 'identity',
    title: 'As',
    className: 'not-beside',
    cell: ({ identity }) => <span className="soft">{identity}</span>,
  },
  { id: 'operation', title: 'Operation', cell: ({ operation }) => <span className="mono">{operation}</span> },
  {
    id: 'request',
    title: 'About',
    className: 'cut',
    cell: ({ request }) => <span className="soft">{inShort(request)}</span>,
  },
  { id: 'outcome', title: 'Outcome', cell: ({ outcome }) => <Outcome outcome={outcome} /> },
  {
    id: 'took',
    title: 'Took',
    numeric: true,
    className: 'not-beside',
    cell: ({ durationMs }) => formatDuration(durationMs),
  },
];

function Outcome({ outcome }: { outcome: string }) {
  if (outcome === 'OK') return <StateMark tone="ok" word="done" />;
  if (outcome === 'STARTED') return <StateMark tone="accent" word="started" />;
  return <StateMark tone="danger" word={outcome} />;
}

/** What the core writes in place of keys and transient data. */
const NOT_RECORDED = '(not recorded)';

/** The values of a request that are words, in its order. */
function inShort(request: unknown): string {
  if (typeof request !== 'object' || request === null) return '';
  return Object.entries(request)
    .filter(([name, value]) => name !== 'as' && value !== NOT_RECORDED)
    .map(([name, value]) =>
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
        ? String(value)
        : Array.isArray(value)
          ? value.map(String).join(' ')
          : name,
    )
    .join(' · ');
}

function EntryPanel({ entry, onClose }: { entry: AuditEntry; onClose: () => void }) {
  useEscape(onClose);
  const request = JSON.stringify(entry.request, undefined, 2) ?? '';
  return (
    <aside className="panel audit-entry" aria-label="Entry of the audit log">
      <header>
        <h2>{entry.operation}</h2>
        <Outcome outcome={entry.outcome} />
        <span className="right">
          <IconButton label="Close" icon="x" onPress={onClose} />
        </span>
      </header>
      <div className="pad">
        <Facts
          items={[
            ['At', `${formatDate(entry.at)} ${formatTime(entry.at)}`],
            ['Who', `${entry.user}, ${entry.role}`],
            ['As', entry.identity ?? 'no identity: no transaction'],
            ['Took', formatDuration(entry.durationMs)],
            [
              'Transaction',
              entry.transactionId ? <CopyId id={entry.transactionId} what="transaction id" /> : 'none',
            ],
            ['Task', entry.task ? <CopyId id={entry.task} what="task" /> : 'none'],
          ]}
        />
        <h3 className="section-title">
          Request <CopyButton text={request} what="request" />
        </h3>
        <pre tabIndex={0} aria-label="Request">
          {request}
        </pre>
        <p className="quiet">Keys and transient data are never recorded.</p>
      </div>
    </aside>
  );
}
