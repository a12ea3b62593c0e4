// The alerts, each with its section in docs/RUNBOOK.md; and the budget.
import * as gcp from '@pulumi/gcp';
import { interpolate, type Input, type Output } from '@pulumi/pulumi';
import { firesDaily, readCron } from '../shared/pipelines/cron.ts';
import { takesRequests, watchesOf } from '../shared/pipelines/pipeline.ts';
import { DEAD_LETTERS, timeSeriesOf, type MeshMetricName, type Metrics } from './metrics.ts';
import { filterOf, type Lines } from './metric-lines.ts';
import { requestAlerts } from './request-alerts.ts';
import type { Settings } from './settings.ts';

type Condition = gcp.types.input.monitoring.AlertPolicyCondition;
type Channels = readonly gcp.monitoring.NotificationChannel[];

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SWEEP_SILENT_SECONDS = 30 * MINUTE;
// The longest window of Cloud Monitoring, and the length of the day on which clocks are set back.
const LONGEST_LOOKBACK_SECONDS = 25 * HOUR;

const NOT_PUBLISHED: Lines = {
  event: 'run-ended',
  where: { outcome: ['failed', 'quarantined', 'held', 'dead-lettered'] },
};
const MOST_BUDGET_CHANNELS = 5;

export function createAlerts(settings: Settings, metrics: Metrics): void {
  const channels = settings.alertEmails.map(
    (email) =>
      new gcp.monitoring.NotificationChannel(`email-${email}`, {
        displayName: `Sluice: ${email}`,
        type: 'email',
        labels: { email_address: email },
      }),
  );
  const alert = (name: string, title: string, conditions: Condition[], more: object = {}) =>
    createAlert(name, title, conditions, channels, more);

  // It matches the log line itself, so that the mail names the run and its reason.
  alert(
    'alert-run-failed',
    'A run ended and was not published',
    [
      {
        displayName: 'a run failed, was quarantined, held or dead-lettered',
        conditionMatchedLog: {
          filter: filterOf(NOT_PUBLISHED),
          labelExtractors: Object.fromEntries(
            ['pipeline', 'run', 'outcome', 'code', 'reason'].map((key) => [
              key,
              `EXTRACT(jsonPayload.${key})`,
            ]),
          ),
        },
      },
    ],
    { notificationRateLimit: { period: `${5 * MINUTE}s` } },
  );
  alert('alert-not-fresh', 'Outputs are stale beyond the freshness objective', [
    {
      displayName: 'a change waits longer than the freshness objective',
      conditionThreshold: above(metrics, 'sluice-polls', ' AND metric.labels.fresh="false"', 2 * HOUR),
    },
    ...notPolled(settings, metrics),
  ]);
  alert('alert-dead-letters', 'Dead letters present', [
    {
      displayName: 'a dead-letter subscription holds a message',
      conditionThreshold: {
        filter: DEAD_LETTERS,
        comparison: 'COMPARISON_GT',
        thresholdValue: 0,
        duration: '0s',
        aggregations: [{ alignmentPeriod: `${5 * MINUTE}s`, perSeriesAligner: 'ALIGN_MAX' }],
      },
    },
  ]);
  alert('alert-sweep-silent', 'The sweep has not run for 30 minutes', [
    {
      displayName: 'no sweep by schedule finished',
      conditionThreshold: silent(metrics, 'sluice-sweeps', '', SWEEP_SILENT_SECONDS, []),
    },
  ]);
  if (takesRequests(settings.pipelines))
    for (const { name, title, conditions } of requestAlerts(metrics)) alert(name, title, conditions);
  createBudget(settings, channels);
}

/** A pipeline that is polled less than once a day is not watched: the window of the alert is too short. */
function notPolled({ pipelines }: Settings, metrics: Metrics): Condition[] {
  const watches = watchesOf(pipelines);
  const rare = watches.filter(({ trigger }) => !firesDaily(readCron(trigger.schedule)));
  if (rare.length === watches.length) return [];
  const daily = rare.map(({ name }) => ` AND metric.labels.pipeline!="${name}"`).join('');
  const seconds = LONGEST_LOOKBACK_SECONDS;
  return [
    {
      displayName: 'the source was not polled for a day',
      conditionThreshold: silent(metrics, 'sluice-polls', daily, seconds, ['metric.labels.pipeline']),
    },
  ];
}

function createAlert(
  name: string,
  title: string,
  conditions: Condition[],
  channels: Channels,
  strategy: object,
): void {
  new gcp.monitoring.AlertPolicy(name, {
    displayName: `Sluice: ${title}`,
    combiner: 'OR',
    conditions,
    notificationChannels: channels.map(({ id }) => id),
    alertStrategy: { autoClose: `${DAY}s`, ...strategy },
    documentation: {
      mimeType: 'text/markdown',
      subject: `Sluice: ${title}`,
      content: `What it means, what to check and what to type: \`docs/RUNBOOK.md\`, section \`${name}\`.`,
    },
  });
}

/** Depends on the metric: Google refuses an alert on a metric that does not exist. */
const typeOf = (metrics: Metrics, name: MeshMetricName): Output<string> =>
  metrics[name].name.apply(timeSeriesOf);

const summed = (seconds: number, groupByFields: string[]) => [
  {
    alignmentPeriod: `${seconds}s`,
    perSeriesAligner: 'ALIGN_DELTA',
    crossSeriesReducer: 'REDUCE_SUM',
    groupByFields,
  },
];

/** At least one line within so many seconds. */
const above = (metrics: Metrics, name: MeshMetricName, where: string, seconds: number) => ({
  filter: interpolate`${typeOf(metrics, name)}${where}`,
  comparison: 'COMPARISON_GT',
  thresholdValue: 0,
  duration: '0s',
  aggregations: summed(seconds, ['metric.labels.pipeline']),
});

/** No line within so many seconds. Missing data counts as well, which requires a duration of a minute. */
const silent = (
  metrics: Metrics,
  name: MeshMetricName,
  where: string,
  seconds: number,
  groupByFields: string[],
) => ({
  filter: interpolate`${typeOf(metrics, name)}${where}`,
  comparison: 'COMPARISON_LT',
  thresholdValue: 1,
  duration: `${MINUTE}s`,
  evaluationMissingData: 'EVALUATION_MISSING_DATA_ACTIVE',
  aggregations: summed(seconds - MINUTE, groupByFields),
});

/** Only if the stack names a billing account: the deployer may have no right to it. */
function createBudget({ project, billingAccount, monthlyBudget }: Settings, channels: Channels): void {
  if (billingAccount === undefined) return;
  const { number } = gcp.organizations.getProjectOutput({ projectId: project });
  const ids: Input<string>[] = channels.slice(0, MOST_BUDGET_CHANNELS).map(({ id }) => id);
  new gcp.billing.Budget('budget', {
    billingAccount,
    displayName: `Sluice in ${project} (docs/RUNBOOK.md, section budget)`,
    budgetFilter: { projects: [interpolate`projects/${number}`] },
    amount: { specifiedAmount: { units: monthlyBudget } },
    thresholdRules: [
      { thresholdPercent: 0.5 },
      { thresholdPercent: 1 },
      { thresholdPercent: 1, spendBasis: 'FORECASTED_SPEND' },
    ],
    ...(ids.length === 0 ? {} : { allUpdatesRule: { monitoringNotificationChannels: ids } }),
  });
}
