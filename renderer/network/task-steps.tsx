import type { TaskModel } from '../../electron/api/models';
import { StateMark } from '../ui/badge';
import { formatDuration } from '../ui/format';
import { useNow } from '../ui/time';
import './task-steps.css';

const stepLooks = {
  running: { tone: 'accent', word: 'running' },
  done: { tone: 'ok', word: 'done' },
  failed: { tone: 'danger', word: 'failed' },
} as const;

/** Bars stand where and as long as each step ran, on one scale. */
export function TaskSteps({ task }: { task: TaskModel }) {
  const now = useNow();
  if (task.steps.length === 0) return null;
  const elapsed = (task.finished ? Date.parse(task.finished) : now) - Date.parse(task.started);
  const total = Math.max(1, elapsed, ...task.steps.map((step) => step.startedMs + (step.durationMs ?? 0)));
  return (
    <ol className="steps" aria-label="Steps">
      {task.steps.map((step, index) => {
        const duration = step.durationMs ?? Math.max(0, elapsed - step.startedMs);
        const parts = step.detail.split('; ');
        const percent = (ms: number) => `${String(Math.min(100, (ms / total) * 100))}%`;
        return (
          <li key={`${index} ${step.name}`}>
            <StateMark {...stepLooks[step.state]} quietWord />
            <span className="step-name">
              {step.name}
              {step.detail && parts.length === 1 && <small>{step.detail}</small>}
            </span>
            <span className="step-bar" aria-hidden="true">
              <i className={step.state} style={{ left: percent(step.startedMs), width: percent(duration) }} />
            </span>
            <span className="num soft">{formatDuration(duration)}</span>
            {/* Of several things at once, as of images, each on a line of its own. */}
            {parts.length > 1 && (
              <small className="step-parts">
                {parts.map((part) => (
                  <span key={part}>{part}</span>
                ))}
              </small>
            )}
          </li>
        );
      })}
    </ol>
  );
}
