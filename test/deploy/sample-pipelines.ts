// A pipeline of each kind, their job, and a service source that two services share: what is added to a copy of the tree.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const job = `job: { image: 'echo', cpu: 1, memory: '512Mi', timeout: minutes(5), attempts: 1 },`;
const imports = `import { hours, minutes } from '../shared/pipelines/duration.ts';
import { definePipeline } from '../shared/pipelines/pipeline.ts';
import { fromEnv } from '../shared/pipelines/setting.ts';
import { watch } from '../shared/pipelines/trigger.ts';`;
const trigger = (source: string) =>
  `trigger: watch({ schedule: '0 6 * * *', freshness: hours(26), source: ${source} }),`;
const settle = `settleSeconds: fromEnv('SETTLE_SECONDS', '60')`;
const inBucket = (prefix: string, files: string) =>
  `bucket({ bucket: fromEnv('BUCKET'), prefix: '${prefix}', files: { ${files} }, ${settle} })`;

/** Texts by their paths in the tree. */
export const SAMPLES: Readonly<Record<string, string>> = {
  'pipelines/maps.ts': `// A sample: files of a Drive folder, in; files, out.
import { files } from '../shared/pipelines/outputs.ts';
import { driveFolder, manyOf } from '../shared/pipelines/source.ts';
${imports}

export const maps = definePipeline({
  name: 'maps',
  ${trigger(`driveFolder({ folderId: fromEnv('MAPS_FOLDER'), files: { map: manyOf(/\\.tif$/) }, ${settle} })`)}
  ${job}
  outputs: [files({ name: 'maps', pattern: /\\.tif$/, checks: [] })],
});
`,
  'pipelines/grid.ts': `// A sample: objects of a bucket, in; a model, out.
import { model } from '../shared/pipelines/outputs.ts';
import { bucket, manyOf } from '../shared/pipelines/source.ts';
${imports}

export const grid = definePipeline({
  name: 'grid',
  ${trigger(inBucket('daily/', String.raw`grid: manyOf(/\.nc$/)`))}
  ${job}
  outputs: [model({ name: 'best', pattern: /\\.nc$/, metric: 'error', better: 'lower' })],
  services: [
    { name: 'north', source: 'report-version', follows: 'best' },
    { name: 'south', source: 'report-version', follows: 'best' },
  ],
});
`,
  'functions/report-version/function.ts': `// A sample service: reports which publication of its model is current.
import { defineService } from '../../shared/functions/services.ts';
import { SMALL } from '../../shared/functions/size.ts';

export default defineService({ name: 'report-version', purpose: 'Reports which model is current', size: SMALL });
`,
  'functions/report-version/index.ts': `// Registers the sample service; reads its environment, once.
import { http } from '@google-cloud/functions-framework';
import { TransientError } from '../../shared/errors.ts';
import { answering, answerOf } from '../../shared/events/answer.ts';
import { configOf } from '../../shared/functions/declaration.ts';
import { processIn } from '../../shared/google/process.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { findPointer } from '../../shared/publications/pointer.ts';
import { inOwnTrace } from '../../shared/tracing/spans.ts';
import declaration from './function.ts';

const here = processIn(process.env);
const config = configOf(declaration, process.env, here.pipelines);
const name = config.PIPELINE + '-' + config.SERVICE;
const log = here.createLog(name, config.GOOGLE_CLOUD_PROJECT);
const tracing = here.openTracing(name, config, log);
const exports = gcsStore(config.EXPORTS_BUCKET, config);

async function current(): Promise<object> {
  const found = await findPointer(exports, config.PIPELINE, config.MODEL);
  if (found === undefined) throw new TransientError('no model is published yet');
  return { service: config.SERVICE, run: found.value.run };
}

http(
  declaration.name,
  answering(({ headers }) =>
    tracing.during(() => inOwnTrace('answer', headers, () => answerOf(log, current))),
  ),
);
`,
  'pipelines/stops.ts': `// A sample: objects of a bucket, in; rows of a table, out.
import { int, string } from '../shared/pipelines/columns.ts';
import { table } from '../shared/pipelines/outputs.ts';
import { bucket, oneOf } from '../shared/pipelines/source.ts';
${imports}

export const stops = definePipeline({
  name: 'stops',
  ${trigger(inBucket('counts/', `counts: oneOf('stops.csv')`))}
  ${job}
  outputs: [
    table({
      file: 'stops.csv',
      columns: { place: string(), riders: int().atLeast(0) },
      key: ['place'],
      checks: [],
      table: { dataset: 'stops_data', table: 'stops' },
    }),
  ],
});
`,
  'jobs/echo/main.ts': `// A sample job: writes each file that it is given.
import { Readable } from 'node:stream';
import { fetchFiles, readInputManifest } from '../../shared/attempts/input.ts';
import { writeManifest } from '../../shared/attempts/manifest.ts';
import { attemptVariables } from '../../shared/attempts/variables.ts';
import { writeOnce } from '../../shared/attempts/write-once.ts';
import { readConfig } from '../../shared/config.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import type { OutputFile } from '../../shared/outputs/manifest.ts';
import { outputFolder } from '../../shared/runs/names.ts';

const config = readConfig(process.env, attemptVariables);
const of = { pipeline: config.PIPELINE, run: config.RUN_ID, attempt: config.ATTEMPT };
const runs = gcsStore(config.RUNS_BUCKET, config);
const results = gcsStore(config.RESULTS_BUCKET, config);
const files: OutputFile[] = [];
const input = await readInputManifest(runs, of.pipeline, of.run);
for (const { name, bytes } of await fetchFiles(runs, input)) {
  const object = outputFolder(of.pipeline, of.run, of.attempt) + name;
  const written = await writeOnce(results, object, 'application/octet-stream', () => Readable.from([bytes]));
  files.push({ ...written, rows: bytes.toString().trim().split('\\n').length - 1 });
}
const rows = files.reduce((sum, file) => sum + (file.rows ?? 0), 0);
// Of a pipeline that publishes a model, the files are one, better than the champion.
const { publication } = input.champions?.[0] ?? {};
const champion = publication === undefined ? null : { publication, recipe: 'echo', metrics: { error: 2 } };
const models = [{ name: 'best', recipe: 'echo', metrics: { error: 1 }, champion }];
const more = config.EXPORTS_BUCKET === undefined ? {} : { models };
await writeManifest(results, { kind: 'output', ...of, writtenAt: new Date().toISOString(), files, rows, ...more });
`,
  'jobs/echo/Dockerfile': readFileSync(join(ROOT, 'jobs/forecast/Dockerfile'), 'utf8')
    .replace(/^# .*/, '# The sample job.')
    .replace('bundle-job.ts forecast', 'bundle-job.ts echo')
    .replace(/^RUN apt-get update[^]*?\/dpkg\.log\n/m, ''),
};
