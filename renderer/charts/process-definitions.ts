import type { ChartDefinition } from './chart-definition';
import type { ChartSeries } from './chart-model';
import { asOne, byNode, byOrganization, scaled } from './metric-selection';
import type { ChartNode } from './use-chart-nodes';

const MEGABYTE = 1024 * 1024;
const MINUTE_SECONDS = 60;

export type Grouping = 'organization' | 'node';
const groupings = {
  organization: { lines: byOrganization, words: ', by organization' },
  node: { lines: byNode, words: '' },
} as const;

const times = (series: readonly ChartSeries[], factor: number): ChartSeries[] =>
  series.map((one) => ({ ...one, values: scaled(one.values, factor) }));

/** What every node has: its process, its connections and its log. */
export function processDefinitions(by: Grouping, roles: readonly ChartNode['role'][]): ChartDefinition[] {
  const { lines, words } = groupings[by];
  const withEndpoint = roles.filter((role) => role !== 'contract');
  const all: ChartDefinition[] = [
    {
      id: 'cpu',
      title: 'Processor',
      unit: `% of one core${words}`,
      shape: 'lines',
      names: ['cpu'],
      roles,
      lines: (view) => lines(view, 'cpu', 'sum'),
    },
    {
      id: 'memory',
      title: 'Memory',
      unit: `MB${words}`,
      shape: 'lines',
      names: ['memory'],
      roles,
      lines: (view) => times(lines(view, 'memory', 'sum'), 1 / MEGABYTE),
    },
    {
      id: 'connections',
      title: 'Connections',
      unit: `open, gRPC${words}`,
      shape: 'steps',
      whole: true,
      names: ['connections'],
      roles: withEndpoint,
      lines: (view) => lines(view, 'connections', 'sum'),
    },
    {
      id: 'log',
      title: 'Logged',
      unit: 'lines per minute',
      shape: 'bars',
      names: ['log.warnings', 'log.errors'],
      roles: withEndpoint,
      lines: (view) =>
        times(
          [
            ...asOne(view, 'log.errors', 'sum', { label: 'errors', color: 'danger', stroke: 'solid' }),
            ...asOne(view, 'log.warnings', 'sum', { label: 'warnings', color: 'warn', stroke: 'solid' }),
          ],
          MINUTE_SECONDS,
        ),
    },
  ];
  return all.filter((definition) => definition.roles.length > 0);
}
