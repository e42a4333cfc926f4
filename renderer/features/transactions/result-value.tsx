import { useMemo, useState } from 'react';
import { Button } from '../../ui/button';
import { CopyButton } from '../../ui/copy-id';
import { formatBytes, formatNumber } from '../../ui/format';

const SHOWN_LINES = 400;
const SHOWN_CHARACTERS = 40_000;

/** What the contract returned: JSON laid out, text as it is, the beginning of what is huge. */
export function ResultValue({ value }: { value: unknown }) {
  const [whole, setWhole] = useState(false);
  const text = useMemo(() => textOf(value), [value]);
  if (text === undefined) return <p className="result-value quiet pad">The contract returned nothing.</p>;
  const beginning = beginningOf(text);
  const cut = !whole && beginning.length < text.length;
  return (
    <div className="result-value">
      <h3 className="section-title">
        {typeof value === 'string' ? 'Text returned, no JSON' : 'Returned'}{' '}
        <CopyButton text={text} what="result" />
      </h3>
      <pre tabIndex={0} aria-label="Returned by the contract">
        {cut ? beginning : text}
      </pre>
      {cut && (
        <p className="row">
          <span className="quiet">
            The beginning of {formatBytes(new Blob([text]).size)}, {formatNumber(text.split('\n').length)}{' '}
            lines.
          </span>
          <Button small kind="quiet" onPress={() => setWhole(true)}>
            Show all
          </Button>
        </p>
      )}
    </div>
  );
}

/** Undefined: the contract returned nothing. */
export function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value, undefined, 2);
}

function beginningOf(text: string): string {
  const characters = text.slice(0, SHOWN_CHARACTERS);
  return characters.split('\n').slice(0, SHOWN_LINES).join('\n');
}
