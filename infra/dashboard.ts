// The dashboard: how runs end, how long they take, how fresh the outputs are, and the dead letters.
import * as gcp from '@pulumi/gcp';
import { all, type Output } from '@pulumi/pulumi';
import { takesRequests } from '../shared/pipelines/pipeline.ts';
import { DEAD_LETTERS, timeSeriesOf, type MetricName, type Metrics } from './metrics.ts';
import type { Settings } from './settings.ts';

interface Line {
  readonly metric: MetricName;
  readonly where?: string;
  readonly by?: string;
  /** For a distribution; without it, lines are counted. */
  readonly percentile?: 50 | 95 | 99;
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

/** Beside those in a stack with a pipeline that takes requests. */
const REQUEST_TILES: readonly Tile[] = [
  {
    title: 'Requests accepted and started',
    lines: [
      { metric: 'sluice-requests-accepted', by: 'pipeline' },
      { metric: 'sluice-requests-started', by: 'pipeline' },
    ],
  },
  {
    title: 'Requested runs by outcome',
    lines: [{ metric: 'sluice-requests-ended', by: 'outcome' }],
    bars: true,
  },
  {
    title: 'Requests that wait: how many, 99th percentile',
    lines: [{ metric: 'sluice-requests-waiting', by: 'pipeline', percentile: 99 }],
  },
  {
    title: 'Seconds that the oldest request has waited: 99th percentile',
    lines: [{ metric: 'sluice-oldest-waiting-seconds', by: 'pipeline', percentile: 99 }],
  },
  {
    title: 'Dispatches whose oldest request is late',
    lines: [{ metric: 'sluice-dispatches', where: ' AND metric.labels.late="true"', by: 'pipeline' }],
    bars: true,
  },
  {
    title: 'Seconds of a requested run, and of its wait: 95th percentile',
    lines: [
      { metric: 'sluice-request-seconds', by: 'pipeline', percentile: 95 },
      { metric: 'sluice-request-wait-seconds', by: 'pipeline', percentile: 95 },
    ],
  },
  {
    title: 'Cost of a requested run, in millionths of a dollar: actual and estimate, 50th percentile',
    lines: [
      { metric: 'sluice-request-cost', by: 'pipeline', percentile: 50 },
      { metric: 'sluice-request-cost-estimate', by: 'pipeline', percentile: 50 },
    ],
  },
];

const TILE_WIDTH = 24;
const TILE_HEIGHT = 16;
const HOUR_SECONDS = 3600;

export function createDashboard({ pipelines }: Settings, metrics: Metrics): void {
  const names = all(Object.values(metrics).map(({ name }) => name));
  const tiles = takesRequests(pipelines) ? [...TILES, ...REQUEST_TILES] : TILES;
  new gcp.monitoring.Dashboard('dashboard', { dashboardJson: json(names, tiles) });
}

/** Depends on the metrics: Google refuses a chart of a metric that does not exist. */
const json = (names: Output<string[]>, shown: readonly Tile[]): Output<string> =>
  names.apply(() => {
    const widgets = [...shown.map(chart), deadLetters];
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
