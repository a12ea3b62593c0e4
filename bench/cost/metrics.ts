// What the metrics of our own bill in a month: the bytes of the points that are written of them.
import type { PlannedResource } from '../../infra/plan.ts';
import type { Measured, Points } from './measured.ts';
import type { Usage } from './bill.ts';
import { MONTH_SECONDS } from './fixed.ts';

/** How often in a month, over all pipelines. */
export interface Happenings {
  readonly tick: number;
  readonly sweep: number;
  readonly change: number;
}

// https://cloud.google.com/products/observability/pricing: 8 bytes for a number, 80 for a distribution.
const NUMBER_BYTES = 8;
const DISTRIBUTION_BYTES = 80;
const MIB = 1024 ** 2;
const MONTH_MINUTES = MONTH_SECONDS / 60;

/**
 * Counted in two ways, for what could be read of Google's pages does not say which is true: a point for each line
 * that a metric counts, or a point in every minute for each of its series, once there was a line of it.
 */
export function metricsOf(
  plan: readonly PlannedResource[],
  measured: Measured,
  happenings: Happenings,
  pipelines: number,
): Usage {
  const bytes = bytesByMetric(plan);
  const bytesOf = (metric: string): number => {
    const found = bytes.get(metric);
    if (found === undefined)
      throw new Error(`the measurement knows a metric ${metric}, and the program has none`);
    return found;
  };
  const happened = (Object.keys(happenings) as (keyof Happenings)[]).filter((each) => happenings[each] > 0);
  const lineBytes = happened.flatMap((each) =>
    measured[each].points.map(({ metric, lines }) => happenings[each] * lines * bytesOf(metric)),
  );
  const series = distinct(happened.flatMap((each) => measured[each].points));
  const minuteBytes = series.map(
    ({ metric, labels }) => bytesOf(metric) * MONTH_MINUTES * ('pipeline' in labels ? pipelines : 1),
  );
  return { metricMib: sum(lineBytes) / MIB, metricMibByMinute: sum(minuteBytes) / MIB };
}

const bytesByMetric = (plan: readonly PlannedResource[]): ReadonlyMap<string, number> =>
  new Map(
    plan
      .filter(({ type }) => type === 'gcp:logging/metric:Metric')
      .map(({ name, inputs }) => {
        const { valueType } = inputs.metricDescriptor as { valueType: string };
        return [name, valueType === 'DISTRIBUTION' ? DISTRIBUTION_BYTES : NUMBER_BYTES];
      }),
  );

const distinct = (points: readonly Points[]): readonly Points[] => [
  ...new Map(points.map((each) => [JSON.stringify([each.metric, each.labels]), each])).values(),
];

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
