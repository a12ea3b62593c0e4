// The lock of a pipeline: a table of one row that every publication changes first. BigQuery lets one of two
// transactions through that change the same table, and a publication of files changes no other one.
import { TransientError } from '../errors.ts';
import type { TableRef } from '../pipelines/outputs.ts';
import type { Pipeline } from '../pipelines/pipeline.ts';
import { LEDGER } from './ledger.ts';
import type { Field } from './tables.ts';
import type { ScriptAnswer, Warehouse } from './warehouse.ts';

export const LOCK_FIELDS: readonly Field[] = [{ name: 'publication_id', type: 'STRING', mode: 'REQUIRED' }];

export const lockTable = ({ name }: Pipeline): TableRef => ({
  dataset: LEDGER.dataset,
  table: `lock_${name.replaceAll('-', '_')}`,
});

const NO_ROW = 'the lock of the pipeline does not have one row';

/** The first statements of a transaction that publishes; `@publication_id` is one of its parameters. */
export function lockStatements(warehouse: Warehouse, pipeline: Pipeline): readonly string[] {
  const lock = warehouse.quoted(lockTable(pipeline));
  return [
    `UPDATE ${lock} SET publication_id = @publication_id WHERE TRUE`,
    `ASSERT (SELECT COUNT(*) FROM ${lock}) = 1 AS '${NO_ROW}'`,
  ];
}

/**
 * Runs a script whose transaction begins with the lock. A lock that was just made, or made again, is empty: then the
 * script runs once more, under an id of its own, behind a transaction that gives the lock its row.
 */
export async function runLocked(
  warehouse: Warehouse,
  pipeline: Pipeline,
  script: Parameters<Warehouse['script']>[0],
): Promise<ScriptAnswer> {
  const answer = await warehouse.script(script);
  if (answer.kind === 'done' || !answer.reason.includes(NO_ROW)) return answer;
  const sql = [...rowStatements(warehouse, pipeline), script.sql].join(';\n');
  const again = await warehouse.script({ ...script, id: `${script.id}-locked`, sql });
  if (again.kind === 'done' || !again.reason.includes(NO_ROW)) return again;
  throw new TransientError(`the lock of ${pipeline.name} lost its row: ${again.reason}`);
}

/** Whatever the lock holds, it has one row afterwards: two at once change the same table, and one is aborted. */
function rowStatements(warehouse: Warehouse, pipeline: Pipeline): readonly string[] {
  const lock = warehouse.quoted(lockTable(pipeline));
  return [
    'BEGIN TRANSACTION',
    `DELETE FROM ${lock} WHERE TRUE`,
    `INSERT INTO ${lock} (publication_id) VALUES ('')`,
    'COMMIT TRANSACTION',
  ];
}
