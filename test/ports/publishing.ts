// Sets up the publication of files and models, through the unmodified clients.
import { gcsStore } from '../../shared/google/storage.ts';
import { toJson } from '../../shared/objects/json.ts';
import type { ModelResult } from '../../shared/outputs/manifest.ts';
import { hours, minutes } from '../../shared/pipelines/duration.ts';
import type { Output } from '../../shared/pipelines/outputs.ts';
import { definePipeline, type Pipeline } from '../../shared/pipelines/pipeline.ts';
import { fromEnv } from '../../shared/pipelines/setting.ts';
import { bucket, manyOf } from '../../shared/pipelines/source.ts';
import { watch } from '../../shared/pipelines/trigger.ts';
import type { DataManifest } from '../../shared/publications/manifest-file.ts';
import { publish } from '../../shared/publications/publish.ts';
import { stageOutput, type StagePorts } from '../../shared/publications/stage.ts';
import { manifestObject, outputFolder } from '../../shared/runs/names.ts';
import { LEDGER, LEDGER_FIELDS, type Publication } from '../../shared/warehouse/ledger.ts';
import { LOCK_FIELDS, lockTable } from '../../shared/warehouse/lock.ts';
import { bigqueryWarehouse } from '../../shared/google/bigquery.ts';
import { publicationId } from '../../shared/warehouse/tables.ts';
import { startMesh, PROJECT, type WatchedMesh } from './cloud.ts';

const pipelineOf = (name: string, ...outputs: Output[]): Pipeline =>
  definePipeline({
    name,
    trigger: watch({
      schedule: '0 * * * *',
      freshness: hours(2),
      source: bucket({
        bucket: fromEnv('B'),
        prefix: '',
        settleSeconds: fromEnv('S', '0'),
        files: { x: manyOf(/x/) },
      }),
    }),
    job: { image: 'heat', cpu: 1, memory: '1Gi', timeout: minutes(5), attempts: 1 },
    outputs,
  });

let mesh: WatchedMesh;
export let ports: StagePorts;

export async function openPublishing(): Promise<WatchedMesh> {
  mesh = await startMesh();
  const { cloud, config } = mesh;
  for (const name of ['runs', 'results', 'exports'])
    cloud.storage.ensureBucket({ name, location: 'EU', projectId: PROJECT });
  await cloud.bigquery.ensureDataset({ datasetId: LEDGER.dataset, location: 'EU' });
  await ensureTable(LEDGER.table, LEDGER_FIELDS);
  ports = {
    results: gcsStore('results', config),
    exports: gcsStore('exports', config),
    warehouse: bigqueryWarehouse(config),
  };
  return mesh;
}

async function ensureTable(tableId: string, fields: readonly object[]): Promise<void> {
  const schema = JSON.parse(JSON.stringify({ fields })) as never;
  await mesh.cloud.bigquery.ensureTable({ datasetId: LEDGER.dataset, tableId, schema });
}

/** Each with a lock of its own. */
export async function opened(name: string, ...outputs: Output[]): Promise<Pipeline> {
  const pipeline = pipelineOf(name, ...outputs);
  await ensureTable(lockTable(pipeline).table, LOCK_FIELDS);
  return pipeline;
}

export const runOf = (sequence: number) => `${String(sequence).padStart(6, '0')}-0123abcd`;

interface Written {
  readonly files: Readonly<Record<string, string>>;
  readonly models?: readonly ModelResult[];
}

/** Writes what the job of a run would write, and gives its manifest. */
export async function written(pipeline: Pipeline, sequence: number, what: Written): Promise<DataManifest> {
  const run = runOf(sequence);
  const folder = outputFolder(pipeline.name, run, 1);
  const named: DataManifest['files'][number][] = [];
  for (const [name, text] of Object.entries(what.files)) {
    const type = name.endsWith('.json') ? 'application/json' : 'image/tiff';
    await ports.results.create(`${folder}${name}`, text, type);
    const info = await ports.results.info(`${folder}${name}`);
    named.push({
      name,
      object: `${folder}${name}`,
      sizeBytes: info?.sizeBytes ?? 0,
      crc32c: info?.crc32c ?? '',
    });
  }
  const manifest: DataManifest = {
    ...{ kind: 'output', pipeline: pipeline.name, run, attempt: 1, rows: 0, files: named },
    writtenAt: '2026-01-05T00:00:00.000Z',
    ...(what.models === undefined ? {} : { models: what.models }),
  };
  await ports.results.create(manifestObject(pipeline.name, run, 1), toJson(manifest), 'application/json');
  return manifest;
}

const ORIGIN = { revision: null, cause: null, requestedAt: null, frozenAt: null, files: null };

export async function published(
  pipeline: Pipeline,
  manifest: DataManifest,
  more: Partial<Pick<Publication, 'kind' | 'allowOlder'>> & { readonly replay?: string } = {},
) {
  const { replay, ...settings } = more;
  const id = publicationId(pipeline, manifest.run, replay);
  const staged = await stageOutput(pipeline, manifest, id, ports);
  if (staged.kind === 'unfit') return staged;
  const made = {
    ...{ id, pipeline, run: manifest.run, kind: 'run' as const, origin: ORIGIN, requestedBy: null },
    gate: { kind: 'none', detail: null } as const,
    allowOlder: false,
    ...settings,
  };
  return publish(made, manifest, staged, ports);
}
