import { memo } from 'react';
import { nodeTitle } from '../network/membership';
import { OrgTile } from '../ui/organization';
import { LineText } from './line-text';
import { lineTime, partsOf } from './log-line';
import type { Level, LogLine } from './log-line';
import { useNodeOrganization } from './node-organization';

/** What all rows of a list share. */
export interface RowLook {
  readonly find: RegExp | undefined;
  /** The match one stands at. */
  readonly current: LogLine | undefined;
  readonly showsNode: boolean;
  /** The logger stands in the message. */
  readonly isCompact: boolean;
  /** Times are shown as milliseconds since this one instead of as time of day. */
  readonly origin?: number | undefined;
}

export const levelWords: Readonly<Record<Level, string>> = {
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARN',
  error: 'ERROR',
};

/** One line: time, level, where it comes from, message. */
export const LogRow = memo(function LogRow({
  id,
  line,
  index,
  height,
  isSelected,
  isActive,
  find,
  current,
  showsNode,
  isCompact,
  origin,
}: RowLook & {
  id: string;
  line: LogLine;
  index: number;
  height: number;
  isSelected: boolean;
  isActive: boolean;
}) {
  const state = `${isActive ? 'active' : ''} ${line === current ? 'current' : ''}`;
  const row = {
    id,
    role: 'row',
    'aria-rowindex': index + 1,
    'aria-selected': isSelected,
    style: { height },
  } as const;
  if (line.isMark) {
    return (
      <div {...row} className={`log-row boundary ${state}`}>
        <span role="gridcell">{line.text}</span>
      </div>
    );
  }
  const { logger, body, functionLength } = partsOf(line);
  return (
    <div {...row} className={`log-row ${line.level} ${line.continues ? 'continues' : ''} ${state}`}>
      <span role="gridcell" className="at">
        {line.continues ? '' : origin === undefined ? lineTime(line.time) : relative(line.time - origin)}
      </span>
      <span role="gridcell" className="lv">
        {line.continues ? '' : levelWords[line.level]}
      </span>
      {showsNode && (
        <span role="gridcell" className="nd">
          <NodeName node={line.node} />
        </span>
      )}
      {!isCompact && (
        <span role="gridcell" className="lg" title={logger ?? undefined}>
          {logger !== null && <LineText text={logger} find={find} links={false} />}
        </span>
      )}
      <span role="gridcell" className="ms">
        {isCompact && logger !== null && (
          <span className="quiet">
            [<LineText text={logger} find={find} links={false} />]{' '}
          </span>
        )}
        <LineText text={body} find={find} quiet={functionLength} />
      </span>
    </div>
  );
});

function NodeName({ node }: { node: string }) {
  const organization = useNodeOrganization(node);
  return (
    <>
      {organization !== undefined && <OrgTile name={organization} />}
      {nodeTitle(node)}
    </>
  );
}

const relative = (ms: number): string => (Number.isNaN(ms) ? '' : `+${ms.toLocaleString('en-US')} ms`);
