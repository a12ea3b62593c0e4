// What the console shows of docs/COST.md: the same sums and prices, as data.
import type { Figures, MonthOf } from '../../functions/console/reading/figures.ts';
import { billOf } from './bill.ts';
import { DAYS, HOURS, tabOf } from './console.ts';
import type { Measured } from './measured.ts';
import { jobLimits, type Plans } from './month.ts';
import { monthlyCosts } from './monthly.ts';
import type { CallsOf } from './page.ts';
import { PRICES, READ_ON, type Counted, type Price } from './prices.ts';
import { casesOf } from './requests.ts';
import { waitingOf } from './waiting.ts';

const MONTHS: readonly MonthOf[] = ['idle', 'daily', 'many'];
const LEAST_SECONDS = 60;
const DIGITS = 6;
/** So that a sum of binary fractions does not change the file. */
const rounded = (amount: number): number => Number(amount.toPrecision(DIGITS));

export function figuresOf(plans: Plans, measured: Measured, calls: CallsOf): Figures {
  const months = monthlyCosts(plans, measured);
  const counted = (Object.keys(PRICES) as Counted[]).filter((each) =>
    months.some(({ usage }) => (usage[each] ?? 0) > 0),
  );
  return {
    readOn: READ_ON,
    measuredOn: measured.on,
    months: months.map(({ month: { pipelines, changes }, bill, whole }, at) => ({
      id: MONTHS[at] ?? 'idle',
      pipelines,
      changes,
      charged: rounded(bill.dollars),
      whole: rounded(whole.dollars),
      byService: Object.entries(whole.byService)
        .map(([service, dollars]) => ({ service, dollars: rounded(dollars) }))
        .toSorted((one, other) => other.dollars - one.dollars),
    })),
    run: runOf(plans, measured),
    requests: casesOf(calls.requests).map(({ id, usage }) => ({
      id,
      charged: rounded(billOf(usage, { free: true }).dollars),
      whole: rounded(billOf(usage, { free: false }).dollars),
    })),
    tab: {
      hours: HOURS,
      days: DAYS,
      whole: rounded(billOf(tabOf(calls.console), { free: false }).dollars),
    },
    prices: counted.map((each) => {
      const { unit, dollars, free, source, unread, reading }: Price = PRICES[each];
      return {
        ...{ unit, dollars, free, source },
        isCited: unread === true,
        isLeftOut: reading !== undefined,
        amounts: Object.fromEntries(
          months.map(({ usage }, at) => [MONTHS[at], rounded(usage[each] ?? 0)]),
        ) as Record<MonthOf, number>,
      };
    }),
  };
}

function runOf(plans: Plans, measured: Measured): Figures['run'] {
  const { cpu: vcpu, memory: gib } = jobLimits(plans.one);
  const { seconds } = measured.change.job;
  const billedSeconds = Math.max(LEAST_SECONDS, seconds);
  const { mesh, dollarsPerSecond } = waitingOf(plans, measured);
  const { jobVcpuSeconds, jobGibSeconds } = PRICES;
  return {
    ...{ seconds, billedSeconds, vcpu, gib },
    jobDollars: rounded(billedSeconds * (vcpu * jobVcpuSeconds.dollars + gib * jobGibSeconds.dollars)),
    functionSeconds: rounded(mesh),
    functionDollars: rounded(mesh * dollarsPerSecond),
  };
}

export const FIGURES_FILE = new URL('../../functions/console/data/figures.json', import.meta.url);
export const figuresText = (figures: Figures): string => `${JSON.stringify(figures, undefined, 2)}\n`;
