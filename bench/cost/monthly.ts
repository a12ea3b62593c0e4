// What each of the three months costs that docs/COST.md and the console are about.
import { billOf, type Bill, type Usage } from './bill.ts';
import type { Measured } from './measured.ts';
import { usageOf, type Month, type Plans } from './month.ts';

/** The three months that the page is about. */
export const MONTHS: readonly Month[] = [
  { name: 'An idle month', pipelines: 1, changes: 0 },
  { name: 'A change a day', pipelines: 1, changes: 30 },
  { name: '1,000 pipelines, a change a day each', pipelines: 1000, changes: 30 },
];

export interface MonthlyCost {
  readonly month: Month;
  readonly usage: Usage;
  /** What is charged. */
  readonly bill: Bill;
  /** What it would be without free tiers. */
  readonly whole: Bill;
}

export const monthlyCosts = (plans: Plans, measured: Measured): readonly MonthlyCost[] =>
  MONTHS.map((month) => {
    const usage = usageOf(month, plans, measured);
    return {
      month,
      usage,
      bill: billOf(usage, { free: true }),
      whole: billOf(usage, { free: false }),
    };
  });
