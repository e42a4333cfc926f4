import type { LedgerContent } from '../../../electron/api/ledger-models';
import { formatBytes } from '../../ui/format';
import { textOf } from './ledger-words';
import { DownloadPart } from './part';
import type { Place } from './part';

/** A value on a line or as a block; of what is big its beginning, and the whole as a file. */
export function ContentView({
  content,
  place,
  label,
}: {
  content: LedgerContent;
  /** The transaction it is a part of; undefined for what is no part of the one that is shown. */
  place: Place | undefined;
  label: string;
}) {
  if (content.kind === 'empty') return <span className="quiet">empty</span>;
  const text = textOf(content);
  return (
    <div className="lg-content">
      {text.includes('\n') ? <pre>{text}</pre> : <code className="wraps">{text}</code>}
      <Rest content={content} place={place} label={label} />
    </div>
  );
}

/** What is said of bytes, and of what is not shown whole. */
export function Rest({
  content,
  place,
  label,
}: {
  content: LedgerContent;
  place: Place | undefined;
  label: string;
}) {
  if (content.kind === 'empty') return null;
  if (content.isWhole) {
    return content.kind === 'bytes' ? (
      <small className="quiet">{formatBytes(content.size)}, no text: in hex</small>
    ) : null;
  }
  return (
    <span className="lg-rest">
      <small className="quiet">The beginning of {formatBytes(content.size)}.</small>
      {place && content.part !== '' && <DownloadPart place={place} part={content.part} label={label} />}
    </span>
  );
}
