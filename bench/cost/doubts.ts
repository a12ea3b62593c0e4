// The part of docs/COST.md about possible additional charges: where Google's pages are ambiguous, each reading is computed.
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
  minutes: 'our own metrics, if every series were written every minute',
};

export function doubts(months: readonly Doubted[]): string {
  const [idle] = months;
  if (idle === undefined) return '';
  const withAlerts = (reading: Reading) => dollars(idle.bill.dollars + idle.bill.readings[reading]);
  const past = ALERTS_CHARGED_FROM.filter((day) => day <= READ_ON).length;
  return `${table(
    ['additional, a month', ...months.map(({ month }) => month)],
    (Object.keys(READINGS) as Reading[]).map((reading) => [
      READINGS[reading],
      ...months.map(({ bill }) => dollars(bill.readings[reading])),
    ]),
  )}

- **Alerts** were free for years. Google has announced a charge, and has changed the price model since: its page on [what alerts cost](${alertConditions.source}) first priced conditions and series, and now prices returned points. So only one of the two rows can apply. The second is the newer; its numbers come from citations of Google's [examples](${alertPoints.source}). The start is uncertain: the sources say "no sooner than" ${listOf(ALERTS_CHARGED_FROM)}, of which ${past} of ${ALERTS_CHARGED_FROM.length} were past on ${READ_ON}. No source shows that charging has begun, so it is in no sum here. With this charge an idle month costs ${withAlerts('references')}, or ${withAlerts('conditions')} at the older price: check the first bill. A condition on a log line refers to no metric. A condition that groups by pipeline returns one series per pipeline, queried every 30 seconds.
- **Our own metrics** are billed by the bytes of their points. The sums count one point per counted line. Google's pages do not say whether points are also written in minutes without a line. If they are, the third row replaces the metrics in the sums; with few pipelines both are free. With many, remove the label \`pipeline\` from the distributions (\`infra/metrics.ts\`).`;
}

const listOf = (days: readonly string[]): string => `${days.slice(0, -1).join(', ')} or ${days.at(-1) ?? ''}`;
