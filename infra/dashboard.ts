// The dashboard: how runs end, how long they take, how fresh the outputs are, and the dead letters.
import * as gcp from '@pulumi/gcp';
import { all, type Output } from '@pulumi/pulumi';
import { DEAD_LETTERS, timeSeriesOf, type MetricName, type Metrics } from './metrics.ts';

interface Line {
  readonly metric: MetricName;
  readonly where?: string;
  readonly by?: string;
  /** For a distribution; without it, lines are counted. */
  readonly percentile?: 50 | 95;
}

interface Tile {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly bars?: true;
}

const TILES: readonly Tile[] = [
  { title: 'Runs by outcome', lines: [{ metric: 'sluice-runs-ended', by: 'outcome' }], bars: true },
  {
    title: 'Seconds from request to end: 50th and 95th percentile',
    lines: [
      { metric: 'sluice-run-seconds', by: 'pipeline', percentile: 50 },
      { metric: 'sluice-run-seconds', by: 'pipeline', percentile: 95 },
    ],
  },
  { title: 'Seconds of the job', lines: [{ metric: 'sluice-job-seconds', by: 'pipeline', percentile: 50 }] },
  {
    title: 'Lag: seconds from a change in the source to its publication',
    lines: [{ metric: 'sluice-lag-seconds', by: 'pipeline', percentile: 95 }],
  },
  { title: 'Rows published', lines: [{ metric: 'sluice-rows', by: 'pipeline', percentile: 50 }] },
  {
    title: 'Freshness: polls that found the objective missed',
    lines: [{ metric: 'sluice-polls', where: ' AND metric.labels.fresh="false"', by: 'pipeline' }],
    bars: true,
  },
  { title: 'Polls by outcome', lines: [{ metric: 'sluice-polls', by: 'outcome' }], bars: true },
  { title: 'Sweeps by schedule', lines: [{ metric: 'sluice-sweeps' }], bars: true },
];

const TILE_WIDTH = 24;
const TILE_HEIGHT = 16;
const HOUR_SECONDS = 3600;

export function createDashboard(metrics: Metrics): void {
  const names = all(Object.values(metrics).map(({ name }) => name));
  new gcp.monitoring.Dashboard('dashboard', { dashboardJson: json(names) });
}

/** Depends on the metrics: Google refuses a chart of a metric that does not exist. */
const json = (names: Output<string[]>): Output<string> =>
  names.apply(() => {
    const widgets = [...TILES.map(chart), deadLetters];
    const tiles = widgets.map((widget, index) => ({
      xPos: (index % 2) * TILE_WIDTH,
      yPos: Math.floor(index / 2) * TILE_HEIGHT,
      width: TILE_WIDTH,
      height: TILE_HEIGHT,
      widget,
    }));
    return JSON.stringify({ displayName: 'Sluice', mosaicLayout: { columns: 2 * TILE_WIDTH, tiles } });
  });

const chart = ({ title, lines, bars }: Tile) => ({
  title,
  xyChart: {
    dataSets: lines.map((line) => ({
      plotType: bars ? 'STACKED_BAR' : 'LINE',
      targetAxis: 'Y1',
      timeSeriesQuery: {
        timeSeriesFilter: {
          filter: `${timeSeriesOf(line.metric)}${line.where ?? ''}`,
          aggregation: aggregationOf(line),
        },
      },
    })),
  },
});

const aggregationOf = ({ by, percentile }: Line) => ({
  alignmentPeriod: `${HOUR_SECONDS}s`,
  perSeriesAligner: 'ALIGN_DELTA',
  crossSeriesReducer: percentile === undefined ? 'REDUCE_SUM' : `REDUCE_PERCENTILE_${percentile}`,
  ...(by === undefined ? {} : { groupByFields: [`metric.labels.${by}`] }),
});

const deadLetters = {
  title: 'Dead letters',
  xyChart: {
    dataSets: [
      {
        plotType: 'LINE',
        targetAxis: 'Y1',
        timeSeriesQuery: {
          timeSeriesFilter: {
            filter: DEAD_LETTERS,
            aggregation: { alignmentPeriod: '300s', perSeriesAligner: 'ALIGN_MAX' },
          },
        },
      },
    ],
  },
};
