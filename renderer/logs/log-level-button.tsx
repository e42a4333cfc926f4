import { useState } from 'react';
import type { LogLevel } from '../../electron/api/node-models';
import { useMay } from '../client/use-role';
import { useCommand, useOperation } from '../client/use-operation';
import { nodeTitle } from '../network/membership';
import { useNetworkStatus } from '../network/use-network';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { Select, TextField } from '../ui/fields';
import { formatDuration } from '../ui/format';
import { ProblemView } from '../ui/problem-view';
import { FilterChip } from '../ui/tabs';
import { useNow } from '../ui/time';
import { specMistake, specPresets } from './log-spec';

const LEVEL_POLL_MS = 5_000;

/** What a node writes at all: shown, and changed by who may. */
export function LogLevelButton({ node }: { node: string }) {
  const [isOpen, setOpen] = useState(false);
  const declared = useNetworkStatus().data?.nodes.find(({ name }) => name === node);
  const hasLevel = declared !== undefined && declared.operations !== null;
  const level = useOperation('node.logLevel', { node }, { pollMs: LEVEL_POLL_MS, enabled: hasLevel });
  if (!hasLevel) {
    return declared ? (
      <span
        className="quiet log-level-fixed"
        title="Contracts take their level from the environment they are started with."
      >
        Level as started
      </span>
    ) : null;
  }
  const known = level.error ? undefined : level.data;
  return (
    <>
      <Button small kind={known?.returns ? 'outline' : 'quiet'} icon="settings" onPress={() => setOpen(true)}>
        {known ? `Level ${shortSpec(known.spec)}` : 'Level not known'}
        {known?.returns && <Countdown until={known.returns.at} />}
      </Button>
      <Dialog title={`What ${nodeTitle(node)} writes`} isOpen={isOpen} onClose={() => setOpen(false)} wide>
        <LevelForm
          node={node}
          role={declared.role}
          level={known}
          problem={level.error?.problem}
          onRetry={() => void level.refetch()}
          onClose={() => setOpen(false)}
        />
      </Dialog>
    </>
  );
}

const durations = [
  { id: '300', text: 'after 5 minutes' },
  { id: '900', text: 'after 15 minutes' },
  { id: '3600', text: 'after an hour' },
  { id: 'never', text: 'when the node starts again' },
] as const;

function LevelForm({
  node,
  role,
  level,
  problem,
  onRetry,
  onClose,
}: {
  node: string;
  role: 'orderer' | 'peer' | 'contract';
  level: LogLevel | undefined;
  problem: Parameters<typeof ProblemView>[0]['problem'] | undefined;
  onRetry: () => void;
  onClose: () => void;
}) {
  const [typed, setTyped] = useState<string | undefined>(undefined);
  const [after, setAfter] = useState<string>('900');
  const set = useCommand('node.setLogLevel', ['node.logLevel', 'node.show']);
  const { may, refusal } = useMay('node.setLogLevel');
  const spec = typed ?? level?.spec ?? '';
  const mistake = typed === undefined ? undefined : specMistake(typed);
  const apply = () =>
    set.mutate(
      { node, spec, ...(after !== 'never' && { returnAfterSeconds: Number(after) }) },
      { onSuccess: onClose },
    );
  return (
    <>
      <div className="dialog-body log-level">
        {problem && <ProblemView problem={problem} onRetry={onRetry} />}
        {level && (
          <p>
            Now <code>{level.spec}</code>
            {level.returns ? (
              <>
                ; goes back to <code>{level.returns.to}</code> in <Countdown until={level.returns.at} />.
              </>
            ) : (
              ', until it is changed or the node starts again.'
            )}
          </p>
        )}
        <div className="log-presets" role="group" aria-label="Presets">
          {specPresets
            .filter(({ of }) => of === 'all' || of === role)
            .map((preset) => (
              <FilterChip
                key={preset.title}
                isSelected={spec === preset.spec}
                onChange={() => setTyped(preset.spec)}
              >
                {preset.title}
              </FilterChip>
            ))}
        </div>
        <TextField
          label="Specification"
          type="logger,logger=level:level"
          value={spec}
          onChange={setTyped}
          onSubmit={() => mistake === undefined && may && apply()}
          monospace
          error={mistake}
          hint="Loggers with a level of their own, then the level of all others: gossip=debug:info. A logger’s name covers those below it."
        />
        <Select
          label="Goes back by itself"
          choices={durations}
          selected={after}
          onSelect={setAfter}
          hint="Much is written at debug: a log holds thirty megabytes, then the oldest go."
        />
        {set.error && <ProblemView problem={set.error.problem} />}
      </div>
      <footer>
        <Button onPress={onClose}>Cancel</Button>
        <Button
          kind="primary"
          onPress={apply}
          isPending={set.isPending}
          isDisabled={mistake !== undefined || spec === ''}
          refusal={refusal}
        >
          Set the level
        </Button>
      </footer>
    </>
  );
}

function Countdown({ until }: { until: string }) {
  const left = Math.max(0, Date.parse(until) - useNow());
  return (
    <span className="log-countdown">{formatDuration(Math.max(1_000, Math.round(left / 1_000) * 1_000))}</span>
  );
}

/** `gossip=debug:info` as it is, longer ones cut. */
const shortSpec = (spec: string): string => (spec.length <= 18 ? spec : `${spec.slice(0, 17)}…`);
