import { useState } from 'react';
import type { NodeDetail } from '../../../electron/api/node-models';
import { CopyButton } from '../../ui/copy-id';
import { TextField } from '../../ui/fields';
import { Table } from '../../ui/table';
import type { Column, Sort } from '../../ui/table';
import { Empty } from '../../ui/waiting';

type Row = readonly [name: string, value: string];

const columns: readonly Column<Row>[] = [
  {
    id: 'name',
    title: 'Variable',
    cell: ([name]) => <span className="mono">{name}</span>,
    sortBy: ([name]) => name,
    width: '34%',
  },
  {
    id: 'value',
    title: 'Value',
    className: 'wraps',
    cell: ([, value]) => <span className="mono">{value || '(empty)'}</span>,
    sortBy: ([, value]) => value,
  },
  {
    id: 'copy',
    title: <span className="sr">Copy</span>,
    width: '52px',
    cell: ([name, value]) => <CopyButton text={`${name}=${value}`} what={name} />,
  },
];

/** What the process is started with. Secrets never leave the machine: they are left out by the core. */
export function EnvironmentTab({ detail }: { detail: NodeDetail }) {
  const [filter, setFilter] = useState('');
  const [sort, setSort] = useState<Sort>({ column: 'name', descending: false });
  const all = Object.entries(detail.environment);
  const wanted = filter.toLowerCase();
  const rows = all.filter((row) => row.join('=').toLowerCase().includes(wanted));
  return (
    <div className="environment">
      <div className="table-filter" data-filter>
        <TextField
          label="Filter variables"
          hideLabel
          inputType="search"
          placeholder="Part of a name or value"
          value={filter}
          onChange={setFilter}
        />
        <span className="quiet" role="status">
          {rows.length} of {all.length} variables, secrets left out
        </span>
        <span className="right copy-all">
          Copy all
          <CopyButton text={all.map((row) => row.join('=')).join('\n')} what="the whole environment" />
        </span>
      </div>
      {rows.length === 0 ? (
        <Empty
          title={all.length === 0 ? 'It is started with no variables of its own' : 'No variable matches'}
        />
      ) : (
        <Table
          label={`Environment of ${detail.name}`}
          columns={columns}
          rows={rows}
          rowKey={([name]) => name}
          sort={sort}
          onSort={setSort}
        />
      )}
    </div>
  );
}
