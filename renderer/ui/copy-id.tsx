import { useEffect, useState } from 'react';
import { IconButton } from './button';
import { shortId } from './format';

const SHOWN_MS = 1_500;

/** Copies; the sign says for a moment that it did, or that the browser refused. */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const [outcome, setOutcome] = useState<'copied' | 'refused' | undefined>(undefined);
  useEffect(() => {
    if (!outcome) return;
    const timer = setTimeout(() => setOutcome(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setOutcome('copied'),
      () => setOutcome('refused'),
    );
  };
  const label =
    outcome === 'copied' ? 'Copied' : outcome === 'refused' ? 'Copying was refused' : `Copy ${what}`;
  return (
    <>
      <IconButton
        label={label}
        icon={outcome === 'copied' ? 'check' : outcome === 'refused' ? 'x' : 'copy'}
        onPress={copy}
      />
      <span className="sr" role="status">
        {outcome && label}
      </span>
    </>
  );
}

/** A hash, transaction id or fingerprint: its ends, the whole on hover, and a button that copies the whole. */
export function CopyId({ id, what = 'id', short = true }: { id: string; what?: string; short?: boolean }) {
  return (
    <span className="copy-id">
      <span className="id" title={id}>
        {short ? shortId(id) : id}
      </span>
      <CopyButton text={id} what={what} />
    </span>
  );
}
