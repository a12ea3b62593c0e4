// What the alerts would bill in a month: their conditions, and the series that Cloud Monitoring reads for each of them.
import type { PlannedResource } from '../../infra/plan.ts';
import { sumOf, type Usage } from './bill.ts';
import { MONTH_SECONDS } from './fixed.ts';

interface Condition {
  readonly displayName: string;
  readonly conditionMatchedLog?: object;
  readonly conditionThreshold?: {
    readonly filter: string;
    readonly aggregations?: readonly {
      readonly crossSeriesReducer?: string;
      readonly groupByFields?: readonly string[];
    }[];
  };
}

// https://cloud.google.com/stackdriver/docs/observability/pricing-examples: a query every 30 seconds.
const MONTH_QUERIES = MONTH_SECONDS / 30;

export function alertsOf(plan: readonly PlannedResource[], pipelines: number): Usage {
  const conditions = plan
    .filter(({ type }) => type === 'gcp:monitoring/alertPolicy:AlertPolicy')
    .flatMap(({ inputs }) => inputs.conditions as readonly Condition[]);
  return sumOf(
    conditions.map((condition) => {
      // Of lines, not of a metric: nothing is queried.
      if (condition.conditionMatchedLog !== undefined) return { alertConditions: 1 };
      const queried = seriesOf(condition, plan, pipelines) * MONTH_QUERIES;
      return { alertConditions: 1, alertReferences: 1, alertSeries: queried, alertPoints: queried };
    }),
  );
}

/** How many series a query answers with: one for each group, or all that its filter names. */
function seriesOf(
  { displayName, conditionThreshold }: Condition,
  plan: readonly PlannedResource[],
  pipelines: number,
): number {
  const { filter = '', aggregations = [] } = conditionThreshold ?? {};
  const { crossSeriesReducer, groupByFields = [] } = aggregations.at(-1) ?? {};
  if (crossSeriesReducer !== undefined) {
    if (groupByFields.length === 0) return 1;
    if (groupByFields.join() === 'metric.labels.pipeline') return pipelines;
  }
  const [, subscriptions] = /subscription_id=monitoring\.regex\.full_match\("([^"]+)"\)/.exec(filter) ?? [];
  if (crossSeriesReducer !== undefined || subscriptions === undefined)
    throw new Error(
      `no number of series is declared for the alert "${displayName}"; see bench/cost/alerts.ts`,
    );
  const named = new RegExp(`^${subscriptions}$`);
  return plan.filter(
    ({ type, inputs }) => type === 'gcp:pubsub/subscription:Subscription' && named.test(String(inputs.name)),
  ).length;
}
