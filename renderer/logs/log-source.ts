import type { Problem } from '../../electron/api/problems';
import type { LogLine } from './log-line';

/** Lines of one log or of several, as a viewer shows them. */
export interface LogWindow {
  /** Oldest first. The same array throughout; `version` says that it changed. */
  readonly lines: readonly LogLine[];
  readonly version: number;
  /** Lines that came while the window was held. */
  readonly waiting: number;
  /** There are more of them than are counted. */
  readonly moreWait: boolean;
  readonly isHeld: boolean;
  /** `loading` until the first lines of all are there; `live`: follows; `parked`: newer lines are read when they are asked for. */
  readonly state: 'loading' | 'live' | 'parked' | 'lost';
  /** Why it is lost. What is shown stays. */
  readonly problem: Problem | undefined;
  /** `more`: there may be older lines. */
  readonly older: 'more' | 'loading' | 'none';
  /** The lines hold the end of the log, or all that follows is on its way. */
  readonly reachesEnd: boolean;
  /** Lines that this window did not take in time, since it was opened. */
  readonly dropped: number;
}

export interface LogSource {
  readonly snapshot: () => LogWindow;
  readonly subscribe: (listener: () => void) => () => void;
  /** While held, lines that come wait instead of moving what is read. */
  hold(isHeld: boolean): void;
  loadOlder(): void;
  loadNewer(): void;
  /** Goes to the end of the log and follows it. */
  showNewest(): void;
  retry(): void;
}
