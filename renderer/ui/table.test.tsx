import { cleanup, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Table } from './table';
import type { Column, Sort } from './table';

interface Block {
  readonly number: string;
  readonly channel: string;
}

const rows: Block[] = [
  { number: '9', channel: 'b' },
  { number: '10', channel: 'a' },
  { number: '18446744073709551615', channel: 'c' },
];
const columns: Column<Block>[] = [
  {
    id: 'number',
    title: 'Block',
    numeric: true,
    cell: ({ number }) => number,
    sortBy: ({ number }) => BigInt(number),
  },
  { id: 'channel', title: 'Channel', cell: ({ channel }) => channel },
];

function Sortable({ onOpen }: { onOpen?: (row: Block) => void }) {
  const [sort, setSort] = useState<Sort | undefined>(undefined);
  return (
    <Table
      label="Blocks"
      columns={columns}
      rows={rows}
      rowKey={({ number }) => number}
      sort={sort}
      onSort={setSort}
      {...(onOpen && { onOpen })}
    />
  );
}

const bodyRows = () => screen.getAllByRole('row').slice(1);
const firstCells = () => bodyRows().map((row) => row.querySelector('td')?.textContent);

afterEach(cleanup);

describe('a table', () => {
  test('is one stop of the Tab key; arrows, Home and End move between rows and Enter opens', async () => {
    const user = userEvent.setup();
    const open = vi.fn();
    render(<Sortable onOpen={open} />);
    await user.tab();
    await user.tab();
    expect(document.activeElement).toBe(bodyRows()[0]);
    await user.keyboard('{ArrowDown}');
    expect(document.activeElement).toBe(bodyRows()[1]);
    await user.keyboard('{End}');
    expect(document.activeElement).toBe(bodyRows()[2]);
    await user.keyboard('{ArrowDown}{Home}{Enter}');
    expect(open).toHaveBeenCalledExactlyOnceWith(rows[0]);
    expect(bodyRows().filter((row) => row.tabIndex === 0)).toHaveLength(1);
  });

  test('sorts uint64 by value, says so, and turns round on the second press', async () => {
    const user = userEvent.setup();
    render(<Sortable />);
    const header = screen.getByRole('columnheader', { name: 'Block' });
    expect(header.getAttribute('aria-sort')).toBe('none');
    await user.click(screen.getByRole('button', { name: 'Block' }));
    expect(firstCells()).toEqual(['9', '10', '18446744073709551615']);
    expect(header.getAttribute('aria-sort')).toBe('ascending');
    await user.click(screen.getByRole('button', { name: 'Block' }));
    expect(firstCells()).toEqual(['18446744073709551615', '10', '9']);
    expect(header.getAttribute('aria-sort')).toBe('descending');
  });

  test('keeps the focused row focused when newer rows come before it', async () => {
    const user = userEvent.setup();
    const table = (shown: Block[]) => (
      <Table label="Blocks" columns={columns} rows={shown} rowKey={({ number }) => number} onOpen={vi.fn()} />
    );
    const { rerender } = render(table(rows));
    await user.tab();
    await user.keyboard('{ArrowDown}');
    rerender(table([{ number: '11', channel: 'z' }, ...rows]));
    expect(document.activeElement?.textContent).toContain('10');
    expect(document.activeElement).toHaveProperty('tabIndex', 0);
  });

  test('leaves keys and clicks of a button inside a row to the button', async () => {
    const user = userEvent.setup();
    const open = vi.fn();
    const press = vi.fn();
    render(
      <Table
        label="Blocks"
        columns={[{ id: 'x', title: 'X', cell: () => <button onClick={press}>inside</button> }]}
        rows={rows.slice(0, 1)}
        rowKey={({ number }) => number}
        onOpen={open}
      />,
    );
    await user.click(screen.getByRole('button', { name: 'inside' }));
    await user.keyboard('{Enter}');
    expect(press).toHaveBeenCalledTimes(2);
    expect(open).not.toHaveBeenCalled();
  });
});
