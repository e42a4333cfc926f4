import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { Icon } from './icon';
import { useOverflows } from './overflow';

export interface Column<Row> {
  readonly id: string;
  readonly title: ReactNode;
  /** For a column whose title is a sign or empty. */
  readonly label?: string;
  readonly cell: (row: Row) => ReactNode;
  /** Numbers stand right. */
  readonly numeric?: boolean;
  /** Makes the column sortable, by this value. */
  readonly sortBy?: (row: Row) => string | number | bigint;
  readonly width?: string;
  readonly className?: string;
}

export interface Sort {
  readonly column: string;
  readonly descending: boolean;
}

export interface TableProps<Row> {
  /** Read out as the table's name. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** Enter or a click on a row. */
  readonly onOpen?: (row: Row) => void;
  readonly selected?: string | undefined;
  readonly sort?: Sort | undefined;
  readonly onSort?: (sort: Sort) => void;
  /** Draws only what is in sight: for lists of hundreds. The table then scrolls in itself. */
  readonly virtual?: boolean;
  readonly rowHeight?: number;
}

/**
 * A real table. Rows that can be opened are one stop of the Tab key: arrows, Home, End and Page keys move between them,
 * Enter opens.
 */
export function Table<Row>(props: TableProps<Row>) {
  const { label, columns, rows, rowKey, sort, onSort, virtual = false, rowHeight = 32 } = props;
  const scroller = useRef<HTMLDivElement>(null);
  // Rows that open can be reached by keys; without them the table itself has to be, where it scrolls.
  const scrollsByKey = useOverflows(scroller) && props.onOpen === undefined;
  const sorted = sortRows(rows, columns, sort);
  const virtualizer = useVirtualizer({
    count: virtual ? sorted.length : 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const [active, setActive] = useState<string | undefined>(undefined);
  const selectedIndex = sorted.findIndex((row) => rowKey(row) === (active ?? props.selected));
  const tabStop = Math.max(0, selectedIndex);

  const focusRow = (index: number) => {
    const target = Math.min(sorted.length - 1, Math.max(0, index));
    const row = sorted[target];
    if (row === undefined) return;
    setActive(rowKey(row));
    if (virtual) virtualizer.scrollToIndex(target);
    const focus = () =>
      scroller.current?.querySelector<HTMLElement>(`tr[data-index="${String(target)}"]`)?.focus();
    if (virtual) requestAnimationFrame(focus);
    else focus();
  };

  const items = virtual
    ? virtualizer.getVirtualItems().map(({ index }) => index)
    : sorted.map((_, index) => index);
  const before = virtual ? (virtualizer.getVirtualItems()[0]?.start ?? 0) : 0;
  const after = virtual ? virtualizer.getTotalSize() - (virtualizer.getVirtualItems().at(-1)?.end ?? 0) : 0;

  return (
    <div
      ref={scroller}
      className={virtual ? 'table-scroll virtual' : 'table-scroll'}
      {...(scrollsByKey && { tabIndex: 0, role: 'group', 'aria-label': label })}
    >
      <table aria-label={label} aria-rowcount={virtual ? sorted.length + 1 : undefined}>
        <colgroup>
          {columns.map(({ id, width }) => (
            <col key={id} style={width === undefined ? undefined : { width }} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {columns.map((column) => (
              <HeadCell key={column.id} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 && <Gap height={before} columns={columns.length} />}
          {items.map((index) => {
            const row = sorted[index];
            if (row === undefined) return null;
            return (
              <BodyRow
                key={rowKey(row)}
                table={props}
                row={row}
                index={index}
                tabStop={index === tabStop}
                onMove={focusRow}
                last={sorted.length - 1}
                onFocus={() => setActive(rowKey(row))}
              />
            );
          })}
          {after > 0 && <Gap height={after} columns={columns.length} />}
        </tbody>
      </table>
    </div>
  );
}

function Gap({ height, columns }: { height: number; columns: number }) {
  return (
    <tr aria-hidden="true" className="gap">
      <td colSpan={columns} style={{ height }} />
    </tr>
  );
}

function cellClass<Row>({ numeric, className }: Column<Row>): string | undefined {
  return [numeric && 'num', className].filter(Boolean).join(' ') || undefined;
}

function HeadCell<Row>({
  column,
  sort,
  onSort,
}: {
  column: Column<Row>;
  sort: Sort | undefined;
  onSort: ((sort: Sort) => void) | undefined;
}) {
  const sortable = column.sortBy !== undefined && onSort !== undefined;
  const current = sort?.column === column.id ? sort : undefined;
  const direction = current && (current.descending ? 'descending' : 'ascending');
  return (
    <th
      scope="col"
      className={cellClass(column)}
      aria-sort={sortable ? (direction ?? 'none') : undefined}
      aria-label={column.title === '' ? undefined : column.label}
    >
      {sortable ? (
        <button
          type="button"
          className={`sort ${direction ?? ''}`}
          onClick={() =>
            onSort({ column: column.id, descending: current !== undefined && !current.descending })
          }
        >
          {column.title}
          <Icon name="chev" />
        </button>
      ) : column.title === '' ? (
        <span className="sr">{column.label}</span>
      ) : (
        column.title
      )}
    </th>
  );
}

const PAGE = 10;

function BodyRow<Row>({
  table: { columns, rowKey, onOpen, selected, virtual },
  row,
  index,
  last,
  tabStop,
  onMove,
  onFocus,
}: {
  table: TableProps<Row>;
  row: Row;
  index: number;
  last: number;
  tabStop: boolean;
  onMove: (index: number) => void;
  onFocus: () => void;
}) {
  const opens = onOpen !== undefined;
  const onKeyDown = (event: KeyboardEvent<HTMLTableRowElement>) => {
    // Keys pressed inside a row's own button belong to that button.
    if (event.target !== event.currentTarget) return;
    const targets: Record<string, number> = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      PageDown: index + PAGE,
      PageUp: index - PAGE,
      Home: 0,
      End: last,
    };
    const target = targets[event.key];
    if (target !== undefined) {
      event.preventDefault();
      onMove(target);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      onOpen?.(row);
    }
  };
  return (
    <tr
      data-index={index}
      aria-rowindex={virtual ? index + 2 : undefined}
      aria-selected={selected === undefined ? undefined : selected === rowKey(row)}
      className={opens ? 'opens' : undefined}
      tabIndex={opens ? (tabStop ? 0 : -1) : undefined}
      onKeyDown={opens ? onKeyDown : undefined}
      onFocus={opens ? onFocus : undefined}
      onClick={opens ? (event) => isPlainClick(event.target) && onOpen(row) : undefined}
    >
      {columns.map((column) => (
        <td key={column.id} className={cellClass(column)}>
          {column.cell(row)}
        </td>
      ))}
    </tr>
  );
}

/** A click that selects text, or that meets a button or link inside the row, does not open the row. */
function isPlainClick(target: EventTarget): boolean {
  if (target instanceof Element && target.closest('a, button, input')) return false;
  return (window.getSelection()?.toString() ?? '') === '';
}

export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sort: Sort | undefined,
): readonly Row[] {
  const sortBy = columns.find((column) => column.id === sort?.column)?.sortBy;
  if (!sort || !sortBy) return rows;
  const sign = sort.descending ? -1 : 1;
  return rows.toSorted((a, b) => sign * compare(sortBy(a), sortBy(b)));
}

function compare(a: string | number | bigint, b: string | number | bigint): number {
  if (typeof a === 'string' || typeof b === 'string') {
    return String(a).localeCompare(String(b), 'en', { numeric: true });
  }
  return a < b ? -1 : a > b ? 1 : 0;
}
