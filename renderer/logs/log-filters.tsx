import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { TextField } from '../ui/fields';
import { FilterChip, SegmentedControl } from '../ui/tabs';
import type { Level } from './log-line';
import type { LogView } from './search';

const levelChoices: readonly { id: Level; title: string }[] = [
  { id: 'debug', title: 'All levels' },
  { id: 'info', title: 'Info' },
  { id: 'warn', title: 'Warnings' },
  { id: 'error', title: 'Errors' },
];

/** The address follows what is typed after this long. */
const TYPING_MS = 250;

/** What is searched for and shown, for one log or for several beside each other. */
export function LogFilters({
  view,
  onChange,
  onNext,
  children,
}: {
  view: LogView;
  onChange: (change: Partial<LogView>) => void;
  /** Enter in the search: the next match. */
  onNext?: () => void;
  children?: ReactNode;
}) {
  const [text, setText] = useTyped(view.text ?? '', (typed) => onChange({ text: typed || undefined }));
  return (
    <div className="log-filters">
      <div className="log-search" data-filter>
        <TextField
          label="Search in the lines"
          hideLabel
          inputType="search"
          placeholder="Search in the lines"
          value={text}
          onChange={setText}
          {...(onNext && { onSubmit: onNext })}
        />
      </div>
      <FilterChip isSelected={view.only ?? false} onChange={(only) => onChange({ only: only || undefined })}>
        Only matches
      </FilterChip>
      <SegmentedControl
        label="Levels shown"
        items={levelChoices}
        selected={view.level ?? 'debug'}
        onSelect={(level) => onChange({ level: level === 'debug' ? undefined : level })}
      />
      <FilterChip isSelected={view.wrap ?? false} onChange={(wrap) => onChange({ wrap: wrap || undefined })}>
        Wrap
      </FilterChip>
      {children}
    </div>
  );
}

/** A field that answers at once and tells of what was typed when the typing rests. */
function useTyped(
  value: string,
  onRest: (typed: string) => void,
): readonly [string, (typed: string) => void] {
  const [typed, setTyped] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const told = useRef(value);
  useEffect(() => {
    // The address was changed by somebody else: a link, Back.
    if (value !== told.current) setTyped(value);
    told.current = value;
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return [
    typed,
    (next) => {
      setTyped(next);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => {
        told.current = next;
        onRest(next);
      }, TYPING_MS);
    },
  ];
}
