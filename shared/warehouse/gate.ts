// The gate: a forecast that has become much worse than the published one waits for a person.
import type { Pipeline } from '../pipelines/pipeline.ts';
import { readNewest } from './ledger.ts';
import type { Warehouse } from './warehouse.ts';

export type Summary = Readonly<Record<string, unknown>>;

/** `none`: the pipeline has no gate, or there is nothing to compare with. `detail` has the numbers. */
export type Verdict =
  | { readonly kind: 'none'; readonly detail: null }
  | { readonly kind: 'passed' | 'failed'; readonly detail: string };

/** Judges an output by its job's own summary, beside that of the newest publication. */
export async function judge(warehouse: Warehouse, pipeline: Pipeline, summary: Summary): Promise<Verdict> {
  const gates = pipeline.checks.filter((check) => check.kind === 'forecast-not-worse-than');
  if (gates.length === 0) return { kind: 'none', detail: null };
  const newest = await readNewest(warehouse, pipeline);
  const published = JSON.parse(newest?.summary ?? '{}') as Summary;
  const passed: string[] = [];
  for (const { metric, by } of gates) {
    const [before, now] = [published[metric], summary[metric]];
    if (typeof before !== 'number' || typeof now !== 'number') continue;
    const most = before * (1 + by);
    const detail =
      `${metric} is ${now} against ${before} of the last publication; ` +
      `expected at most ${most} (${by * 100} % worse)`;
    if (now > most) return { kind: 'failed', detail };
    passed.push(detail);
  }
  return passed.length === 0 ? { kind: 'none', detail: null } : { kind: 'passed', detail: passed.join('; ') };
}
