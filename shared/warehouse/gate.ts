// The gate: a forecast that is much worse than the published one waits for an operator.
import { z } from 'zod';
import type { Check } from '../pipelines/checks.ts';
import { tablesOf } from '../pipelines/outputs.ts';
import type { Pipeline } from '../pipelines/pipeline.ts';
import { readNewest } from './ledger.ts';
import type { Verdict } from './verdict.ts';
import type { Warehouse } from './warehouse.ts';

export type Summary = Readonly<Record<string, unknown>>;

type Gate = Extract<Check, { readonly kind: 'forecast-not-worse-than' }>;

/** Compares the job's summary of an output with that of the newest publication. */
export async function judge(warehouse: Warehouse, pipeline: Pipeline, summary: Summary): Promise<Verdict> {
  const gates = tablesOf(pipeline)
    .flatMap(({ checks }) => checks)
    .filter((check) => check.kind === 'forecast-not-worse-than');
  if (gates.length === 0) return { kind: 'none', detail: null };
  const newest = await readNewest(warehouse, pipeline);
  if (newest === undefined) return { kind: 'none', detail: null };
  const published = JSON.parse(newest.summary) as Summary;
  const verdicts = gates.map((gate) => verdictOf(gate, published, summary));
  const detail = verdicts.map((verdict) => verdict.detail).join('; ');
  if (verdicts.some(({ kind }) => kind === 'failed')) return { kind: 'failed', detail };
  return { kind: verdicts.some(({ kind }) => kind === 'passed') ? 'passed' : 'none', detail };
}

/** A day of a summary's list: its date, the sum of absolute errors, and the sum of actual values. */
const measuredDays = z
  .array(z.tuple([z.iso.date(), z.number().nonnegative(), z.number().nonnegative()]))
  .max(1000);

/**
 * Both forecasts are measured on the days that both summaries list: a year that has just begun, or single lucky days,
 * would not be comparable.
 */
export function verdictOf(gate: Gate, published: Summary, summary: Summary): Verdict {
  const { days, by, leastDays } = gate;
  const [before, now] = [published[days], summary[days]].map((list) => measuredDays.safeParse(list));
  if (before?.success !== true || now?.success !== true) {
    const whose = now?.success === true ? 'the last publication has' : 'this run has';
    return { kind: 'none', detail: `Not judged: ${whose} no list of measured days` };
  }
  const listedBefore = new Map(before.data.map((day) => [day[0], day]));
  const shared = now.data.flatMap((day) => {
    const other = listedBefore.get(day[0]);
    return other === undefined ? [] : [{ before: other, now: day }];
  });
  if (shared.length < leastDays) {
    const few = `Not judged: this run and the last publication share ${shared.length} measured days`;
    return { kind: 'none', detail: `${few}; expected at least ${leastDays}` };
  }
  const wapeBefore = wapeOf(shared.map((day) => day.before));
  const wapeNow = wapeOf(shared.map((day) => day.now));
  const most = wapeBefore * (1 + by);
  const detail =
    `WAPE is ${shown(wapeNow)}, and that of the last publication ${shown(wapeBefore)}, both on the same ` +
    `${shared.length} days; expected at most ${shown(most)} (${by * 100} % worse)`;
  return { kind: wapeNow > most ? 'failed' : 'passed', detail };
}

/** The sum of absolute errors over the sum of actuals; actuals of 0 count as 1. */
function wapeOf(days: readonly (readonly [string, number, number])[]): number {
  const errors = days.reduce((sum, [, error]) => sum + error, 0);
  const actuals = days.reduce((sum, [, , actual]) => sum + actual, 0);
  return errors / Math.max(1, actuals);
}

const shown = (wape: number): string => String(Number(wape.toFixed(4)));
