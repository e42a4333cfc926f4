import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import { Button, IconButton } from '../ui/button';
import { formatNumber, plural } from '../ui/format';
import { Icon } from '../ui/icon';
import { ProblemView } from '../ui/problem-view';
import { FilterChip } from '../ui/tabs';
import { useToast } from '../ui/toast';
import { Empty, Waiting } from '../ui/waiting';
import { findPattern, useFoundLines } from './find-lines';
import { LineDetail } from './line-detail';
import { waitingWords } from './log-buffer';
import { LogList, selectedLines } from './log-list';
import type { LineSelection } from './log-list';
import { levels, lineTime } from './log-line';
import type { Level, LogLine } from './log-line';
import type { LogSource, LogWindow } from './log-source';
import type { LogView } from './search';

/** Lines of one source with everything one does with them: follow, search, select, copy, look closer. */
export function LogPane({
  source,
  title,
  heading,
  view,
  showsNode = false,
  actions,
  nextRequest = 0,
}: {
  source: LogSource;
  /** Read out: what these are lines of. */
  title: string;
  heading?: ReactNode;
  view: LogView;
  showsNode?: boolean;
  /** What can be done with the log as a whole. */
  actions?: ReactNode;
  /** Counts up with each Enter in the search. */
  nextRequest?: number;
}) {
  const window = useSyncExternalStore(source.subscribe, source.snapshot);
  const [selection, setSelection] = useState<LineSelection | undefined>(undefined);
  const [goTo, setGoTo] = useState<{ line: LogLine } | undefined>(undefined);
  const levelled = useMemo(
    () => ofLevel(window.lines, view.level ?? 'debug'),
    // `version` stands for what is in the array.
    [window.lines, window.version, view.level],
  );
  const text = view.text ?? '';
  const found = useFoundLines(levelled, window.version, text);
  const find = useMemo(() => findPattern(text), [text]);
  const [current, setCurrent] = useState<LogLine | undefined>(undefined);
  const place = current ? found.lines.indexOf(current) : -1;
  const lines = view.only && text !== '' ? found.lines : levelled;
  const isFollowing = !window.isHeld && window.reachesEnd;
  const toast = useToast();

  const step = (by: number) => {
    const { length } = found.lines;
    if (length === 0) return;
    // At first the newest: the one nearest to where a log is read.
    const next = place < 0 ? length - 1 : (place + by + length) % length;
    const line = found.lines[next];
    if (!line) return;
    source.hold(true);
    setCurrent(line);
    setGoTo({ line });
  };
  useEffect(() => {
    if (nextRequest > 0) step(1);
    // Only a new request steps on.
  }, [nextRequest]);
  useMoment(window, view.at, (line) => {
    setSelection({ from: line, to: line });
    setGoTo({ line });
  });

  const select = (next: LineSelection | undefined) => {
    if (next) source.hold(true);
    setSelection(next);
  };
  const chosen = selectedLines(lines, selection);
  const copied = chosen.length > 0 ? chosen : lines;
  const copy = () => {
    const text = copied.map((line) => (showsNode ? `${line.node} ${line.text}` : line.text)).join('\n');
    navigator.clipboard.writeText(text).then(
      () => toast(`Copied ${plural(copied.length, 'line')}.`),
      () => toast('The browser refused to copy.'),
    );
  };
  const [only] = chosen;

  return (
    <section className="panel log-pane" aria-label={title}>
      <header className="log-head">
        {heading}
        {text !== '' && (
          <span className="log-matches">
            <span role="status">
              {found.isSearching
                ? 'Searching'
                : found.lines.length === 0
                  ? 'No match'
                  : place < 0
                    ? plural(found.lines.length, 'match', 'matches')
                    : `${formatNumber(place + 1)} of ${formatNumber(found.lines.length)}`}
            </span>
            <IconButton
              label="Previous match"
              icon="up"
              onPress={() => step(-1)}
              isDisabled={found.lines.length === 0}
            />
            <IconButton
              label="Next match"
              icon="down"
              onPress={() => step(1)}
              isDisabled={found.lines.length === 0}
            />
          </span>
        )}
        <span className="right log-actions">
          <FilterChip
            isSelected={isFollowing}
            onChange={(follow) => {
              if (follow) source.showNewest();
              else source.hold(true);
            }}
          >
            Follow
          </FilterChip>
          <IconButton
            label={chosen.length > 0 ? `Copy ${plural(chosen.length, 'line')}` : 'Copy all lines shown'}
            icon="copy"
            onPress={copy}
            isDisabled={copied.length === 0}
          />
          {actions}
        </span>
      </header>
      {window.problem && window.lines.length > 0 && <Lost window={window} onRetry={() => source.retry()} />}
      <Body window={window} source={source} lines={lines} view={view}>
        <LogList
          label={title}
          lines={lines}
          version={`${String(window.version)} ${String(found.lines.length)}`}
          isWrapped={view.wrap ?? false}
          isFollowing={isFollowing}
          selection={selection}
          onSelect={select}
          goTo={goTo}
          onLeaveEnd={() => source.hold(true)}
          onReachEnd={() => (window.reachesEnd || window.moreWait ? source.hold(false) : source.loadNewer())}
          onNearStart={() => source.loadOlder()}
          onCopy={copy}
          find={find}
          current={current}
          showsNode={showsNode}
        />
      </Body>
      <NewLines window={window} source={source} />
      {chosen.length === 1 && only && !only.isMark && (
        <LineDetail line={only} find={find} onClose={() => setSelection(undefined)} />
      )}
      <Footer window={window} shown={lines.length} source={source} />
    </section>
  );
}

function Body({
  window,
  source,
  lines,
  view,
  children,
}: {
  window: LogWindow;
  source: LogSource;
  lines: readonly LogLine[];
  view: LogView;
  children: ReactNode;
}) {
  if (window.lines.length === 0) {
    if (window.problem) {
      return (
        <div className="pad log-nothing">
          <ProblemView problem={window.problem} onRetry={() => source.retry()} />
        </div>
      );
    }
    if (window.state === 'loading') return <Waiting what="Reading the log" lines={8} />;
    return (
      <Empty title="No lines yet" command="cityflow up --detach">
        Nothing has been written here since the network was made. Lines appear as soon as the node starts.
      </Empty>
    );
  }
  if (lines.length === 0) {
    const held = plural(window.lines.length, 'line');
    return (
      <Empty
        title={view.only && view.text ? `None of ${held} matches` : `None of ${held} is of this level`}
        action={
          window.older === 'more' && (
            <Button small onPress={() => source.loadOlder()}>
              Read older lines
            </Button>
          )
        }
      />
    );
  }
  return children;
}

function Lost({ window, onRetry }: { window: LogWindow; onRetry: () => void }) {
  return (
    <div className="stale" role="status">
      <Icon name="clock" small />
      <span>{window.problem?.title} What was read stays; it goes on where it stopped.</span>
      <span className="right">
        <Button kind="quiet" small onPress={onRetry}>
          Try again
        </Button>
      </span>
    </div>
  );
}

function NewLines({ window, source }: { window: LogWindow; source: LogSource }) {
  if (window.lines.length === 0) return null;
  if (window.state === 'parked' && !window.moreWait) {
    return (
      <div className="new-rows below">
        <span>The log goes on after these lines.</span>
        <Button small kind="quiet" onPress={() => source.loadNewer()}>
          Read on
        </Button>
        <Button small kind="quiet" onPress={() => source.showNewest()}>
          Go to the newest
        </Button>
      </div>
    );
  }
  if (!window.isHeld || (window.waiting === 0 && !window.moreWait)) return null;
  return (
    <div className="new-rows below" role="status">
      <span>{waitingWords(window)}</span>
      <Button small kind="quiet" onPress={() => source.showNewest()}>
        Show
      </Button>
    </div>
  );
}

function Footer({ window, shown, source }: { window: LogWindow; shown: number; source: LogSource }) {
  const first = window.lines.find(({ time }) => !Number.isNaN(time));
  const held = window.lines.length;
  return (
    <footer className="log-foot">
      <span>
        {shown === held ? plural(held, 'line') : `${formatNumber(shown)} of ${plural(held, 'line')}`}
        {first && ` since ${lineTime(first.time).slice(0, 8)}`}
      </span>
      {window.older === 'none' ? (
        <span className="quiet">from the beginning of what is kept</span>
      ) : (
        <Button
          small
          kind="quiet"
          onPress={() => source.loadOlder()}
          isPending={window.older === 'loading'}
          isDisabled={held === 0}
        >
          Read older lines
        </Button>
      )}
      {window.dropped > 0 && (
        <span className="state warn">
          <Icon name="warn" />
          {plural(window.dropped, 'line')} left out: they came too fast. The download has them.
        </span>
      )}
    </footer>
  );
}

/** Brings the first line of a moment into sight, once for each moment. */
function useMoment(window: LogWindow, at: string | undefined, onFound: (line: LogLine) => void): void {
  const [done, setDone] = useState<string | undefined>(undefined);
  const isThere = window.lines.length > 0 && window.state !== 'loading';
  useEffect(() => {
    if (at === undefined || done === at || !isThere) return;
    const time = Date.parse(at);
    const line = window.lines.find((one) => one.time >= time) ?? window.lines.at(-1);
    setDone(at);
    if (line) onFound(line);
    // The lines that are there first hold the moment.
  }, [at, done, isThere]);
}

function ofLevel(lines: readonly LogLine[], level: Level): readonly LogLine[] {
  if (level === 'debug') return lines;
  const wanted = new Set(levels.slice(levels.indexOf(level)));
  return lines.filter((line) => wanted.has(line.level));
}
