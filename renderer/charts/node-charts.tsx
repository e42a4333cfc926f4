import { useMemo, useState } from 'react';
import type { MetricName } from '../../electron/api/metric-models';
import { useOperation } from '../client/use-operation';
import { useNetworkStatus } from '../network/use-network';
import { Resource } from '../ui/resource';
import { chartOf, namesOf } from './chart-definition';
import { ChartPanel } from './chart-panel';
import { SharedCursor } from './cursor';
import { nodeDefinitions } from './node-definitions';
import { useChartNodes } from './use-chart-nodes';
import './charts.css';

const POLL_MS = 5_000;

/**
 * Charts of one node with a cursor of their own, asked anew every five seconds. `names`: only charts made from these,
 * in this order; default: all that its role has.
 */
export function NodeCharts({
  node: name,
  names,
  minutes = 15,
}: {
  node: string;
  names?: readonly MetricName[];
  minutes?: number;
}) {
  const nodes = useChartNodes(useNetworkStatus().data);
  const own = useMemo(() => nodes.filter((one) => one.name === name), [nodes, name]);
  const [tables, setTables] = useState<ReadonlySet<string>>(new Set());
  const wanted = names?.join();
  const definitions = useMemo(() => {
    const all = own.flatMap(nodeDefinitions);
    if (wanted === undefined) return all;
    const ids = wanted.split(',');
    return [...new Set(ids.flatMap((id) => all.filter((one) => one.names.some((needed) => needed === id))))];
  }, [own, wanted]);
  const series = useOperation(
    'metrics.series',
    { names: namesOf(definitions), nodes: [name], minutes },
    { pollMs: POLL_MS, replacesWhole: true, enabled: definitions.length > 0 },
  );
  const catalogue = useOperation('metrics.catalogue', {}).data;
  const charts = useMemo(() => {
    const answer = series.data;
    if (!answer) return [];
    return definitions.map((definition) =>
      chartOf(definition, { answer, nodes: own, network: nodes }, catalogue),
    );
  }, [series.data, definitions, catalogue, own, nodes]);
  return (
    <SharedCursor>
      <Resource of={series} what={`Reading what was measured of ${name}`} lines={8}>
        {() => (
          <div className="charts">
            {charts.map((chart) => (
              <ChartPanel
                key={chart.id}
                chart={chart}
                isTable={tables.has(chart.id)}
                onTable={(isTable) =>
                  setTables((before) => {
                    const next = new Set(before);
                    if (isTable) next.add(chart.id);
                    else next.delete(chart.id);
                    return next;
                  })
                }
              />
            ))}
          </div>
        )}
      </Resource>
    </SharedCursor>
  );
}
