type Values = readonly (number | null)[];

/** A line without axes beside a figure that says the value: gaps stay gaps. */
export function Spark({ values, color }: { values: Values; color: 'accent' | 'warn' | 'danger' }) {
  const highest = values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
  const runs = runsOf(values);
  // A line of zeros is no state.
  const drawn = `var(--${highest === 0 ? 'idle' : color})`;
  if (runs.length === 0) return null;
  const x = (step: number) => ((step + 0.5) / values.length) * 100;
  const y = (value: number) => 30 - (highest === 0 ? 0 : (value / highest) * 28);
  return (
    <svg className="spark" viewBox="0 0 100 32" preserveAspectRatio="none" aria-hidden="true">
      {runs.map((run) => {
        const points = run.map(({ step, value }) => `${x(step).toFixed(2)} ${y(value).toFixed(2)}`);
        const [first] = run;
        const last = run.at(-1);
        if (!first || !last) return null;
        return (
          <g key={first.step}>
            <path
              className="a"
              style={{ fill: drawn }}
              d={`M${x(first.step).toFixed(2)} 31L${points.join('L')}L${x(last.step).toFixed(2)} 31Z`}
            />
            <path
              className="l"
              style={{ stroke: drawn }}
              d={run.length === 1 ? `M${points[0] ?? ''}h0.5` : `M${points.join('L')}`}
            />
          </g>
        );
      })}
    </svg>
  );
}

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
