// Stages an attempt's output, whatever its kinds: loaded or checked, and visible to no reader.
import type { ObjectStore } from '../objects/store.ts';
import { objectOutputsOf, tablesOf, type ObjectOutput } from '../pipelines/outputs.ts';
import type { Pipeline } from '../pipelines/pipeline.ts';
import { step } from '../tracing/spans.ts';
import type { StoredFile } from './file-checks.ts';
import type { DataManifest } from './manifest-file.ts';
import { checkObjects } from './objects.ts';
import type { PublishedTable } from '../outputs/published.ts';
import { stageTable, type TablePorts } from './table.ts';
import { unfit, type Unfit } from './unfit.ts';

export interface StagePorts extends TablePorts {
  readonly exports: ObjectStore;
}

export interface StagedObjects {
  readonly output: ObjectOutput;
  readonly files: readonly StoredFile[];
}

export interface StagedOutput {
  readonly kind: 'staged';
  /** The rows of the main table; 0 where the pipeline fills none. */
  readonly rows: number;
  readonly tables: readonly PublishedTable[];
  readonly objects: readonly StagedObjects[];
}

export async function stageOutput(
  pipeline: Pipeline,
  manifest: DataManifest,
  publication: string,
  ports: StagePorts,
): Promise<StagedOutput | Unfit> {
  const staged = await Promise.all(
    tablesOf(pipeline).map((target) => stageTable(pipeline, target, manifest, publication, ports)),
  );
  const tables: PublishedTable[] = [];
  for (const one of staged) {
    if ('reason' in one) return one;
    tables.push(one);
  }
  const objects: StagedObjects[] = [];
  for (const output of objectOutputsOf(pipeline)) {
    const checked = await step('check', () => checkObjects(output, manifest, ports), {
      'sluice.output': output.name,
    });
    if (checked.kind === 'unfit') return checked;
    const missing = output.kind === 'model' && !manifest.models?.some(({ name }) => name === output.name);
    if (missing) return unfit(`the manifest measures no model ${output.name}; expected it among its models`);
    objects.push({ output, files: checked.files });
  }
  return { kind: 'staged', rows: tables[0]?.rows ?? 0, tables, objects };
}
