// `sluice verify`: that every accepted output was published once, and the tables are the newest publication.
import { randomUUID } from 'node:crypto';
import { exportsBucketOf, resultsBucketOf, runsBucketOf } from '../../shared/deployment.ts';
import { bigqueryWarehouse } from '../../shared/google/bigquery.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { loadPipelines, pipelineNamed } from '../../shared/pipelines/registry.ts';
import { verify as verifyFrom, type Verification } from '../../shared/reconciliation/verify.ts';
import type { Verb } from './verb.ts';

const HELP = `
It reads every outcome in the runs bucket, every entry of the ledger and every output that an entry was made
from (generation and checksum), loads the newest publication's output into staging tables, and compares it
with the published tables row by row, in BigQuery. Nothing is published. The exit code is 1 when anything
disagrees, and each difference is said.`;

export const verify: Verb = ({ program, on, report }) =>
  void program
    .command('verify <pipeline>')
    .description('recompute from the buckets and the ledger that nothing was lost, doubled or altered')
    .addHelpText('after', HELP)
    .action((name: string) =>
      on(false, async ({ config }) => {
        const pipeline = pipelineNamed(loadPipelines(), name);
        const project = config.GOOGLE_CLOUD_PROJECT;
        const verification = await verifyFrom(pipeline, {
          runs: gcsStore(runsBucketOf(project), config),
          results: gcsStore(resultsBucketOf(project), config),
          exports: gcsStore(exportsBucketOf(project), config),
          warehouse: bigqueryWarehouse(config),
          now: () => Date.now(),
          nonce: randomUUID(),
        });
        report(verification, verificationText(verification));
        if (!verification.verified) process.exitCode = 1;
      }),
    );

export function verificationText(verification: Verification): string {
  const { pipeline, verified, publications, accepted, outputs, expired, newest, tables, differences } =
    verification;
  if (!verified) {
    return [`${pipeline} is NOT proved:`, ...differences.map((difference) => `  ${difference}`)].join('\n');
  }
  return [
    `${pipeline} is proved.`,
    `  ${accepted} accepted outputs, ${publications} publications in the ledger: one for each.`,
    `  ${outputs} output files stand as they were published${expired > 0 ? `, ${expired} have expired` : ''}.`,
    ...tables.map(
      ({ table, publishedRows }) => `  ${table}: ${publishedRows} rows, those of ${newest ?? 'nothing'}.`,
    ),
  ].join('\n');
}
