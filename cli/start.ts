// `npm start`: the whole mesh on this machine, over any folder of workbooks.
import { Command } from 'commander';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { writeSample } from '../local/sample/sample.ts';
import { privateFolder } from '../local/state/private-folder.ts';
import { ConfigurationError, messageOf } from '../shared/errors.ts';
import { gcsStore } from '../shared/google/storage.ts';
import { resultsBucketOf, runsBucketOf } from '../shared/deployment.ts';
import { loadPipelines, pipelineNamed } from '../shared/pipelines/registry.ts';
import type { Pipeline } from '../shared/pipelines/pipeline.ts';
import { traceIdOf } from '../shared/tracing/ids.ts';
import { createDisplay, type Display } from './display.ts';
import { LOCAL_PROJECT, openMesh } from './local-mesh.ts';
import { withData } from './options.ts';
import { reportOf, tickToRest, type Ground, type Report } from './rest.ts';
import { jsonText, writeError, writeLine } from './terminal.ts';
import { traceText } from './trace-tree.ts';
import { watchFolder } from './watch-folder.ts';

const SAMPLE_FOLDER = '.sluice/drive';
const SAMPLE_SEED = 1;

interface Options {
  readonly drive: string;
  readonly data: string;
  readonly pipeline: string;
  readonly once?: boolean;
  readonly trace?: boolean;
}

const command = withData(new Command('npm start --'))
  .description('Runs the whole mesh on this machine: no account, no network.')
  .option(
    '--drive <folder>',
    'the folder of workbooks; a sample is made if the default is missing',
    SAMPLE_FOLDER,
  )
  .option('--pipeline <name>', 'the pipeline to run', 'carmila')
  .option('--once', 'tick once, wait until the mesh is at rest, and end; exit 0 if published or no change')
  .option('--trace', 'print the trace of each run as a tree when it is at rest')
  .addHelpText(
    'after',
    '\nThe last line of stdout is one JSON object: pipeline, run, outcome, reason, rows, table, seconds.',
  )
  .parse();

const options = command.opts<Options>();
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
const pipeline = pipelineNamed(loadPipelines(), options.pipeline);
const report = await run(pipeline, options, createDisplay(process.stdout)).catch((error: unknown) => {
  writeError(error);
  return reportOf({ pipeline }, 'failed', messageOf(error));
});
writeLine(process.stdout, jsonText(report));
process.exitCode = report.outcome === 'published' || report.outcome === 'no-change' ? 0 : 1;

async function run(
  pipeline: Pipeline,
  { drive, data, once, trace }: Options,
  display: Display,
): Promise<Report> {
  const folders = { drive: resolve(drive), data: resolve(data) };
  // Before the sample is made in it.
  privateFolder(folders.data);
  await ensureFolder(folders.drive, drive, display);
  display.note('opening the local cloud ...');
  const cloud = await openMesh(folders, {
    config: xgboostOf(pipeline, process.env.XGBOOST_LIBRARY),
    onLog: ({ from, text }) => display.log(from, text),
  });
  try {
    const config = { GOOGLE_CLOUD_PROJECT: LOCAL_PROJECT, GOOGLE_API_ENDPOINT: cloud.endpoint };
    const ground: Ground = {
      cloud,
      pipeline,
      runs: gcsStore(runsBucketOf(LOCAL_PROJECT), config),
      results: gcsStore(resultsBucketOf(LOCAL_PROJECT), config),
      display,
      signal: stop.signal,
    };
    let report = await tickToRest(ground);
    if (trace) tellTrace(ground, report);
    for (const line of whereabouts(ground, report, folders, data)) display.note(line);
    if (once) return report;
    display.note(`watching ${folders.drive}: edit a workbook and new rows follow. Ctrl-C ends.`);
    const folder = watchFolder(folders.drive, stop.signal);
    while (await folder.changed()) {
      report = await tickToRest(ground);
      display.note(`${report.outcome}: ${report.reason}`);
      if (trace) tellTrace(ground, report);
    }
    return report;
  } finally {
    display.close();
    await cloud.close();
  }
}

/** A look that led to no run has none to show. */
function tellTrace({ cloud, pipeline, display }: Ground, { run, outcome }: Report): void {
  if (run === null || outcome === 'no-change') return;
  const spans = cloud.traces.spansOf(traceIdOf({ pipeline: pipeline.name, run }));
  display.note(traceText(`the trace of run ${run}:`, spans, process.stdout.isTTY));
}

/** The job's process gets a clean environment: where XGBoost is, if not where the loader looks, is said to it. */
function xgboostOf({ name }: Pipeline, library: string | undefined): Record<string, string> {
  return library === undefined ? {} : { [`${name}:xgboostLibrary`]: library };
}

async function ensureFolder(folder: string, asked: string, display: Display): Promise<void> {
  if (existsSync(folder)) return;
  if (asked !== SAMPLE_FOLDER)
    throw new ConfigurationError(`the folder ${folder} does not exist; expected workbooks in it`);
  const today = new Date().toISOString().slice(0, 10);
  const files = await writeSample(folder, { today, seed: SAMPLE_SEED });
  display.note(`made a sample of ${files.length} workbooks in ${folder}`);
}

function whereabouts(
  { cloud, pipeline }: Ground,
  report: Report,
  folders: { drive: string; data: string },
  data: string,
): string[] {
  return [
    `${report.outcome}: ${report.reason}`,
    `table      ${report.table}   npm run query -- --data ${data} "SELECT * FROM ${report.table} LIMIT 5"`,
    `run        gs://${runsBucketOf(cloud.projectId)}/${pipeline.name}/${report.run ?? ''}   npm run sluice -- --data ${data} runs`,
    `report     npm run sluice -- --data ${data} report`,
    `endpoint   ${cloud.endpoint} (Cloud Storage, Pub/Sub, BigQuery, Cloud Run, Scheduler, Drive)`,
    `logs       ${folders.data}/logs`,
  ];
}
