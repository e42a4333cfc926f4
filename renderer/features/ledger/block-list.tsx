import { useNavigate, Link } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useOperations } from '../../client/use-operation';
import type { BlockSummary } from '../../../electron/api/models';
import { formatNumber, shortId } from '../../ui/format';
import { ProblemView } from '../../ui/problem-view';
import { Moment } from '../../ui/time';
import { BlockVerdict } from './block-verdict';
import { whatItDid } from './ledger-words';

/** Blocks asked for at once. */
const PAGE = 50;
const ROW_PX = 32;
const OVERSCAN = 10;

/**
 * All blocks of a channel, newest first, of which only those in sight are asked for and drawn.
 *
 * @param height of the list: it grows when the reader wants it to
 */
export function BlockList({ channel, height }: { channel: string; height: number }) {
  const navigate = useNavigate();
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const virtualizer = useVirtualizer({
    count: height,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
  });
  const items = virtualizer.getVirtualItems();
  const numberAt = (index: number) => height - 1 - index;
  const pageOf = (number: number) => Math.floor(number / PAGE);
  const pages = [...new Set(items.map(({ index }) => pageOf(numberAt(index))))];
  const answers = useOperations(
    'ledger.blocks',
    pages.map((page) => ({
      channel,
      from: String(page * PAGE),
      to: String(Math.min(height, (page + 1) * PAGE) - 1),
    })),
    { replacesWhole: true },
  );
  const failed = answers.find(({ error, data }) => error !== null && data === undefined);
  const blockOf = (number: number): BlockSummary | undefined =>
    answers[pages.indexOf(pageOf(number))]?.data?.[number % PAGE];
  const open = (number: number) =>
    void navigate({
      to: '/ledger/$channel/blocks/$block',
      params: { channel, block: String(number) },
      search: { channel },
    });
  const focusRow = (index: number) => {
    const target = Math.min(height - 1, Math.max(0, index));
    setActive(target);
    virtualizer.scrollToIndex(target);
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`tr[data-index="${String(target)}"]`)?.focus(),
    );
  };
  const onKeyDown = (event: KeyboardEvent, index: number) => {
    if (event.target !== event.currentTarget) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW_PX) - 2);
    const targets: Record<string, number> = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      PageDown: index + page,
      PageUp: index - page,
      Home: 0,
      End: height - 1,
    };
    const target = targets[event.key];
    if (target !== undefined) {
      event.preventDefault();
      focusRow(target);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      open(numberAt(index));
    }
  };
  const before = items[0]?.start ?? 0;
  const after = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0);
  // One of the rows in sight takes the Tab key, also after the one that had it was scrolled away.
  const tabStop = items.some(({ index }) => index === active) ? active : (items[0]?.index ?? 0);
  return (
    <>
      {failed?.error && (
        <div className="pad">
          <ProblemView
            problem={failed.error.problem}
            onRetry={() => void failed.refetch()}
            isRetrying={failed.isFetching}
          />
        </div>
      )}
      <div ref={scroller} className="table-scroll virtual">
        <table aria-label={`Blocks of ${channel}`} aria-rowcount={height + 1} className="lg-blocks">
          <thead>
            <tr>
              <th scope="col" className="num">
                Block
              </th>
              <th scope="col">Header hash</th>
              <th scope="col" className="num">
                Transactions
              </th>
              <th scope="col">What</th>
              <th scope="col">Validation</th>
              <th scope="col" className="num">
                Claimed by clients
              </th>
            </tr>
          </thead>
          <tbody>
            {before > 0 && <Gap height={before} />}
            {items.map(({ index }) => {
              const number = numberAt(index);
              return (
                <tr
                  key={number}
                  data-index={index}
                  aria-rowindex={index + 2}
                  className="opens"
                  tabIndex={index === tabStop ? 0 : -1}
                  onFocus={() => setActive(index)}
                  onKeyDown={(event) => onKeyDown(event, index)}
                  onClick={(event) => {
                    if (event.target instanceof Element && event.target.closest('a')) return;
                    if ((window.getSelection()?.toString() ?? '') === '') open(number);
                  }}
                >
                  <td className="num">
                    <Link
                      className="strong"
                      tabIndex={-1}
                      to="/ledger/$channel/blocks/$block"
                      params={{ channel, block: String(number) }}
                      search={{ channel }}
                    >
                      {formatNumber(number)}
                    </Link>
                  </td>
                  <Row block={blockOf(number)} />
                </tr>
              );
            })}
            {after > 0 && <Gap height={after} />}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Gap({ height }: { height: number }) {
  return (
    <tr aria-hidden="true" className="gap">
      <td colSpan={6} style={{ height }} />
    </tr>
  );
}

function Row({ block }: { block: BlockSummary | undefined }) {
  if (!block) {
    return (
      <td colSpan={5}>
        <span className="skeleton lg-row-skeleton">
          <i />
        </span>
      </td>
    );
  }
  const names = [...new Set(block.transactions.map(whatItDid))];
  const claimed = block.transactions
    .flatMap(({ claimedTime }) => claimedTime ?? [])
    .toSorted()
    .at(-1);
  return (
    <>
      <td>
        <span className="id soft" title={block.headerHash}>
          {shortId(block.headerHash, 8, 6)}
        </span>
      </td>
      <td className="num">{formatNumber(block.transactions.length)}</td>
      <td className="lg-what" title={names.join(', ')}>
        {names.slice(0, 3).join(', ')}
        {names.length > 3 && <span className="quiet"> and {names.length - 3} more</span>}
      </td>
      <td>
        <BlockVerdict transactions={block.transactions} />
      </td>
      <td className="num quiet">{claimed !== undefined && <Moment at={claimed} dated />}</td>
    </>
  );
}
