import { useId, useRef } from 'react';

export interface CodeFault {
  /** From one. */
  readonly line: number;
  readonly words: string;
}

/** Text that is code: lines have numbers, and what is wrong stands at its line and, in words, below. */
export function CodeField({
  label,
  value,
  onChange,
  faults,
  rows = 12,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  faults: readonly CodeFault[];
  rows?: number;
}) {
  const id = useId();
  const numbers = useRef<HTMLDivElement>(null);
  const lines = value.split('\n').length;
  return (
    <div className="code-field">
      <label className="sr" htmlFor={id}>
        {label}
      </label>
      <div className={faults.length > 0 ? 'code-box bad' : 'code-box'}>
        <div className="code-lines" aria-hidden="true" ref={numbers}>
          {Array.from({ length: lines }, (_, index) => (
            <span key={index} className={faults.some(({ line }) => line === index + 1) ? 'bad' : undefined}>
              {index + 1}
            </span>
          ))}
        </div>
        <textarea
          id={id}
          value={value}
          rows={rows}
          wrap="off"
          spellCheck={false}
          autoComplete="off"
          aria-invalid={faults.length > 0}
          aria-describedby={faults.length > 0 ? `${id}-faults` : undefined}
          onChange={(event) => onChange(event.target.value)}
          onScroll={(event) => {
            if (numbers.current) numbers.current.scrollTop = event.currentTarget.scrollTop;
          }}
        />
      </div>
      <ul id={`${id}-faults`} className="hint bad" aria-live="polite">
        {faults.map(({ line, words }) => (
          <li key={`${String(line)} ${words}`}>
            Line {line}: {words}
          </li>
        ))}
      </ul>
    </div>
  );
}
