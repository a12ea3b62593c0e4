// Stages a table: loads one attempt's CSV into a staging table, and runs the checks on it.
import { counted } from '../counted.ts';
import type { Log } from '../logging.ts';
import type { ObjectStore } from '../objects/store.ts';
import type { OutputFile } from '../outputs/manifest.ts';
import { mainTableOf, tableName, tablesOf, type TableOutput } from '../pipelines/outputs.ts';
import type { Pipeline } from '../pipelines/pipeline.ts';
import { step } from '../tracing/spans.ts';
import { checksQuery, failedChecks } from '../warehouse/checks.ts';
import { LEDGER, publishedBefore } from '../warehouse/ledger.ts';
import { stagingTable } from '../warehouse/tables.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { verifiedFile, type DataManifest } from './manifest-file.ts';
import { unfit, type Unfit } from './unfit.ts';
import type { PublishedTable } from '../outputs/published.ts';

export interface TablePorts {
  readonly results: ObjectStore;
  readonly warehouse: Warehouse;
}

/** Enough for a header of 10,000 columns; the rest of the file is never read into the function's memory. */
const HEADER_BYTES = 64 * 1024;

export async function stageTable(
  pipeline: Pipeline,
  target: TableOutput,
  manifest: DataManifest,
  publication: string,
  { results, warehouse }: TablePorts,
): Promise<PublishedTable | Unfit> {
  const file = manifest.files.find(({ name }) => name === target.file);
  if (file === undefined) return unfit(`the manifest names no ${target.file}; expected it among its files`);
  const info = await verifiedFile(manifest, file, results);
  if (typeof info === 'string') return unfit(info, 'MANIFEST_MISMATCH');
  const wrong = await wrongHeader(target, file, results);
  if (wrong !== undefined) return unfit(wrong);

  const staging = stagingTable(target, publication);
  const about = { 'sluice.table': target.table.table };
  const job = {
    id: `sluice-load-${publication}-a${manifest.attempt}-${target.table.table}`,
    uri: `gs://${results.bucket}/${file.object}`,
    table: staging,
    columns: target.columns,
  };
  const loaded = await step('stage', () => warehouse.load(job), about);
  if (loaded.kind === 'refused') return unfit(`${file.name}: ${loaded.reason}`);
  const miscounted = wrongCount(pipeline, target, manifest, file, loaded.rows);
  if (miscounted !== undefined) return unfit(miscounted);

  const tables = {
    staging: warehouse.quoted(staging),
    published: warehouse.quoted(target.table),
    passedBefore: publishedBefore(warehouse.quoted(LEDGER), pipeline, manifest),
  };
  const checked = await step('check', () => warehouse.query(checksQuery(target, tables), {}), about);
  const failed = failedChecks(checked);
  if (failed !== undefined) return unfit(`${file.name}: ${failed}`);
  const { rows, job: loadJob = null } = loaded;
  const { generation, crc32c } = info;
  return { table: tableName(target), object: file.object, generation, crc32c, rows, job: loadJob };
}

/** A load job skips the header without reading it, so a misplaced column would go unnoticed. */
async function wrongHeader(
  { columns }: TableOutput,
  file: OutputFile,
  results: ObjectStore,
): Promise<string | undefined> {
  const expected = Object.keys(columns).join(',');
  const start =
    file.sizeBytes === 0 ? '' : (await results.readStart(file.object, HEADER_BYTES)).toString('utf8');
  const found = start.split(/\r?\n/, 1)[0] ?? '';
  if (found === expected) return undefined;
  return `${file.name}, line 1: found the header "${found.slice(0, 500)}"; expected "${expected}"`;
}

/** A misplaced quote can join rows without an error, so the loaded rows are compared with the job's count. */
function wrongCount(
  pipeline: Pipeline,
  target: TableOutput,
  manifest: DataManifest,
  file: OutputFile,
  loaded: number,
): string | undefined {
  const isFirst = target === mainTableOf(pipeline);
  const expected = file.rows ?? (isFirst ? manifest.rows : undefined);
  if (expected === undefined || loaded === expected) return undefined;
  return `${file.name}: BigQuery loaded ${counted(loaded, 'row')}; its manifest expects ${expected}`;
}

/** A staging table that cannot be dropped expires by itself. */
export async function dropStaging(
  pipeline: Pipeline,
  publication: string,
  { warehouse, log }: { readonly warehouse: Warehouse; readonly log: Log },
): Promise<void> {
  for (const target of tablesOf(pipeline)) {
    await warehouse
      .drop(stagingTable(target, publication))
      .catch((error: unknown) =>
        log.warn({ err: error }, 'A staging table could not be dropped; it expires by itself.'),
      );
  }
}
