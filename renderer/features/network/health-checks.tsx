import type { HealthCheck } from '../../../electron/api/node-models';
import { StateMark } from '../../ui/badge';
import type { Tone } from '../../ui/badge';

const names: Record<HealthCheck['check'], string> = {
  process: 'Process',
  operations: 'Operations endpoint',
  call: 'A real call',
  consensus: 'Ordering',
  joins: 'Membership',
  height: 'Height',
  gossip: 'Gossip',
};

const verdicts: Record<HealthCheck['verdict'], { tone: Tone; word: string }> = {
  ok: { tone: 'ok', word: 'ok' },
  settling: { tone: 'idle', word: 'settling' },
  degraded: { tone: 'warn', word: 'not well' },
  failed: { tone: 'danger', word: 'failed' },
  unknown: { tone: 'idle', word: 'not known' },
  'not offered': { tone: 'idle', word: 'not offered' },
};

/** Each source of the verdict, with what it said. */
export function HealthChecks({ checks }: { checks: readonly HealthCheck[] }) {
  return (
    <table className="health-checks" aria-label="Health checks">
      <thead>
        <tr>
          <th scope="col">Asked</th>
          <th scope="col">Verdict</th>
          <th scope="col">Found</th>
        </tr>
      </thead>
      <tbody>
        {checks.map(({ check, verdict, detail }) => (
          <tr key={check}>
            <td>{names[check]}</td>
            <td>
              <StateMark {...verdicts[verdict]} />
            </td>
            <td className="wraps soft">{detail}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
