// The tables that a pipeline needs: those that readers use, the ledger, the lock, and the freshness view.
import { tablesOf, type TableRef } from '../pipelines/outputs.ts';
import { isWatch, type Pipeline, type WatchPipeline } from '../pipelines/pipeline.ts';
import { freshnessQuery, freshnessView } from '../warehouse/freshness.ts';
import { LEDGER_FIELDS, LEDGER } from '../warehouse/ledger.ts';
import { LOCK_FIELDS, lockTable } from '../warehouse/lock.ts';
import { publishedFields } from '../warehouse/tables.ts';
import type { Shape, Tables } from '../warehouse/warehouse.ts';

/** In the order of their dependencies, each as the infra program creates it. None for a pipeline without publications. */
export const expectedTables = (
  project: string,
  pipeline: Pipeline,
): readonly { readonly table: TableRef; readonly shape: Shape }[] =>
  isWatch(pipeline) ? tablesAround(project, pipeline) : [];

const tablesAround = (project: string, pipeline: WatchPipeline) => [
  { table: LEDGER, shape: { fields: LEDGER_FIELDS } },
  { table: lockTable(pipeline), shape: { fields: LOCK_FIELDS } },
  ...tablesOf(pipeline).map((target) => ({
    table: target.table,
    shape: { fields: publishedFields(target) },
  })),
  ...viewsOf(project, pipeline),
];

function viewsOf(project: string, pipeline: WatchPipeline) {
  const view = freshnessView(pipeline);
  return view === undefined ? [] : [{ table: view, shape: { query: freshnessQuery(project, pipeline) } }];
}

/** Creates the missing ones, and returns their names. */
export async function makeMissing(
  project: string,
  pipeline: Pipeline,
  tables: Tables,
): Promise<readonly string[]> {
  const made: string[] = [];
  for (const { table, shape } of expectedTables(project, pipeline)) {
    if (await tables.makeIfMissing(table, shape)) made.push(`${table.dataset}.${table.table}`);
  }
  return made;
}
