// What idle costs as the years go by: a key that rotates has a version more each time, and none is ever destroyed.
import { billOf } from './bill.ts';
import type { Measured } from './measured.ts';
import { usageOf, type Plans } from './month.ts';

/** The end of each year that the page shows. */
const SHOWN = [1, 2, 3, 4, 5] as const;
/** For so many years an idle month must stay within its dollar. */
export const YEARS_WITHIN_A_DOLLAR = 3;

export interface Year {
  readonly year: number;
  readonly keyVersions: number;
  /** A month, idle, with what is free taken off. */
  readonly idleDollars: number;
}

export const yearsOf = (plans: Plans, measured: Measured): readonly Year[] =>
  SHOWN.map((year) => {
    const usage = usageOf({ name: '', pipelines: 1, changes: 0 }, plans, measured, year);
    return { year, keyVersions: usage.keyVersions ?? 0, idleDollars: billOf(usage, { free: true }).dollars };
  });
