import type { Absence, ChartColor } from '../../charts/chart-model';
import { seriesNamed } from '../../charts/metric-selection';
import type { MetricsView } from '../../charts/metric-selection';

const VALID = 'VALID';

const labels: Readonly<Record<string, string>> = {
  MVCC_READ_CONFLICT: 'MVCC',
  PHANTOM_READ_CONFLICT: 'phantom',
  ENDORSEMENT_POLICY_FAILURE: 'endorsement',
  DUPLICATE_TXID: 'duplicate',
};

export const codeLabel = (code: string): string => labels[code] ?? code.toLowerCase().replaceAll('_', ' ');

export function codeColor(code: string): ChartColor {
  if (code === 'MVCC_READ_CONFLICT') return 'danger';
  return code === 'PHANTOM_READ_CONFLICT' ? 'warn' : 'neutral';
}

/** The answer without valid transactions, and without codes that nothing got in this time. */
export const failures = (view: MetricsView): MetricsView => ({
  ...view,
  answer: {
    ...view.answer,
    series: view.answer.series.filter(
      ({ name, labels: own, values }) =>
        name !== 'transactions' ||
        (own['code'] !== VALID && values.some((value) => value !== null && value > 0)),
    ),
  },
});

/** Where transactions were counted and none of them failed, that is known. */
export function noFailures(view: MetricsView): Absence | undefined {
  const counted = seriesNamed(view, 'transactions').some(({ values }) =>
    values.some((value) => (value ?? 0) > 0),
  );
  return counted
    ? { title: 'None failed', reason: 'Every transaction committed in this time was valid.' }
    : undefined;
}
