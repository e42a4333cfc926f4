import { useRef, useState } from 'react';
import type { CSSProperties, KeyboardEvent, PointerEvent } from 'react';
import { isUnread, newestStep, stepAt } from './at-cursor';
import type { Chart, Span } from './chart-model';
import { useCursorStore, useCursorTime } from './cursor';
import { plotRoom } from './geometry';
import { legendWords } from './legend';
import { formatMoment, formatTick } from './ticks';

/** A pointer that moved less far meant to point, not to draw a range. */
const DRAG_PX = 8;
/** Somebody who has not moved the pointer for so long is not looking any more. */
const LOOKING_MS = 8_000;
const PAGE_STEPS = 10;

const insets: CSSProperties = { ...plotRoom };

/**
 * What lies over a drawing: times nobody read, the shared cursor with a mark on each line, and the range being drawn.
 * To the keyboard it is a slider over time: arrows move the cursor, Home and End go to the ends, Esc takes it away.
 */
export function Overlay({
  chart,
  colors,
  max,
  onRange,
}: {
  chart: Chart;
  colors: readonly string[];
  /** Top of the value axis. */
  max: number;
  /** A range was drawn with the pointer. */
  onRange?: ((range: Span) => void) | undefined;
}) {
  const store = useCursorStore();
  const cursor = useCursorTime(store);
  const box = useRef<HTMLDivElement>(null);
  const looking = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [drawn, setDrawn] = useState<{ start: number; end: number } | null>(null);
  const { times, series, gaps } = chart;
  const step = cursor === null ? null : stepAt(chart, cursor);
  const present = step ?? newestStep(chart);
  const left = (at: number) => `${((at - times.from) / Math.max(1, times.to - times.from)) * 100}%`;

  const timeUnder = (event: PointerEvent): number => {
    const bounds = box.current?.getBoundingClientRect();
    if (!bounds || bounds.width === 0) return times.from;
    const share = Math.min(1, Math.max(0, (event.clientX - bounds.left) / bounds.width));
    return times.from + share * (times.to - times.from);
  };
  const moveTo = (index: number) => {
    const at = times.at[Math.min(times.at.length - 1, Math.max(0, index))];
    if (at !== undefined) store.set(at);
  };
  const look = () => {
    store.setBusy(true);
    clearTimeout(looking.current);
    looking.current = setTimeout(() => store.setBusy(false), LOOKING_MS);
  };
  const onPointerMove = (event: PointerEvent) => {
    look();
    const at = timeUnder(event);
    const under = stepAt(chart, at);
    if (under !== null) moveTo(under);
    if (drawn) setDrawn({ start: drawn.start, end: event.clientX });
  };
  const onPointerUp = (event: PointerEvent) => {
    const from = drawn?.start;
    setDrawn(null);
    const bounds = box.current?.getBoundingClientRect();
    if (from === undefined || !bounds || !onRange || Math.abs(event.clientX - from) < DRAG_PX) return;
    const scale = (times.to - times.from) / bounds.width;
    const ends = [from, event.clientX]
      .map((x) => times.from + (x - bounds.left) * scale)
      .sort((a, b) => a - b);
    const [start, end] = ends.map((at) => Math.min(times.to, Math.max(times.from, at)));
    if (start !== undefined && end !== undefined && end - start >= 2 * times.stepMs)
      onRange({ from: start, to: end });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const targets: Record<string, number> = {
      ArrowLeft: present - (step === null ? 0 : 1),
      ArrowRight: present + 1,
      ArrowDown: present - 1,
      ArrowUp: present + 1,
      PageDown: present - PAGE_STEPS,
      PageUp: present + PAGE_STEPS,
      Home: 0,
      End: times.at.length - 1,
    };
    const target = targets[event.key];
    if (target !== undefined) moveTo(target);
    else if (event.key === 'Escape' && cursor !== null) store.set(null);
    else return;
    event.preventDefault();
  };
  const at = times.at[present] ?? times.to;
  const cancelDrawing = () => {
    setDrawn(null);
    clearTimeout(looking.current);
    store.setBusy(false);
  };

  return (
    <div
      ref={box}
      className="chart-over"
      style={insets}
      role="slider"
      tabIndex={0}
      aria-label={`Time in ${chart.title}`}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, times.at.length - 1)}
      aria-valuenow={present}
      aria-valuetext={`${formatMoment(at)}: ${legendWords(chart, present, isUnread(chart, at))}`}
      onKeyDown={onKeyDown}
      onPointerMove={onPointerMove}
      onPointerDown={(event) => {
        if (event.button !== 0 || !onRange) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrawn({ start: event.clientX, end: event.clientX });
      }}
      onPointerUp={onPointerUp}
      onPointerCancel={cancelDrawing}
      onPointerLeave={() => !drawn && cancelDrawing()}
    >
      {gaps.map((gap) => (
        <Gap key={gap.from} gap={gap} times={times} />
      ))}
      {chart.limit && (
        <span
          className="chart-note limit"
          style={{ top: `${(1 - Math.min(1, chart.limit.value / max)) * 100}%` }}
        >
          {chart.limit.label}
        </span>
      )}
      {step !== null && (
        <>
          <i className="chart-cursor" style={{ left: left(at) }} />
          {chart.shape !== 'bars' &&
            series.map(({ id, values }, position) => {
              const value = values[step] ?? null;
              if (value === null) return null;
              const top = `${(1 - Math.min(1, value / max)) * 100}%`;
              return (
                <i
                  key={id}
                  className="chart-mark"
                  style={{ left: left(at), top, background: colors[position] }}
                />
              );
            })}
        </>
      )}
      {drawn && <DrawnRange box={box.current} {...drawn} />}
    </div>
  );
}

/** Shares of the width that hold the words. */
const ROOM_FOR_WORDS = 0.18;
const ROOM_FOR_SENTENCE = 0.5;

/** Nobody read then. Before the first reading there was perhaps nothing to read: that is said, not hatched. */
function Gap({ gap: { from, to }, times }: { gap: Span; times: Span }) {
  const all = Math.max(1, times.to - times.from);
  const share = (to - from) / all;
  const isBefore = from <= times.from && share > ROOM_FOR_SENTENCE;
  return (
    <span
      className={isBefore ? 'chart-gap before' : 'chart-gap'}
      style={{ left: `${((from - times.from) / all) * 100}%`, width: `${share * 100}%` }}
    >
      {share > ROOM_FOR_WORDS && (
        <span className="chart-note">
          {isBefore ? `nothing read before ${formatTick(Math.floor(to / 60_000) * 60_000)}` : 'no scrape'}
        </span>
      )}
    </span>
  );
}

function DrawnRange({ box, start, end }: { box: HTMLElement | null; start: number; end: number }) {
  const bounds = box?.getBoundingClientRect();
  if (!bounds || Math.abs(end - start) < DRAG_PX) return null;
  const from = Math.max(0, Math.min(start, end) - bounds.left);
  const to = Math.min(bounds.width, Math.max(start, end) - bounds.left);
  return <i className="chart-drawn" style={{ left: from, width: to - from }} />;
}
