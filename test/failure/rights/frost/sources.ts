// A pipeline that watches a bucket and publishes files and a model, with its job: texts to be added to a copy of the tree.

/** By their paths in the tree. The job uses everything that it is given: input, champion, cache, traces. */
export const FROST_SOURCES: Readonly<Record<string, string>> = {
  'pipelines/frost.ts': String.raw`// A sample: objects of a bucket, in; files and a model, out.
import { hours, minutes } from '../shared/pipelines/duration.ts';
import { files, model } from '../shared/pipelines/outputs.ts';
import { definePipeline } from '../shared/pipelines/pipeline.ts';
import { fromEnv } from '../shared/pipelines/setting.ts';
import { bucket, manyOf } from '../shared/pipelines/source.ts';
import { watch } from '../shared/pipelines/trigger.ts';

const settleSeconds = fromEnv('SETTLE_SECONDS', '60');
const source = bucket({ bucket: fromEnv('BUCKET'), prefix: 'daily/', files: { grid: manyOf(/\.nc$/) }, settleSeconds });

export const frost = definePipeline({
  name: 'frost',
  trigger: watch({ schedule: '0 6 * * *', freshness: hours(26), source }),
  job: { image: 'measure', cpu: 1, memory: '512Mi', timeout: minutes(5), attempts: 1 },
  outputs: [
    files({ name: 'maps', pattern: /\.tif$/, checks: [] }),
    model({ name: 'best', pattern: /\.bin$/, metric: 'error', better: 'lower' }),
  ],
});
`,
  'jobs/measure/main.ts': `// A sample job: writes a map and a model, and reads the champion with which it compares its own.
import { Readable } from 'node:stream';
import { fetchFiles, readInputManifest } from '../../shared/attempts/input.ts';
import { writeManifest } from '../../shared/attempts/manifest.ts';
import { attemptVariables } from '../../shared/attempts/variables.ts';
import { writeOnce } from '../../shared/attempts/write-once.ts';
import { readConfig } from '../../shared/config.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { openTracing } from '../../shared/google/tracing.ts';
import { createLog } from '../../shared/logging.ts';
import { outputFolder } from '../../shared/runs/names.ts';
import { inRun } from '../../shared/tracing/spans.ts';

const TYPE = 'application/octet-stream';
const config = readConfig(process.env, attemptVariables);
const of = { pipeline: config.PIPELINE, run: config.RUN_ID, attempt: config.ATTEMPT };
const tracing = openTracing('measure', config, createLog('measure', config.GOOGLE_CLOUD_PROJECT));

async function measure(): Promise<void> {
  const runs = gcsStore(config.RUNS_BUCKET, config);
  const results = gcsStore(config.RESULTS_BUCKET, config);
  const input = await readInputManifest(runs, of.pipeline, of.run);
  const [first] = await fetchFiles(runs, input);
  const [champion] = input.champions ?? [];
  const exported = gcsStore(config.EXPORTS_BUCKET ?? '', config);
  for (const { object } of champion?.files ?? []) await exported.readText(object, 1000);
  const learned = [of.pipeline, of.run, of.attempt].join('-');
  await gcsStore(config.TRAINING_CACHE_BUCKET, config).create(learned, 'learned', TYPE);
  const files = [];
  for (const name of ['map.tif', 'model.bin']) {
    const object = outputFolder(of.pipeline, of.run, of.attempt) + name;
    files.push(await writeOnce(results, object, TYPE, () => Readable.from([first?.bytes ?? '', name])));
  }
  const compared = champion && { publication: champion.publication, recipe: 'mean', metrics: { error: 2 } };
  const models = [{ name: 'best', recipe: 'mean', metrics: { error: 1 }, champion: compared ?? null }];
  const writtenAt = new Date().toISOString();
  await writeManifest(results, { kind: 'output', ...of, writtenAt, files, rows: 0, models });
}

await tracing.during(() => inRun(of, 'execute', measure));
`,
};
