import { useMemo, useState } from 'react';
import type { LogSearch } from '../../../electron/api/node-models';
import { findPattern } from '../../logs/find-lines';
import { LineDetail } from '../../logs/line-detail';
import { LogList, selectedLines } from '../../logs/log-list';
import type { LineSelection } from '../../logs/log-list';
import { readLine } from '../../logs/log-line';
import type { LogLine } from '../../logs/log-line';
import { useToast } from '../../ui/toast';
import { plural } from '../../ui/format';

/** Lines that a search answered, as lines of a log. */
export function useFound({ matches }: LogSearch): readonly LogLine[] {
  return useMemo(() => {
    const lastOf = new Map<string, LogLine>();
    return matches.map(({ node, line, at }, index) => {
      const read = readLine(node, line, String(index), undefined);
      const time = Number.isNaN(read.time) && at !== null ? Date.parse(at) : read.time;
      const own = Number.isNaN(time)
        ? { ...read, time: lastOf.get(node)?.time ?? Number.NaN }
        : { ...read, time };
      lastOf.set(node, own);
      return own;
    });
  }, [matches]);
}

/** What was found, to read and to copy. */
export function FoundLines({
  label,
  lines,
  text,
  isWrapped,
  origin,
}: {
  label: string;
  lines: readonly LogLine[];
  /** Marked in the lines. */
  text: string;
  isWrapped: boolean;
  origin?: number | undefined;
}) {
  const [selection, setSelection] = useState<LineSelection | undefined>(undefined);
  const toast = useToast();
  const find = useMemo(() => findPattern(text), [text]);
  const chosen = selectedLines(lines, selection);
  const [only] = chosen;
  const copy = () => {
    const copied = chosen.length > 0 ? chosen : lines;
    navigator.clipboard.writeText(copied.map(({ node, text: line }) => `${node} ${line}`).join('\n')).then(
      () => toast(`Copied ${plural(copied.length, 'line')}.`),
      () => toast('The browser refused to copy.'),
    );
  };
  return (
    <>
      <LogList
        label={label}
        lines={lines}
        version={0}
        isWrapped={isWrapped}
        isFollowing={false}
        selection={selection}
        onSelect={setSelection}
        goTo={undefined}
        onLeaveEnd={nothing}
        onReachEnd={nothing}
        onNearStart={nothing}
        onCopy={copy}
        find={find}
        current={undefined}
        showsNode
        origin={origin}
      />
      {chosen.length === 1 && only && (
        <LineDetail line={only} find={find} onClose={() => setSelection(undefined)} />
      )}
    </>
  );
}

const nothing = (): void => undefined;
