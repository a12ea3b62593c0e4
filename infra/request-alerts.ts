// The alerts of requested runs: of a queue that stands still, of runs that fail, and of a slow front.
import type * as gcp from '@pulumi/gcp';
import { interpolate, type Output } from '@pulumi/pulumi';
import { timeSeriesOf, type Metrics } from './metrics.ts';
import type { RequestMetricName } from './request-metrics.ts';

type Condition = gcp.types.input.monitoring.AlertPolicyCondition;

interface Alert {
  readonly name: string;
  readonly title: string;
  readonly conditions: Condition[];
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
/** The sweep requests a dispatch every ten minutes while a request waits: two of them, and room. */
const LATE_WINDOW_SECONDS = 30 * MINUTE;
const MOST_FAILED = 0.1;
/**
 * The front writes one object and answers. A cold start takes longer, so the bound is of ten minutes in a row. Half of
 * what read-requests does is to wait: a long poll for 20 seconds, a stream for 55.
 */
const SLOW_SECONDS = { 'accept-requests': 1, 'read-requests': 60 };

/** A job that refused its parameters did what it should. */
const FAILED =
  ' AND metric.labels.outcome=one_of("failed", "quarantined", "dead-lettered")' +
  ' AND metric.labels.code!="INPUT_REFUSED"';

export const requestAlerts = (metrics: Metrics): readonly Alert[] => [
  {
    name: 'alert-requests-waiting',
    title: 'A request waits too long',
    conditions: [
      {
        displayName: 'the oldest request waits longer than the bound of its pipeline',
        conditionThreshold: {
          filter: interpolate`${typeOf(metrics, 'sluice-dispatches')} AND metric.labels.late="true"`,
          comparison: 'COMPARISON_GT',
          thresholdValue: 0,
          duration: '0s',
          aggregations: summed(LATE_WINDOW_SECONDS),
        },
      },
    ],
  },
  {
    name: 'alert-requests-failing',
    title: 'Requested runs fail',
    conditions: [
      {
        displayName: 'more than a tenth of the runs of an hour failed',
        conditionThreshold: {
          filter: interpolate`${typeOf(metrics, 'sluice-requests-ended')}${FAILED}`,
          denominatorFilter: typeOf(metrics, 'sluice-requests-ended'),
          comparison: 'COMPARISON_GT',
          thresholdValue: MOST_FAILED,
          duration: '0s',
          aggregations: summed(HOUR),
          denominatorAggregations: summed(HOUR),
        },
      },
    ],
  },
  {
    name: 'alert-requests-slow',
    title: 'The requests API answers slowly',
    conditions: Object.entries(SLOW_SECONDS).map(([service, seconds]) => slow(service, seconds)),
  },
];

/** Of a free metric of Cloud Run. Without calls there is nothing to measure, and nothing is slow. */
const slow = (service: string, seconds: number): Condition => ({
  displayName: `the 99th percentile of ${service} is over ${seconds} s for ten minutes`,
  conditionThreshold: {
    filter:
      'metric.type="run.googleapis.com/request_latencies" AND resource.type="cloud_run_revision" AND ' +
      `resource.labels.service_name="${service}"`,
    comparison: 'COMPARISON_GT',
    thresholdValue: seconds * 1000,
    duration: `${10 * MINUTE}s`,
    evaluationMissingData: 'EVALUATION_MISSING_DATA_INACTIVE',
    aggregations: [
      {
        alignmentPeriod: `${5 * MINUTE}s`,
        perSeriesAligner: 'ALIGN_DELTA',
        // One series for all revisions and response codes.
        crossSeriesReducer: 'REDUCE_PERCENTILE_99',
        groupByFields: [],
      },
    ],
  },
});

/** Depends on the metric: Google refuses an alert on a metric that does not exist. */
function typeOf(metrics: Metrics, name: RequestMetricName): Output<string> {
  const metric = metrics[name];
  if (metric === undefined) throw new RangeError(`the metric ${name} is not created`);
  return metric.name.apply(timeSeriesOf);
}

const summed = (seconds: number) => [
  {
    alignmentPeriod: `${seconds}s`,
    perSeriesAligner: 'ALIGN_DELTA',
    crossSeriesReducer: 'REDUCE_SUM',
    groupByFields: ['metric.labels.pipeline'],
  },
];
