// The part of docs/COST.md about what Google may charge besides: where its pages leave it open, each reading has its price.
import { dollars, priceOf, table } from './amounts.ts';
import type { Bill } from './bill.ts';
import { ALERTS_CHARGED_FROM, PRICES, READ_ON, type Reading } from './prices.ts';

export interface Doubted {
  readonly month: string;
  /** What is charged. */
  readonly bill: Bill;
}

const { alertConditions, alertSeries, alertReferences, alertPoints } = PRICES;

const READINGS: Readonly<Record<Reading, string>> = {
  conditions: `alerts, as announced in 2024: ${priceOf(alertConditions)} a condition, ${priceOf(alertSeries)} series that a query returned`,
  references: `alerts, as cited since 2026: ${priceOf(alertReferences)} for each metric that a condition refers to, ${priceOf(alertPoints)} points that a query returned`,
  minutes: 'metrics of our own, if every series is written every minute',
};

export function doubts(months: readonly Doubted[]): string {
  const [idle] = months;
  if (idle === undefined) return '';
  const withAlerts = (reading: Reading) => dollars(idle.bill.dollars + idle.bill.readings[reading]);
  const past = ALERTS_CHARGED_FROM.filter((day) => day <= READ_ON).length;
  return `${table(
    ['besides, a month', ...months.map(({ month }) => month)],
    (Object.keys(READINGS) as Reading[]).map((reading) => [
      READINGS[reading],
      ...months.map(({ bill }) => dollars(bill.readings[reading])),
    ]),
  )}

- **Alerts** were free for years. Google has announced a price, and has changed it since: its page on [what alerts cost](${alertConditions.source}) named conditions and series, and now names points returned. So only one of the two rows applies, and the second is the newer; pages that cite Google's [examples](${alertPoints.source}) have its numbers. The start is not certain: they name "no sooner than" ${listOf(ALERTS_CHARGED_FROM)}, of which ${past} of ${ALERTS_CHARGED_FROM.length} were past on ${READ_ON}. No page shows that charging has begun, so it is in no sum here. With it an idle month is ${withAlerts('references')}, or ${withAlerts('conditions')} by the older price, and no longer a dollar: check the first bill. A condition on a log line refers to no metric. One that groups by pipeline returns a series for each; queries are made every 30 seconds.
- **Metrics of our own** bill by the bytes of their points. The sums count a point for each line that is counted: Google's pages do not say whether points are written in minutes without a line. If they are, the third row replaces the metrics in the sums; with few pipelines both are free. With many, leave the label \`pipeline\` off the distributions (\`infra/metrics.ts\`).`;
}

const listOf = (days: readonly string[]): string => `${days.slice(0, -1).join(', ')} or ${days.at(-1) ?? ''}`;
