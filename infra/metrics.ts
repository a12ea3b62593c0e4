// The metrics, which Cloud Logging extracts from the functions' log lines (shared/completion/ended.ts and others).
import * as gcp from '@pulumi/gcp';
import { takesRequests } from '../shared/pipelines/pipeline.ts';
import { filterOf, type Definition } from './metric-lines.ts';
import { REQUEST_METRICS, type RequestMetricName } from './request-metrics.ts';
import type { Settings } from './settings.ts';

const ENDED = { event: 'run-ended' } as const;
const BY_PIPELINE = ['pipeline'];

const DEFINITIONS = {
  'sluice-runs-ended': { about: 'Runs that ended', lines: ENDED, labels: ['pipeline', 'outcome'] },
  'sluice-run-seconds': {
    about: 'From the request of a run to its end',
    lines: ENDED,
    labels: BY_PIPELINE,
    value: 'seconds',
    unit: 's',
  },
  'sluice-job-seconds': {
    about: "The job's share of a run",
    lines: ENDED,
    labels: BY_PIPELINE,
    value: 'jobSeconds',
    unit: 's',
  },
  'sluice-lag-seconds': {
    about: "From the source's newest change to its publication",
    lines: { ...ENDED, where: { outcome: ['published'] } },
    labels: BY_PIPELINE,
    value: 'lagSeconds',
    unit: 's',
  },
  'sluice-rows': {
    about: 'Rows that a run published',
    lines: { ...ENDED, where: { outcome: ['published'] } },
    labels: BY_PIPELINE,
    value: 'rows',
    unit: '1',
  },
  'sluice-polls': {
    about: 'Polls of the source, and whether the freshness objective was met',
    lines: { event: 'polled' },
    labels: ['pipeline', 'outcome', 'fresh'],
  },
  // Finished executions trigger sweeps as well; the alert watches those of the schedule.
  'sluice-sweeps': {
    about: 'Sweeps by schedule that finished',
    lines: { event: 'swept', where: { occasion: ['schedule'] } },
  },
} as const satisfies Readonly<Record<string, Definition>>;

export type MeshMetricName = keyof typeof DEFINITIONS;
export type MetricName = MeshMetricName | RequestMetricName;
type Metric = gcp.logging.Metric;
/** Those of requested runs only where a pipeline takes requests. */
export type Metrics = Readonly<Record<MeshMetricName, Metric>> &
  Readonly<Partial<Record<RequestMetricName, Metric>>>;

export function createMetrics({ pipelines }: Settings): Metrics {
  const definitions: Readonly<Record<string, Definition>> = {
    ...DEFINITIONS,
    ...(takesRequests(pipelines) ? REQUEST_METRICS : {}),
  };
  const created = Object.entries(definitions).map(([name, definition]) => [
    name,
    createMetric(name, definition),
  ]);
  return Object.fromEntries(created) as Metrics;
}

/** The time series of a metric, in Cloud Monitoring's filter language. */
export const timeSeriesOf = (name: string): string =>
  `metric.type="logging.googleapis.com/user/${name}" AND resource.type="cloud_run_revision"`;

/** A free metric of Pub/Sub: the number of messages in the dead-letter subscriptions. */
export const DEAD_LETTERS =
  'metric.type="pubsub.googleapis.com/subscription/num_undelivered_messages" AND ' +
  'resource.type="pubsub_subscription" AND ' +
  'resource.labels.subscription_id=monitoring.regex.full_match(".*-dead-letter")';

function createMetric(name: string, { about, lines, labels = [], value, unit }: Definition) {
  return new gcp.logging.Metric(name, {
    name,
    description: about,
    filter: filterOf(lines),
    metricDescriptor: {
      metricKind: 'DELTA',
      valueType: value === undefined ? 'INT64' : 'DISTRIBUTION',
      unit: unit ?? '1',
      displayName: about,
      labels: labels.map((key) => ({ key, valueType: 'STRING' })),
    },
    labelExtractors: Object.fromEntries(labels.map((key) => [key, `EXTRACT(jsonPayload.${key})`])),
    ...(value === undefined
      ? {}
      : {
          valueExtractor: `EXTRACT(jsonPayload.${value})`,
          // From 1 to 4 million; each bucket is twice as wide as the one before.
          bucketOptions: { exponentialBuckets: { numFiniteBuckets: 22, growthFactor: 2, scale: 1 } },
        }),
  });
}
