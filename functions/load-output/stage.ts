// Stage and check: one attempt's CSV goes into a staging table, and the checks are asked of it.
import { PermanentError } from '../../shared/errors.ts';
import type { Log } from '../../shared/logging.ts';
import type { ObjectInfo, ObjectStore } from '../../shared/objects/store.ts';
import type { OutputFile, OutputManifest } from '../../shared/outputs/manifest.ts';
import { mainTableOf, tablesOf, type TableOutput } from '../../shared/pipelines/outputs.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { outputFolder } from '../../shared/runs/names.ts';
import { checksQuery, failedChecks } from '../../shared/warehouse/checks.ts';
import { LEDGER, publishedBefore, type LoadedOutput } from '../../shared/warehouse/ledger.ts';
import { stagingTable } from '../../shared/warehouse/tables.ts';
import type { Warehouse } from '../../shared/warehouse/warehouse.ts';
import { step } from '../../shared/tracing/spans.ts';

export interface StagePorts {
  readonly results: ObjectStore;
  readonly warehouse: Warehouse;
}

/** `unfit`: the output may not replace the published rows, and why. */
export type Staged =
  { readonly kind: 'staged'; readonly rows: number; readonly outputs: readonly LoadedOutput[] } | Unfit;
interface Unfit {
  readonly kind: 'unfit';
  readonly reason: string;
}

export type DataManifest = Extract<OutputManifest, { kind: 'output' }>;

/** Enough for a header of 10,000 columns; the rest of the file never comes near the function's memory. */
const HEADER_BYTES = 64 * 1024;

export async function stageOutput(
  pipeline: Pipeline,
  manifest: DataManifest,
  publication: string,
  { results, warehouse }: StagePorts,
): Promise<Staged> {
  const staged = await Promise.all(
    tablesOf(pipeline).map((target) =>
      stageTarget(pipeline, target, manifest, publication, { results, warehouse }),
    ),
  );
  const outputs: LoadedOutput[] = [];
  for (const one of staged) {
    if ('reason' in one) return one;
    outputs.push(one);
  }
  return { kind: 'staged', rows: outputs[0]?.rows ?? 0, outputs };
}

async function stageTarget(
  pipeline: Pipeline,
  target: TableOutput,
  manifest: DataManifest,
  publication: string,
  { results, warehouse }: StagePorts,
): Promise<LoadedOutput | Unfit> {
  const file = manifest.files.find(({ name }) => name === target.file);
  if (file === undefined) return unfit(`the manifest names no ${target.file}; expected it among its files`);
  const info = await asManifestSays(manifest, file, results);
  if (typeof info === 'string') return unfit(info);
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
  const table = `${target.table.dataset}.${target.table.table}`;
  return { table, object: file.object, generation, crc32c, rows, job: loadJob };
}

const unfit = (reason: string): Unfit => ({ kind: 'unfit', reason });

/** A manifest speaks for the attempt in whose folder it lies, and for no other (law 4). Undefined: it does. */
export function namesAnother(
  load: { readonly pipeline: Pipeline; readonly run: string; readonly attempt: number },
  manifest: OutputManifest,
): string | undefined {
  const expected = outputFolder(load.pipeline.name, load.run, load.attempt);
  const found = outputFolder(manifest.pipeline, manifest.run, manifest.attempt);
  return found === expected
    ? undefined
    : `the manifest in ${expected} names ${found}; expected its own folder`;
}

/** Only what a manifest names is read, and only if it is what the manifest says (law 4); else, how it differs. */
async function asManifestSays(
  manifest: DataManifest,
  file: OutputFile,
  results: ObjectStore,
): Promise<ObjectInfo | string> {
  const folder = outputFolder(manifest.pipeline, manifest.run, manifest.attempt);
  if (file.object !== `${folder}${file.name}`) {
    throw new PermanentError(`the manifest names ${file.object}; expected it in ${folder}`);
  }
  const info = await results.info(file.object);
  if (info === undefined) return `${file.object} does not exist, though the manifest names it`;
  if (info.sizeBytes === file.sizeBytes && info.crc32c === file.crc32c) return info;
  return (
    `${file.object} has ${info.sizeBytes} bytes and crc32c ${info.crc32c}; ` +
    `expected ${file.sizeBytes} and ${file.crc32c}, as its manifest says`
  );
}

/** A load job skips the header without reading it, so a column in the wrong place would go unseen. */
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

/** A quote in the wrong place can swallow rows without an error: what was loaded is what the job counted. */
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
  return `${file.name}: the warehouse loaded ${loaded} rows; expected ${expected}, as the manifest says`;
}

/** Only tidiness: a staging table that is left behind expires by itself. */
export async function dropStaging(
  pipeline: Pipeline,
  publication: string,
  { warehouse, log }: { readonly warehouse: Warehouse; readonly log: Log },
): Promise<void> {
  for (const target of tablesOf(pipeline)) {
    await warehouse
      .drop(stagingTable(target, publication))
      .catch((error: unknown) => log.warn({ err: error }, 'left a staging table behind'));
  }
}
