// Verifies from the buckets and the ledger that every accepted output was published once, and nothing was altered.
import { counted } from '../../shared/counted.ts';
import { randomUUID } from 'node:crypto';
import { PermanentError } from '../../shared/errors.ts';
import { bigqueryWarehouse } from '../../shared/google/bigquery.ts';
import { bigqueryTables } from '../../shared/google/tables.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { expectedTables } from '../../shared/reconciliation/expected-tables.ts';
import { verify, type Verification } from '../../shared/reconciliation/verify.ts';
import type { Target } from '../target.ts';
import type { Sluice } from '../verbs/verb.ts';
import { exportsOf, resultsOf, runsOf } from './stores.ts';

/** The exit code is 1 when anything disagrees. */
export async function verifyNow(sluice: Sluice, target: Target, pipeline: Pipeline): Promise<void> {
  await requireTables(sluice, target, pipeline);
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
  sluice.hint(toRestore(sluice, pipeline));
}

/** A missing table can be compared with nothing. */
async function requireTables(sluice: Sluice, { config }: Target, pipeline: Pipeline): Promise<void> {
  const tables = bigqueryTables(config);
  const expected = expectedTables(config.GOOGLE_CLOUD_PROJECT, pipeline);
  const found = await Promise.all(
    expected.map(async ({ table }) =>
      (await tables.exists(table)) ? [] : [`${table.dataset}.${table.table}`],
    ),
  );
  const missing = found.flat();
  if (missing.length === 0) return;
  throw new PermanentError(
    `Check FAILED for ${pipeline.name}: ${missing.join(', ')} ${missing.length === 1 ? 'does' : 'do'} not exist.\n${toRestore(sluice, pipeline)}`,
    { code: 'TABLE_MISSING' },
  );
}

const toRestore = (sluice: Sluice, { name }: Pipeline): string =>
  `To bring the published outputs back from the stored ones: ${sluice.line('restore', name, '--reason', '<why>')}`;

export function verificationText(verification: Verification): string {
  const { pipeline, verified, publications, accepted, outputs, expired, newest, tables, differences } =
    verification;
  if (!verified)
    return [`Check FAILED for ${pipeline}:`, ...differences.map((difference) => `  ${difference}`)].join(
      '\n',
    );
  return [
    `Check passed for ${pipeline}: nothing was lost, doubled or changed.`,
    `  ${counted(accepted, 'accepted output')}, ${counted(publications, 'publication')} in the ledger: one for each.`,
    `  ${counted(outputs, 'output file')} ${outputs === 1 ? 'is as it was' : 'are as they were'} published${expired > 0 ? `, ${expired} ${expired === 1 ? 'has' : 'have'} expired` : ''}.`,
    ...tables.map(
      ({ table, publishedRows }) =>
        `  ${table}: ${counted(publishedRows, 'row')}, those of ${newest ?? 'no publication'}.`,
    ),
  ].join('\n');
}
