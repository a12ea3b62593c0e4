// Restores what readers use: makes missing tables, rebuilds a lost ledger, and publishes the rows.
import { randomUUID } from 'node:crypto';
import { exportsBucketOf, resultsBucketOf, runsBucketOf } from '../../shared/deployment.ts';
import { ConfigurationError } from '../../shared/errors.ts';
import { bigqueryWarehouse } from '../../shared/google/bigquery.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { bigqueryTables } from '../../shared/google/tables.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { readNewest } from '../../shared/warehouse/ledger.ts';
import { verify, type Verification } from '../../shared/reconciliation/verify.ts';
import { rebuildLedger } from '../../shared/reconciliation/rebuild-ledger.ts';
import { makeMissing } from '../../shared/reconciliation/expected-tables.ts';
import { askForPlan, askForReplay } from './replaying.ts';
import type { Target } from '../target.ts';

export interface Restored {
  /** Tables that were missing, and were made. */
  readonly made: readonly string[];
  /** Publications that a lost ledger was given again, and those that it cannot be. */
  readonly entered: number;
  readonly lost: readonly string[];
  /** The run whose rows were published again; null when nothing was missing. */
  readonly republished: string | null;
  readonly verification: Verification;
}

const MOST_ROUNDS = 5;

/** A restore may be repeated: each part of it is done only where it is needed. */
export async function restore(target: Target, pipeline: Pipeline, reason: string): Promise<Restored> {
  const { config } = target;
  const project = config.GOOGLE_CLOUD_PROJECT;
  const warehouse = bigqueryWarehouse(config);
  const runs = gcsStore(runsBucketOf(project), config);
  const results = gcsStore(resultsBucketOf(project), config);
  const exports = gcsStore(exportsBucketOf(project), config);
  const ports = () => ({ runs, results, exports, warehouse, now: () => Date.now(), nonce: randomUUID() });

  const made = await makeMissing(project, pipeline, bigqueryTables(config));
  const { entered, lost } = await rebuildLedger(pipeline, ports());
  let republished: string | null = null;
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    const newest = await readNewest(warehouse, pipeline);
    if (newest === undefined) {
      throw new ConfigurationError(`there is nothing to restore: ${pipeline.name} has no stored publication`);
    }
    const verification = await verify(pipeline, ports());
    if (verification.verified || republished === newest.run)
      return { made, entered, lost, republished, verification };
    if (await publishAgain(target, pipeline, newest, reason)) republished = newest.run;
  }
  throw new ConfigurationError(
    `${pipeline.name} was published by others ${MOST_ROUNDS} times meanwhile; give the command again`,
  );
}

/**
 * False when another publication came in between. The plan is for the newest publication and no other: a run
 * that waited for the tables may be newer by now, and nothing older goes over it (law 5).
 */
async function publishAgain(
  target: Target,
  pipeline: Pipeline,
  { id, run }: { readonly id: string; readonly run: string },
  reason: string,
): Promise<boolean> {
  const plan = await askForPlan(target, pipeline, { run });
  if (plan.expectedLatest?.publication !== id) return false;
  const { outcome, reason: message } = await askForReplay(target, pipeline, {
    run,
    apply: plan.hash,
    reason,
  });
  if (outcome === 'published') return true;
  if (outcome === 'superseded') return false;
  throw new ConfigurationError(`run ${run} was not published again: ${outcome}, ${message}`);
}
