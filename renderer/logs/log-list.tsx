import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, MouseEvent } from 'react';
import { flatLayout, ROW_HEIGHT, wrappedLayout } from './line-layout';
import type { LineLayout } from './line-layout';
import type { LogLine } from './log-line';
import { LogRow } from './log-row';
import type { RowLook } from './log-row';

/** Rows drawn beyond what is in sight, so that a fast scroll meets none that is missing. */
const OVERSCAN = 15;
/** Nearer than this to the end is at the end. */
const END_PX = 4;
/** Nearer than this to the beginning asks for older lines. */
const NEAR_START_PX = 400;

export interface LineSelection {
  readonly from: LogLine;
  readonly to: LogLine;
}

export interface LogListProps extends Omit<RowLook, 'isCompact'> {
  readonly label: string;
  readonly lines: readonly LogLine[];
  /** Changes with the lines: they may be the same array. */
  readonly version: number | string;
  readonly isWrapped: boolean;
  readonly isFollowing: boolean;
  readonly selection: LineSelection | undefined;
  readonly onSelect: (selection: LineSelection | undefined) => void;
  /** The line to bring into sight; a new object asks again. */
  readonly goTo: { readonly line: LogLine } | undefined;
  readonly onLeaveEnd: () => void;
  readonly onReachEnd: () => void;
  readonly onNearStart: () => void;
  readonly onCopy: () => void;
}

/**
 * Lines in a box that scrolls, of which only those in sight exist. While it follows it stays at the end; otherwise the
 * line at its top stays where it is, whatever is added above or below.
 */
export function LogList(props: LogListProps) {
  const { lines, version, isWrapped, isFollowing, selection, goTo } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const probe = useRef<HTMLSpanElement>(null);
  const message = useRef<HTMLSpanElement>(null);
  const [box, setBox] = useState({ width: 0, height: 0, columns: 80 });
  const [top, setTop] = useState(0);
  const anchor = useRef<{ line: LogLine; offset: number } | undefined>(undefined);
  const last = useRef({ top: 0 });
  const isCompact = box.width < COMPACT_PX;
  const layout = useMemo(
    () => (isWrapped ? wrappedLayout(lines, box.columns, isCompact) : flatLayout(lines.length)),
    // `version` stands for what is in the array.
    [lines, version, isWrapped, box.columns, isCompact],
  );

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const measure = () => {
      const character = (probe.current?.getBoundingClientRect().width ?? 0) / PROBE.length;
      const width = message.current?.getBoundingClientRect().width ?? 0;
      const columns = character > 0 && width > 0 ? Math.floor(width / character) : 80;
      setBox({ width: element.clientWidth, height: element.clientHeight, columns: Math.max(10, columns) });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    // Its font may come after the first paint.
    if (probe.current) observer.observe(probe.current);
    return () => observer.disconnect();
  }, [isCompact, props.showsNode]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const held = anchor.current;
    if (isFollowing) element.scrollTop = layout.total;
    else if (held) {
      const index = indexNear(lines, held.line);
      if (index >= 0) element.scrollTop = layout.topOf(index) - held.offset;
    }
    last.current = { top: element.scrollTop };
    setTop(element.scrollTop);
  }, [layout, lines, isFollowing, box.height]);

  /** Takes a place for the reader's own: what is at its top stays there. */
  const settle = (position: number) => {
    const index = layout.indexAt(position);
    const line = lines[index];
    if (line) anchor.current = { line, offset: layout.topOf(index) - position };
    last.current = { top: position };
    setTop(position);
  };

  useEffect(() => {
    const element = scroller.current;
    const index = goTo ? lines.indexOf(goTo.line) : -1;
    if (!element || index < 0) return;
    const above = layout.topOf(index);
    const isInSight =
      above >= element.scrollTop && above + ROW_HEIGHT <= element.scrollTop + element.clientHeight;
    if (!isInSight) element.scrollTop = above - element.clientHeight / 3;
    settle(element.scrollTop);
    // Once for each request: afterwards the reader may scroll away.
  }, [goTo]);

  const onScroll = () => {
    const element = scroller.current;
    if (!element) return;
    const before = last.current;
    const position = element.scrollTop;
    const atEnd = position + element.clientHeight >= element.scrollHeight - END_PX;
    settle(position);
    // Where it was put by itself, nobody went there.
    if (position === before.top) return;
    if (position < before.top && !atEnd && isFollowing) props.onLeaveEnd();
    if (position > before.top && atEnd && !isFollowing) props.onReachEnd();
    if (position < before.top && position < NEAR_START_PX) props.onNearStart();
  };

  const first = Math.max(0, layout.indexAt(top) - OVERSCAN);
  const end = Math.min(lines.length, layout.indexAt(top + box.height) + 1 + OVERSCAN);
  const range = rangeOf(lines, selection);
  const active = range?.active ?? -1;

  useLayoutEffect(() => {
    if (active < 0) return;
    settle(reveal(scroller.current, layout, active));
    // Its detail opens below and takes room: the line itself stays in sight.
  }, [box.height]);

  const select = (index: number, extends_: boolean) => {
    const line = lines[index];
    if (!line) return;
    props.onSelect({ from: extends_ && selection ? selection.from : line, to: line });
    settle(reveal(scroller.current, layout, index));
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(box.height / ROW_HEIGHT) - 1);
    const now = active >= 0 ? active : layout.indexAt(top);
    const targets: Record<string, number> = {
      ArrowDown: active < 0 ? now : now + 1,
      ArrowUp: active < 0 ? now : now - 1,
      PageDown: now + page,
      PageUp: now - page,
      Home: 0,
      End: lines.length - 1,
    };
    const target = targets[event.key];
    if (target !== undefined) {
      event.preventDefault();
      select(Math.max(0, Math.min(lines.length - 1, target)), event.shiftKey);
    } else if (event.key === 'Escape' && selection) {
      event.preventDefault();
      props.onSelect(undefined);
    } else if ((event.ctrlKey || event.metaKey) && event.key === 'c' && hasNoText()) {
      event.preventDefault();
      props.onCopy();
    }
  };

  const onClick = (event: MouseEvent) => {
    if (!(event.target instanceof Element) || event.target.closest('a') || !hasNoText()) return;
    const row = event.target.closest('[aria-rowindex]');
    const index = Number(row?.getAttribute('aria-rowindex') ?? 0) - 1;
    if (index < 0) return;
    const line = lines[index];
    const isAgain = !event.shiftKey && selection?.from === line && selection?.to === line;
    if (isAgain) props.onSelect(undefined);
    else select(index, event.shiftKey);
  };

  return (
    <div
      ref={scroller}
      className={`log-list ${isWrapped ? 'wrapped' : ''} ${isCompact ? 'compact' : ''} ${props.showsNode ? 'with-node' : ''}`}
      role="grid"
      aria-label={props.label}
      aria-rowcount={lines.length}
      aria-multiselectable="true"
      aria-activedescendant={active >= first && active < end ? `${id}-${String(active)}` : undefined}
      tabIndex={0}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
      onClick={onClick}
    >
      <div className="log-space" role="presentation" style={{ height: layout.total }}>
        <div
          className="log-rows"
          role="rowgroup"
          style={{ transform: `translateY(${String(layout.topOf(first))}px)` }}
        >
          {lines.slice(first, end).map((line, offset) => {
            const index = first + offset;
            return (
              <LogRow
                key={index}
                id={`${id}-${String(index)}`}
                line={line}
                index={index}
                height={isWrapped ? layout.heightOf(index) : ROW_HEIGHT}
                isSelected={range !== undefined && index >= range.first && index <= range.last}
                isActive={index === active}
                find={props.find}
                current={props.current}
                origin={props.origin}
                showsNode={props.showsNode}
                isCompact={isCompact}
              />
            );
          })}
        </div>
      </div>
      <div className="log-row log-measure" aria-hidden="true">
        <span className="at" />
        <span className="lv" />
        {props.showsNode && <span className="nd" />}
        {!isCompact && <span className="lg" />}
        <span className="ms" ref={message}>
          <span ref={probe}>{PROBE}</span>
        </span>
      </div>
    </div>
  );
}

/** Narrower than this the logger stands in the message. */
const COMPACT_PX = 760;
const PROBE = '0'.repeat(100);

const hasNoText = (): boolean => (window.getSelection()?.toString() ?? '') === '';

/** Scrolls as little as brings a row into sight; answers where it stands then. */
function reveal(element: HTMLElement | null, layout: LineLayout, index: number): number {
  if (!element) return 0;
  const above = layout.topOf(index);
  const below = above + layout.heightOf(index);
  if (above < element.scrollTop) element.scrollTop = above;
  else if (below > element.scrollTop + element.clientHeight) element.scrollTop = below - element.clientHeight;
  return element.scrollTop;
}

/** Where a line stands, or the one that stands where it stood: by time. */
function indexNear(lines: readonly LogLine[], line: LogLine): number {
  const index = lines.indexOf(line);
  if (index >= 0 || lines.length === 0) return index;
  const next = lines.findIndex(({ time }) => time >= line.time);
  return next < 0 ? lines.length - 1 : next;
}

function rangeOf(
  lines: readonly LogLine[],
  selection: LineSelection | undefined,
): { first: number; last: number; active: number } | undefined {
  if (!selection) return undefined;
  const from = lines.indexOf(selection.from);
  const to = lines.indexOf(selection.to);
  if (from < 0 || to < 0) return undefined;
  return { first: Math.min(from, to), last: Math.max(from, to), active: to };
}

/** The selected lines, or none. */
export function selectedLines(
  lines: readonly LogLine[],
  selection: LineSelection | undefined,
): readonly LogLine[] {
  const range = rangeOf(lines, selection);
  return range ? lines.slice(range.first, range.last + 1) : [];
}
