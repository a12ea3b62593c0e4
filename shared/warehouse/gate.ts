// The gate: a forecast that has become much worse than the published one waits for a person.
import type { Pipeline } from '../pipelines/pipeline.ts';
import { ledgerTable } from './tables.ts';
import type { Warehouse } from './warehouse.ts';

export type Summary = Readonly<Record<string, unknown>>;

/** Why this output is held, with the numbers; undefined when nothing speaks against it. */
export async function heldAtGate(
  warehouse: Warehouse,
  pipeline: Pipeline,
  summary: Summary,
): Promise<string | undefined> {
  const gates = pipeline.checks.filter((check) => check.kind === 'forecast-not-worse-than');
  if (gates.length === 0) return undefined;
  const published = await publishedSummary(warehouse, pipeline);
  for (const { metric, by } of gates) {
    const [before, now] = [published[metric], summary[metric]];
    if (typeof before !== 'number' || typeof now !== 'number' || now <= before * (1 + by)) continue;
    return (
      `${metric} is ${now} against ${before} of the last publication; expected at most ${before * (1 + by)} ` +
      `(${by * 100} % worse). Look at its report, and publish it all the same with sluice replay.`
    );
  }
  return undefined;
}

async function publishedSummary(warehouse: Warehouse, pipeline: Pipeline): Promise<Summary> {
  const [last] = await warehouse.query(
    `SELECT summary FROM ${warehouse.quoted(ledgerTable(pipeline))} ` +
      'WHERE pipeline = @pipeline ORDER BY published_at DESC LIMIT 1',
    { pipeline: pipeline.name },
  );
  return JSON.parse(String(last?.summary ?? '{}')) as Summary;
}
