// The lock of a pipeline: a table of one row that every publication changes first. Of two transactions that change the
// same table BigQuery commits one, and a publication of files changes no other table.
import { TransientError } from '../errors.ts';
import type { TableRef } from '../pipelines/outputs.ts';
import type { Pipeline } from '../pipelines/pipeline.ts';
import { failedAssertion, LOCK_NOT_ONE_ROW } from './assertions.ts';
import { LEDGER } from './ledger.ts';
import type { Field } from './tables.ts';
import type { ScriptAnswer, Warehouse } from './warehouse.ts';

export const LOCK_FIELDS: readonly Field[] = [{ name: 'publication_id', type: 'STRING', mode: 'REQUIRED' }];

export const lockTable = ({ name }: Pipeline): TableRef => ({
  dataset: LEDGER.dataset,
  table: `lock_${name.replaceAll('-', '_')}`,
});

/** The first statements of a transaction that publishes; `@publication_id` is one of its parameters. */
export function lockStatements(warehouse: Warehouse, pipeline: Pipeline): readonly string[] {
  const lock = warehouse.quoted(lockTable(pipeline));
  return [
    `UPDATE ${lock} SET publication_id = @publication_id WHERE TRUE`,
    `ASSERT (SELECT COUNT(*) FROM ${lock}) = 1 AS '${LOCK_NOT_ONE_ROW}'`,
  ];
}

/**
 * Runs a script whose transaction begins with the lock. A lock table that was just created is empty: then the script runs
 * once more, under an id of its own, after a transaction that inserts the row.
 */
export async function runLocked(
  warehouse: Warehouse,
  pipeline: Pipeline,
  script: Parameters<Warehouse['script']>[0],
): Promise<ScriptAnswer> {
  const answer = await warehouse.script(script);
  if (!lacksRow(answer)) return answer;
  const sql = [...rowStatements(warehouse, pipeline), script.sql].join(';\n');
  const again = await warehouse.script({ ...script, id: `${script.id}-locked`, sql });
  if (!lacksRow(again)) return again;
  throw new TransientError(
    `the lock table of ${pipeline.name} lost its row again; the next delivery tries again`,
    { code: 'CONFLICT' },
  );
}

const lacksRow = (answer: ScriptAnswer): boolean =>
  answer.kind === 'refused' && failedAssertion(answer.reason) === LOCK_NOT_ONE_ROW;

/** Leaves one row in the lock table; of two concurrent transactions BigQuery aborts one. */
function rowStatements(warehouse: Warehouse, pipeline: Pipeline): readonly string[] {
  const lock = warehouse.quoted(lockTable(pipeline));
  return [
    'BEGIN TRANSACTION',
    `DELETE FROM ${lock} WHERE TRUE`,
    `INSERT INTO ${lock} (publication_id) VALUES ('')`,
    'COMMIT TRANSACTION',
  ];
}
