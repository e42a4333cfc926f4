import { transactionStages } from '../../../electron/api/activity-models';
import type { TransactionStage } from '../../../electron/api/activity-models';
import type { TaskModel, TransactionResult } from '../../../electron/api/models';
import { useOperation } from '../../client/use-operation';
import { formatDecimal, formatDuration, formatNumber } from '../../ui/format';
import { Icon } from '../../ui/icon';
import type { IconName } from '../../ui/icon';
import type { ContractCallRequest } from './contract-call';

type Step = TaskModel['steps'][number];

interface Shown {
  readonly stage: TransactionStage;
  readonly state: Step['state'] | 'waiting';
  /** Milliseconds; undefined: not begun. */
  readonly ms: number | undefined;
  readonly note: string;
}

const signs: Record<Shown['state'], { icon: IconName; word: string }> = {
  done: { icon: 'check', word: 'done' },
  running: { icon: 'play', word: 'running' },
  failed: { icon: 'x', word: 'failed' },
  waiting: { icon: 'minus', word: 'not yet' },
};

const durationKey = { Proposal: 'proposal', Endorse: 'endorse', Order: 'submit', Commit: 'commit' } as const;

/** The four stages with their own times, and one bar to scale. */
export function Stages({
  steps,
  durations,
  call,
  block,
  result,
}: {
  steps: readonly Step[];
  durations?: TransactionResult['durationsMs'] | undefined;
  call?: ContractCallRequest | undefined;
  block?: string | undefined;
  result?: TransactionResult | undefined;
}) {
  const shown = transactionStages.map((stage): Shown => {
    const step = steps.find(({ name }) => name === stage);
    const state = step?.state ?? 'waiting';
    return {
      stage,
      state,
      ms: step?.durationMs ?? durations?.[durationKey[stage]] ?? undefined,
      note: noteOf(stage, step, { block, result }),
    };
  });
  const total = shown.reduce((sum, { ms }) => sum + (ms ?? 0), 0);
  return (
    <>
      <ol className="stages" aria-label="Stages">
        {shown.map(({ stage, state, ms, note }) => (
          <li key={stage} className={state}>
            <span className="tick">
              <Icon name={signs[state].icon} />
            </span>
            <b>
              {stage} <span className="sr">{signs[state].word}</span>
            </b>
            <span className="ms">
              {ms !== undefined ? milliseconds(ms) : state === 'running' ? '…' : '–'}
            </span>
            <small>{note}</small>
          </li>
        ))}
      </ol>
      {total > 0 && (
        <>
          <p className="scale" aria-hidden="true">
            {shown
              .filter(({ ms }) => ms !== undefined)
              .map(({ stage, ms }) => (
                <i key={stage} style={{ flexGrow: ms }} className={stage === 'Commit' ? 'wait' : undefined} />
              ))}
          </p>
          <p className="scale-note">
            <span>{milliseconds(total)} in all, to scale</span>
            {shown.at(-1)?.ms !== undefined && <WaitForBlock channel={call?.channel} />}
          </p>
        </>
      )}
    </>
  );
}

/** Under ten milliseconds with a decimal: stages are compared. */
const milliseconds = (ms: number) =>
  ms < 10 ? `${formatDecimal(ms, 1)} ms` : `${formatNumber(Math.round(ms))} ms`;

function noteOf(
  stage: TransactionStage,
  step: Step | undefined,
  { block, result }: { block: string | undefined; result: TransactionResult | undefined },
): string {
  if (step === undefined) return 'not yet';
  if (step.state === 'running') return 'now';
  if (step.state === 'failed') return block === undefined ? 'stopped here' : `block ${formatNumber(block)}`;
  switch (stage) {
    case 'Proposal':
      return 'id known';
    case 'Endorse':
      return result ? `${formatNumber(result.endorsement.endorsers.length)} agree` : 'endorsed';
    case 'Order':
      return 'accepted';
    case 'Commit':
      return block === undefined ? 'committed' : `block ${formatNumber(block)}`;
  }
}

/** Of the time until commit most is the orderer waiting for company; how much of it, nobody tells. */
function WaitForBlock({ channel }: { channel: string | undefined }) {
  const { data } = useOperation(
    'channel.show',
    { channel: channel ?? '' },
    { enabled: channel !== undefined },
  );
  if (!data) return null;
  return (
    <span>
      Commit includes the orderer’s wait to fill the block, up to{' '}
      {formatDuration(data.blockCutting.batchTimeoutMs)}
    </span>
  );
}
