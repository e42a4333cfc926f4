import { Badge, StateMark } from '../../ui/badge';
import { CopyId } from '../../ui/copy-id';
import { formatDate, formatNumber, plural } from '../../ui/format';
import { OrgName } from '../../ui/organization';
import { Table } from '../../ui/table';
import type { Column, Sort } from '../../ui/table';
import { Age, useNow } from '../../ui/time';
import { expiryOf } from '../../network/expiry';
import { sourceWords } from './rows';
import type { IdentityRow } from './rows';

/** Days are told: seconds would only draw them again. */
const MINUTE_MS = 60_000;

export function IdentityTable({
  rows,
  selected,
  sort,
  onSort,
  onOpen,
}: {
  rows: readonly IdentityRow[];
  selected: string | undefined;
  sort: Sort;
  onSort: (sort: Sort) => void;
  onOpen: (identity: string) => void;
}) {
  return (
    <Table
      label="Identities"
      columns={columns}
      rows={rows}
      rowKey={({ identity }) => identity.id}
      selected={selected}
      onOpen={({ identity }) => onOpen(identity.id)}
      sort={sort}
      onSort={onSort}
      virtual={rows.length > 60}
    />
  );
}

const columns: Column<IdentityRow>[] = [
  {
    id: 'organization',
    title: 'Organization',
    sortBy: ({ identity }) => identity.organization,
    cell: ({ identity }) => <OrgName name={identity.organization} />,
  },
  {
    id: 'name',
    title: 'Name',
    sortBy: ({ identity }) => identity.name,
    cell: ({ identity, isActing }) => (
      <span className="identity-name">
        <span className="strong">{identity.name}</span>
        {isActing && (
          <Badge tone="accent" icon="identities">
            acting
          </Badge>
        )}
      </span>
    ),
  },
  {
    id: 'role',
    title: 'Role',
    sortBy: ({ identity }) => identity.role,
    cell: ({ identity }) => <span className="soft">{identity.role}</span>,
  },
  {
    id: 'attributes',
    title: 'Attributes',
    cell: ({ identity }) => <Attributes attributes={identity.attributes} />,
  },
  {
    id: 'expires',
    title: 'Expires',
    sortBy: ({ identity }) => identity.expires,
    cell: ({ identity }) => <Expires at={identity.expires} />,
  },
  {
    id: 'calls',
    title: 'Used here',
    className: 'not-beside',
    sortBy: ({ usage }) => usage?.calls ?? 0,
    cell: ({ usage }) =>
      usage ? (
        <span className="soft">
          {plural(usage.calls, 'call')}
          {usage.failed > 0 && `, ${formatNumber(usage.failed)} failed`}
          <span className="quiet only-wide">
            {' '}
            · last <Age since={usage.last} suffix=" ago" />
          </span>
        </span>
      ) : (
        <span className="quiet">no calls</span>
      ),
  },
  {
    id: 'channels',
    title: 'Channels',
    className: 'not-beside only-wide',
    cell: ({ identity }) => (
      <span className="soft">
        {identity.channels.map((name) => name.replace(/-channel$/, '')).join(', ') || 'none'}
      </span>
    ),
  },
  {
    id: 'source',
    title: 'From',
    className: 'not-beside',
    sortBy: ({ identity }) => identity.source,
    cell: ({ identity }) => <span className="soft">{sourceWords[identity.source]}</span>,
  },
  {
    id: 'fingerprint',
    title: 'Fingerprint',
    className: 'not-beside',
    cell: ({ identity }) => <CopyId id={identity.fingerprint} what="fingerprint" />,
  },
  {
    id: 'problem',
    title: 'Accepted',
    cell: ({ identity }) =>
      identity.problem === null ? (
        <StateMark tone="ok" word="yes" />
      ) : (
        <span title={identity.problem}>
          <StateMark tone="danger" word="no" />
        </span>
      ),
  },
];

export function Attributes({ attributes }: { attributes: Readonly<Record<string, string>> }) {
  const all = Object.entries(attributes);
  if (all.length === 0) return <span className="quiet">none</span>;
  return (
    <span className="attributes">
      {all.map(([name, value]) => (
        <code key={name}>
          {name}={value}
        </code>
      ))}
    </span>
  );
}

/** In words; the date on hover and in the panel. */
export function Expires({ at }: { at: string }) {
  const now = useNow(MINUTE_MS);
  const { tone, words, state } = expiryOf(at, now);
  return (
    <span title={formatDate(at)} className="soft">
      {state === 'later' ? words : <StateMark tone={tone} icon="clock" word={words} />}
    </span>
  );
}
