import { useState } from 'react';
import type { Settings } from '../../../electron/api/settings';
import type { StoreFault } from '../../../electron/api/store-models';
import type { Stored } from '../../../electron/api/support-models';
import { useOperation } from '../../client/use-operation';
import { useMay } from '../../client/use-role';
import { useChangeSettings, useSettings } from '../../network/settings';
import { useNetworkStatus } from '../../network/use-network';
import { StateMark } from '../../ui/badge';
import { CopyButton } from '../../ui/copy-id';
import { ConfirmDialog } from '../../ui/dialog';
import { Select } from '../../ui/fields';
import { formatBytes, formatNumber, plural } from '../../ui/format';
import { Panel } from '../../ui/panel';
import { ProblemView } from '../../ui/problem-view';
import { Resource } from '../../ui/resource';
import { Table } from '../../ui/table';
import type { Column } from '../../ui/table';
import { Moment } from '../../ui/time';

const STORAGE_POLL_MS = 15_000;

type Limit = 'metricsDays' | 'historyCalls' | 'auditMegabytes';

interface Row {
  readonly stored: Stored;
  readonly faults: readonly StoreFault[];
  readonly title: string;
  readonly holds: string;
  /** The setting that bounds it, or what does. */
  readonly bound:
    | { readonly setting: Limit }
    | { readonly words: string; /** What deletes it all the same. */ readonly command?: string };
}

const limits: Record<Limit, { choices: readonly number[]; words: (value: number) => string }> = {
  metricsDays: { choices: [1, 2, 3, 7, 14], words: (days) => plural(days, 'day') },
  historyCalls: {
    choices: [100, 500, 1_000, 5_000, 10_000],
    words: (calls) => `${formatNumber(calls)} calls`,
  },
  auditMegabytes: { choices: [1, 5, 25, 100, 200], words: (megabytes) => `${megabytes} MB` },
};

const about: Record<Stored['kind'], Omit<Row, 'stored' | 'faults'>> = {
  metrics: {
    title: 'Metrics',
    holds: 'a reading of every node each minute, the last hour each five seconds',
    bound: { setting: 'metricsDays' },
  },
  history: {
    title: 'Calls of contracts',
    holds: 'who called what with which outcome; never transient data',
    bound: { setting: 'historyCalls' },
  },
  audit: {
    title: 'Audit log',
    holds: 'every command: who, as whom, what, outcome',
    bound: { setting: 'auditMegabytes' },
  },
  logs: {
    title: 'Logs of nodes',
    holds: 'what nodes and contracts write',
    bound: { words: '30 MB a node, then the oldest go' },
  },
  ledgers: {
    title: 'Ledgers',
    holds: 'blocks and state',
    bound: { words: 'all', command: 'cityflow down --purge' },
  },
  wallet: {
    title: 'Wallet',
    holds: 'identities issued or imported here, keys encrypted',
    bound: { words: 'until removed' },
  },
  settings: {
    title: 'Settings',
    holds: 'what is chosen here, for every console of this home',
    bound: { words: 'always' },
  },
};
const order = ['metrics', 'history', 'audit', 'logs', 'ledgers', 'wallet', 'settings'] as const;

/** What is written to disk, how much of it there is, and what bounds it. */
export function Kept() {
  const settings = useSettings();
  const storage = useOperation('storage.usage', {}, { pollMs: STORAGE_POLL_MS });
  const faults = useNetworkStatus().data?.storeFaults ?? [];
  const change = useChangeSettings();
  const [asked, setAsked] = useState<{ limit: Limit; value: number } | undefined>();
  const set = (limit: Limit, value: number) => {
    if (settings.data && value < settings.data[limit]) setAsked({ limit, value });
    else change.mutate({ [limit]: value });
  };
  return (
    <div className="body settings kept">
      {change.error && !asked && <ProblemView problem={change.error.problem} />}
      <Panel title="On this machine" note="the oldest goes first">
        <Resource of={storage} what="Measuring what is stored" lines={6}>
          {(stored) => (
            <Table
              label="What is kept"
              columns={columnsFor(settings.data, set)}
              rows={order.flatMap((kind) => {
                const one = stored.find((candidate) => candidate.kind === kind);
                const own = faults.filter(({ store }) => store === kind);
                return one ? [{ stored: one, faults: own, ...about[kind] }] : [];
              })}
              rowKey={({ stored: { kind } }) => kind}
            />
          )}
        </Resource>
      </Panel>
      <p className="quiet settings-note">
        Metrics keep at least the days chosen and at most twice as many, one file after the other. A smaller
        bound deletes at once what is beyond it; of metrics within that time.
      </p>
      {asked && (
        <ConfirmDialog
          title={`Keep ${limits[asked.limit].words(asked.value)} only?`}
          action={`Keep ${limits[asked.limit].words(asked.value)}`}
          isOpen
          onClose={() => setAsked(undefined)}
          isPending={change.isPending}
          problem={change.error?.problem}
          onConfirm={() =>
            change.mutate({ [asked.limit]: asked.value }, { onSuccess: () => setAsked(undefined) })
          }
        >
          <p>What is older is deleted and cannot be brought back. Ledgers are not touched.</p>
        </ConfirmDialog>
      )}
    </div>
  );
}

function columnsFor(
  settings: Settings | undefined,
  onSet: (limit: Limit, value: number) => void,
): Column<Row>[] {
  return [
    {
      id: 'title',
      title: 'What',
      width: '150px',
      cell: ({ title }) => <span className="strong">{title}</span>,
    },
    {
      id: 'holds',
      title: 'Holds',
      cell: ({ holds, faults }) => (
        <>
          <span className="soft wraps">{holds}</span>
          {faults.map((fault) => (
            <Fault key={fault.kind + fault.file} fault={fault} />
          ))}
        </>
      ),
      className: 'wraps',
    },
    {
      id: 'bytes',
      title: 'Takes now',
      numeric: true,
      width: '90px',
      cell: ({ stored }) => formatBytes(stored.bytes),
    },
    {
      id: 'limit',
      title: 'Kept',
      width: '210px',
      className: 'wraps',
      cell: ({ bound, title }) =>
        'setting' in bound ? (
          <LimitField limit={bound.setting} title={title} value={settings?.[bound.setting]} onSet={onSet} />
        ) : (
          <span className="soft">
            {bound.words}
            {bound.command !== undefined && (
              <>
                , until <code className="nowrap">{bound.command}</code>
              </>
            )}
          </span>
        ),
    },
    {
      id: 'path',
      title: 'Where',
      className: 'cut only-wide',
      cell: ({ stored }) => (
        <span className="copy-id">
          <span className="mono" title={stored.path}>
            {stored.path}
          </span>
          <CopyButton text={stored.path} what="path" />
        </span>
      ),
    },
  ];
}

function Fault({ fault: { kind, file, title, detail, hint, since } }: { fault: StoreFault }) {
  return (
    <div className="store-fault">
      <StateMark tone={kind === 'failing' ? 'danger' : 'warn'} word={title} />
      <p>
        {detail} {hint}
      </p>
      <p className="quiet">
        since <Moment at={since} /> <CopyButton text={file} what="path" />
      </p>
    </div>
  );
}

function LimitField({
  limit,
  title,
  value,
  onSet,
}: {
  limit: Limit;
  title: string;
  value: number | undefined;
  onSet: (limit: Limit, value: number) => void;
}) {
  const { may } = useMay('settings.set');
  const { choices, words } = limits[limit];
  const all =
    value === undefined || choices.includes(value) ? choices : [...choices, value].toSorted((a, b) => a - b);
  return (
    <Select
      label={`How much is kept of ${title.toLowerCase()}`}
      hideLabel
      isDisabled={!may || value === undefined}
      choices={all.map((choice) => ({ id: String(choice), text: words(choice) }))}
      selected={value === undefined ? null : String(value)}
      onSelect={(id) => onSet(limit, Number(id))}
    />
  );
}
