type Values = readonly (number | null)[];

/**
 * Values over time without axes, beside a figure that says the newest: gaps stay gaps over a base line. `bars`: of what
 * only some steps know, where a line would be broken into dots.
 */
export function Spark({
  values,
  color,
  shape = 'line',
}: {
  values: Values;
  color: 'accent' | 'warn' | 'danger';
  shape?: 'line' | 'bars';
}) {
  const highest = values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
  const runs = runsOf(values);
  // A line of zeros is no state.
  const drawn = `var(--${highest === 0 ? 'idle' : color})`;
  if (runs.length === 0) return null;
  const x = (step: number) => (((step + 0.5) / values.length) * 100).toFixed(2);
  const y = (value: number) => (BASE - (highest === 0 ? 0 : (value / highest) * 28)).toFixed(2);
  return (
    <svg className="spark" viewBox="0 0 100 32" preserveAspectRatio="none" aria-hidden="true">
      <path className="base" d={`M0 ${BASE}H100`} />
      {runs.map((run) => {
        const [first] = run;
        const last = run.at(-1);
        if (!first || !last) return null;
        if (shape === 'bars' || run.length === 1) {
          const bars = run
            .filter(({ value }) => value > 0)
            .map(({ step, value }) => `M${x(step)} ${BASE}V${y(value)}`);
          return <path key={first.step} className="b" style={{ stroke: drawn }} d={bars.join('')} />;
        }
        const points = run.map(({ step, value }) => `${x(step)} ${y(value)}`).join('L');
        return (
          <g key={first.step}>
            <path
              className="a"
              style={{ fill: drawn }}
              d={`M${x(first.step)} ${BASE}L${points}L${x(last.step)} ${BASE}Z`}
            />
            <path className="l" style={{ stroke: drawn }} d={`M${points}`} />
          </g>
        );
      })}
    </svg>
  );
}

/** Where zero stands. */
const BASE = 30;

interface Point {
  readonly step: number;
  readonly value: number;
}

/** Stretches of steps of which something is known. */
export function runsOf(values: Values): readonly (readonly Point[])[] {
  const runs: Point[][] = [];
  let open: Point[] | undefined;
  for (const [step, value] of values.entries()) {
    if (value === null) {
      open = undefined;
      continue;
    }
    if (!open) runs.push((open = []));
    open.push({ step, value });
  }
  return runs;
}
