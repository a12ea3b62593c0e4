// Verifies from the buckets and the ledger that every accepted output was published once, and nothing was altered.
import { randomUUID } from 'node:crypto';
import { bigqueryWarehouse } from '../../shared/google/bigquery.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { verify, type Verification } from '../../shared/reconciliation/verify.ts';
import type { Target } from '../target.ts';
import type { Sluice } from '../verbs/verb.ts';
import { exportsOf, resultsOf, runsOf } from './stores.ts';

/** The exit code is 1 when anything disagrees. */
export async function verifyNow(sluice: Sluice, target: Target, pipeline: Pipeline): Promise<void> {
  const verification = await verify(pipeline, {
    runs: runsOf(target),
    results: resultsOf(target),
    exports: exportsOf(target),
    warehouse: bigqueryWarehouse(target.config),
    now: () => Date.now(),
    nonce: randomUUID(),
  });
  sluice.report(verification, verificationText(verification));
  if (verification.verified) return;
  process.exitCode = 1;
  sluice.hint(
    `To bring the published outputs back from the stored ones: ${sluice.line('restore', pipeline.name, '--reason', '<why>')}`,
  );
}

export function verificationText(verification: Verification): string {
  const { pipeline, verified, publications, accepted, outputs, expired, newest, tables, differences } =
    verification;
  if (!verified)
    return [`Check FAILED for ${pipeline}:`, ...differences.map((difference) => `  ${difference}`)].join(
      '\n',
    );
  return [
    `Check passed for ${pipeline}: nothing was lost, doubled or changed.`,
    `  ${accepted} accepted outputs, ${publications} publications in the ledger: one for each.`,
    `  ${outputs} output files are as they were published${expired > 0 ? `, ${expired} have expired` : ''}.`,
    ...tables.map(
      ({ table, publishedRows }) =>
        `  ${table}: ${publishedRows} rows, those of ${newest ?? 'no publication'}.`,
    ),
  ].join('\n');
}
