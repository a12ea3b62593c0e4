// Brings back what people read: missing tables are made, a lost ledger is entered again, and the rows are published.
import { randomUUID } from 'node:crypto';
import { resultsBucketOf, runsBucketOf } from '../shared/deployment.ts';
import { ConfigurationError } from '../shared/errors.ts';
import { bigqueryWarehouse } from '../shared/google/bigquery.ts';
import { gcsStore } from '../shared/google/storage.ts';
import { bigqueryTables } from '../shared/google/tables.ts';
import type { Pipeline } from '../shared/pipelines/pipeline.ts';
import { readNewest } from '../shared/warehouse/ledger.ts';
import { prove, type Proof } from '../shared/warehouse/prove.ts';
import { reenterLost } from '../shared/warehouse/reenter.ts';
import { makeMissing } from '../shared/warehouse/standing.ts';
import { askForPlan, askForReplay } from './replaying.ts';
import type { Target } from './target.ts';

export interface Restored {
  /** Tables that were missing, and were made. */
  readonly made: readonly string[];
  /** Publications that a lost ledger was given again, and those that it cannot be. */
  readonly entered: number;
  readonly lost: readonly string[];
  /** The run whose rows were published again; null when nothing was amiss. */
  readonly republished: string | null;
  readonly proof: Proof;
}

/** Whatever stood before this began can be restored again: each part of it is done only where it is needed. */
export async function restore(target: Target, pipeline: Pipeline, reason: string): Promise<Restored> {
  const { config } = target;
  const project = config.GOOGLE_CLOUD_PROJECT;
  const warehouse = bigqueryWarehouse(config);
  const runs = gcsStore(runsBucketOf(project), config);
  const results = gcsStore(resultsBucketOf(project), config);
  const ports = () => ({ runs, results, warehouse, now: () => Date.now(), nonce: randomUUID() });

  const made = await makeMissing(project, pipeline, bigqueryTables(config));
  const { entered, lost } = await reenterLost(pipeline, ports());
  const newest = await readNewest(warehouse, pipeline);
  if (newest === undefined) {
    throw new ConfigurationError(`there is nothing to restore: ${pipeline.name} has no stored publication`);
  }
  const found = await prove(pipeline, ports());
  const done = { made, entered, lost };
  if (found.proved) return { ...done, republished: null, proof: found };

  // By a plan: should the mesh publish something newer meanwhile, nothing older goes over it (law 5).
  const { run } = newest;
  const plan = await askForPlan(target, pipeline, { run });
  const outcome = await askForReplay(target, pipeline, { run, apply: plan.hash, reason });
  if (outcome.outcome !== 'published') {
    throw new ConfigurationError(`run ${run} was not published again: ${outcome.outcome}, ${outcome.reason}`);
  }
  return { ...done, republished: run, proof: await prove(pipeline, ports()) };
}
