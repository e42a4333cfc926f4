import { useEffect, useMemo, useState } from 'react';
import type { LogLine } from './log-line';

/** Searching gives the page back after this long: a frame has sixteen. */
const SLICE_MS = 6;
const CLOCK_EVERY = 500;

export interface Found {
  /** Lines with the text, in their order; those found so far while `isSearching`. */
  readonly lines: readonly LogLine[];
  readonly isSearching: boolean;
}

const nothing: Found = { lines: [], isSearching: false };

/** The text as written, in any case; undefined for none. Not a pattern: `[x]` finds brackets. */
export function findPattern(text: string): RegExp | undefined {
  if (text === '') return undefined;
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'gi');
}

/** Looks through lines in slices, so that scrolling and typing go on meanwhile. */
export function useFoundLines(lines: readonly LogLine[], version: number, text: string): Found {
  const pattern = useMemo(() => findPattern(text), [text]);
  const [state, setState] = useState<{ text: string; found: Found }>({ text: '', found: nothing });
  useEffect(() => {
    if (!pattern) return;
    const search = new SlicedSearch(lines, pattern, (found) => setState({ text, found }));
    search.run();
    return () => search.stop();
  }, [lines, version, pattern, text]);
  if (!pattern) return nothing;
  return state.text === text ? state.found : { lines: [], isSearching: true };
}

class SlicedSearch {
  #found: LogLine[] = [];
  #next = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly lines: readonly LogLine[],
    private readonly pattern: RegExp,
    private readonly onEnd: (found: Found) => void,
  ) {}

  run(): void {
    const until = performance.now() + SLICE_MS;
    while (this.#next < this.lines.length) {
      const line = this.lines[this.#next++];
      // A pattern with the flag `g` goes on where it stopped: begin anew with each line.
      this.pattern.lastIndex = 0;
      if (line && !line.isMark && this.pattern.test(line.text)) this.#found.push(line);
      if (this.#next % CLOCK_EVERY === 0 && performance.now() > until) {
        this.#timer = setTimeout(() => this.run(), 0);
        return;
      }
    }
    this.onEnd({ lines: this.#found, isSearching: false });
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
