// The outputs of a publication, read from the buckets, to rebuild a lost ledger.
import type { ObjectStore } from '../objects/store.ts';
import type { PublishedFile, PublishedOutput, PublishedTable } from '../outputs/published.ts';
import { objectOutputsOf, tableName, tablesOf, type ObjectOutput } from '../pipelines/outputs.ts';
import type { Pipeline } from '../pipelines/pipeline.ts';
import type { DataManifest } from '../publications/manifest-file.ts';
import { exportFolder } from '../publications/names.ts';
import { readPointer } from '../publications/pointer.ts';

export interface StoredPorts {
  readonly results: ObjectStore;
  readonly exports: ObjectStore;
}

const MOST_FILES = 10_000;

/** Undefined where an output is missing, or differs from what was published. */
export async function outputsStored(
  pipeline: Pipeline,
  manifest: DataManifest,
  publication: string,
  ports: StoredPorts,
): Promise<readonly PublishedOutput[] | undefined> {
  const outputs: PublishedOutput[] = [];
  for (const target of tablesOf(pipeline)) {
    const table = await tableStored(tableName(target), target.file, manifest, ports);
    if (table === undefined) return undefined;
    outputs.push(table);
  }
  for (const output of objectOutputsOf(pipeline)) {
    const objects = await objectsStored(pipeline.name, output, manifest, publication, ports);
    if (objects === undefined) return undefined;
    outputs.push(objects);
  }
  return outputs;
}

async function tableStored(
  table: string,
  name: string,
  { files, rows }: DataManifest,
  { results }: StoredPorts,
): Promise<PublishedTable | undefined> {
  const file = files.find((each) => each.name === name);
  const info = file && (await results.info(file.object));
  if (info === undefined || info.crc32c !== file?.crc32c) return undefined;
  const { name: object, generation, crc32c } = info;
  return { table, object, generation, crc32c, rows: file.rows ?? rows, job: null };
}

/** The champion of that time is lost with the ledger; the pointer shows the current one. */
async function objectsStored(
  pipeline: string,
  { kind, name }: ObjectOutput,
  { run, attempt }: DataManifest,
  publication: string,
  { exports }: StoredPorts,
): Promise<PublishedOutput | undefined> {
  const shown = kind === 'model' ? (await readPointer(exports, pipeline, name))?.value : undefined;
  if (shown !== undefined) {
    const { output, files, pinned } = shown;
    return { kind, output, publication: shown.publication, run: shown.run, files, pinned };
  }
  const folder = exportFolder({ pipeline, publication, attempt }, name);
  const files = (await exports.list(folder, MOST_FILES)).map(
    ({ name: object, generation, crc32c, sizeBytes, contentType }): PublishedFile => ({
      name: object.slice(folder.length),
      ...{ object, generation, crc32c, sizeBytes, contentType },
    }),
  );
  if (files.length === 0) return undefined;
  return { kind, output: name, publication, run, files, pinned: false };
}

/** The highest ordinal that a pointer shows: entries of a rebuilt ledger are numbered above it. */
export async function highestShown(pipeline: Pipeline, { exports }: StoredPorts): Promise<number> {
  const shown = await Promise.all(
    objectOutputsOf(pipeline).map(({ name }) => readPointer(exports, pipeline.name, name)),
  );
  return Math.max(0, ...shown.map((stored) => stored?.value.ordinal ?? 0));
}
