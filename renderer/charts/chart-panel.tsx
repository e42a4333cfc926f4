import { saveText } from '../client/save-file';
import { IconButton } from '../ui/button';
import { Panel } from '../ui/panel';
import { Empty } from '../ui/waiting';
import { ChartFigure } from './chart-figure';
import { ChartTable } from './chart-table';
import type { Chart, Span } from './chart-model';
import { csvName, csvOf } from './csv';

/** A chart with its title, as drawing or as table, with its values to take away; or why there is nothing to draw. */
export function ChartPanel({
  chart,
  isTable,
  onTable,
  onRange,
}: {
  chart: Chart;
  isTable: boolean;
  onTable: (isTable: boolean) => void;
  onRange?: ((range: Span) => void) | undefined;
}) {
  const isEmpty = chart.series.length === 0;
  const subject = chart.title;
  return (
    <Panel
      className="chart-panel"
      title={chart.title}
      note={<span title={chart.unit}>{chart.unit}</span>}
      aside={
        !isEmpty && (
          <>
            <IconButton
              label={isTable ? `${subject} as chart` : `${subject} as table`}
              icon={isTable ? 'metrics' : 'table'}
              onPress={() => onTable(!isTable)}
            />
            <IconButton
              label={`${subject} as CSV file`}
              icon="download"
              onPress={() => saveText(csvName(chart.id, chart.times), csvOf([chart]), 'text/csv')}
            />
          </>
        )
      }
    >
      {isEmpty ? (
        <NoData chart={chart} />
      ) : isTable ? (
        <ChartTable chart={chart} />
      ) : (
        <ChartFigure {...{ chart, onRange }} />
      )}
      {!isEmpty && chart.note && <p className="chart-foot">{chart.note}</p>}
    </Panel>
  );
}

/** What charts whose values are on their way will look like; read out is what is waited for. */
export function ChartOutlines({ charts }: { charts: readonly Pick<Chart, 'id' | 'title' | 'unit'>[] }) {
  return charts.map(({ id, title, unit }) => (
    <div key={id} className="panel chart-panel" aria-hidden="true">
      <header>
        <b>{title}</b>
        <span className="quiet">{unit}</span>
      </header>
      <div className="chart-outline" />
    </div>
  ));
}

function NoData({ chart: { absence, fabric } }: { chart: Chart }) {
  return (
    <Empty title={absence?.title ?? 'No data'}>
      {absence?.reason}
      {fabric.length > 0 && (
        <span className="chart-fabric">
          {fabric.slice(0, 2).map((name) => (
            <code key={name}>{name}</code>
          ))}
        </span>
      )}
    </Empty>
  );
}
