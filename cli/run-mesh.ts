// The story of `npm start`: opens the mesh, brings the folder's state to rest, and stays for the next change.
import { counted } from '../shared/counted.ts';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import consoleDeclaration from '../functions/console/function.ts';
import { OPERATOR } from '../local/http/api.ts';
import { resultsBucketOf, runsBucketOf } from '../shared/deployment.ts';
import type { Env } from '../shared/config.ts';
import { ConfigurationError, messageOf } from '../shared/errors.ts';
import { gcsStore } from '../shared/google/storage.ts';
import type { WatchPipeline } from '../shared/pipelines/pipeline.ts';
import { readStatus } from '../shared/history/history.ts';
import { readOutcome } from '../shared/runs/outcome.ts';
import { traceIdOf } from '../shared/tracing/ids.ts';
import { createDisplay, type Display } from './display.ts';
import { Deliveries } from './drills/deliveries.ts';
import { Drills } from './drills/drills.ts';
import { serveDrills, type ServedDrills } from './drills/serve.ts';
import { bringFiles, LOCAL_PROJECT, openMesh, REGION } from './local-mesh.ts';
import { plainMessage } from './messages.ts';
import {
  CONSOLE_READER,
  leftOutLocally,
  localStack,
  otherDriveFolders,
  requestedBeside,
} from './local-stack.ts';
import { API_FUNCTIONS } from '../shared/api/routes.ts';
import { DEFAULT_PIPELINE } from './options.ts';
import { reportOf, tickUntilIdle, type WatchedMesh, type Report } from './idle.ts';
import { watchRoom } from './room.ts';
import type { Sample } from './samples.ts';
import type { Stop } from './stopping.ts';
import { traceText } from './trace-tree.ts';
import { watchFolder } from './watch-folder.ts';
import { whatNext, whereabouts } from './whereabouts.ts';

export interface RunOptions {
  readonly pipeline: WatchPipeline;
  /** The folder of the pipeline's files; the sample's when undefined. */
  readonly drive: string | undefined;
  readonly sample: Sample | undefined;
  readonly data: string;
  readonly once?: boolean;
  readonly trace?: boolean;
  readonly xgboostLibrary: string | undefined;
  /** The settings of other pipelines in .env. */
  readonly env: Env;
  readonly stop: Stop;
  readonly output: NodeJS.WriteStream;
}

/** How `npm start` ended. `isGood`: nothing failed, and the newest run is published. */
export type Ended = Report & { readonly isGood: boolean };

/** By no run: people and programs call them. */
const NOT_CALLED: readonly string[] = [...API_FUNCTIONS, consoleDeclaration.name];

export async function runMesh(options: RunOptions): Promise<Ended> {
  const { pipeline, data, stop, output } = options;
  const display = createDisplay(output);
  const drive = options.drive ?? (await folderOfSample(options.sample, display));
  for (const sentence of leftOutLocally(pipeline.name, options.env)) display.note(sentence);
  for (const other of otherDriveFolders(data, pipeline.name, localStack(pipeline.name, options.env)))
    display.note(
      `the pipeline ${other.pipeline} watches ${other.folder}, by its schedule, or at once by: npm run sluice -- tick --pipeline ${other.pipeline}`,
    );
  display.note('opening the local cloud: about 5 seconds, and three times as long on the first start ...');
  const deliveries = new Deliveries();
  const cloud = await openMesh(
    { drive, data },
    {
      interference: deliveries.interference,
      pipeline: pipeline.name,
      env: options.env,
      config: {
        ...xgboostOf(pipeline, options.xgboostLibrary),
        'sluice:consoleReaders': `user:${CONSOLE_READER}`,
      },
      onLog: ({ from, text }) => display.log(from, text),
    },
  );
  const stopLooking = watchRoom(data, stop.because);
  let drills: ServedDrills | undefined;
  try {
    const config = { GOOGLE_CLOUD_PROJECT: LOCAL_PROJECT, REGION, GOOGLE_API_ENDPOINT: cloud.endpoint };
    const mesh: WatchedMesh = {
      cloud,
      pipeline,
      runs: gcsStore(runsBucketOf(LOCAL_PROJECT), config),
      results: gcsStore(resultsBucketOf(LOCAL_PROJECT), config),
      display,
      signal: stop.signal,
    };
    // The first run should not wait for each function in turn; nor for those that it does not call.
    await cloud.functions.startAll((name) => !NOT_CALLED.includes(name));
    if (stop.signal.aborted) return cutShort(mesh, stop);
    if (options.once !== true) drills = await openDrills(mesh, deliveries, options.env);
    return await tickAndStay(mesh, options, drive, drills?.address);
  } finally {
    stopLooking();
    await drills?.close();
    display.close();
    await cloud.close();
  }
}

/** Failures on purpose, for who stays to watch. */
function openDrills(
  { cloud, pipeline }: WatchedMesh,
  deliveries: Deliveries,
  env: Env,
): Promise<ServedDrills> {
  const others = otherDriveFolders('', pipeline.name, localStack(pipeline.name, env));
  const ports = { cloud, deliveries, now: () => Date.now(), newId: () => randomUUID() };
  return serveDrills({
    drills: new Drills(ports),
    pipelines: [pipeline.name, ...others.map((other) => other.pipeline)],
    timeZone: pipeline.timeZone ?? 'UTC',
    consoleAddress: () => cloud.iap.addressFor(OPERATOR),
  });
}

async function tickAndStay(
  mesh: WatchedMesh,
  options: RunOptions,
  drive: string,
  drills: string | undefined,
): Promise<Ended> {
  const { display } = mesh;
  const { stop, once } = options;
  const console = await mesh.cloud.iap.addressFor(OPERATOR);
  // Before the first run, which may take minutes: the console shows it while it executes.
  if (once !== true) display.note(`the console, which shows each run while it executes: ${console}`);
  const isFirst = (await readStatus(mesh.runs, mesh.pipeline.name)).newest === undefined;
  if (isFirst && mesh.pipeline.name === DEFAULT_PIPELINE) display.note(FIRST_RUN);
  let ended = await tick(mesh, options, drive);
  if (!stop.signal.aborted) {
    for (const line of whereabouts(mesh, ended, options.data, console, drills)) display.note(line);
  }
  for (;;) {
    if (!ended.isGood && !stop.signal.aborted)
      display.note(whatNext(mesh.pipeline, drive, options.data, once === true));
    if (once === true || stop.signal.aborted) return ended;
    display.note(`watching ${drive}: change a file in it and a run follows. Ctrl-C ends.`);
    const folder = watchFolder(drive, options.pipeline.trigger.source.kind === 'bucket', stop.signal);
    if (!(await folder.changed())) {
      if (stop.isFailure) return cutShort(mesh, stop);
      stop.whileIdle();
      return ended;
    }
    ended = await tick(mesh, options, drive);
    display.note(`${ended.outcome}: ${plainMessage(ended.reason, mesh.pipeline)}`);
  }
}

const FIRST_RUN =
  'the first run trains a model for each week of this year: half a minute for the sample, a few minutes for ' +
  '200 sites; later runs keep the models and take seconds.';

async function tick(mesh: WatchedMesh, { trace, stop, output }: RunOptions, drive: string): Promise<Ended> {
  await bringFiles(mesh.cloud, mesh.pipeline.name, drive);
  const report = await tickUntilIdle(mesh);
  if (stop.signal.aborted && !isOver(report)) return cutShort(mesh, stop, report);
  if (trace === true) showTrace(mesh, report, output.columns);
  return asItStands(mesh, report);
}

/** A run that ended just before the signal counts as ended. */
const isOver = ({ outcome }: Report): boolean => outcome === 'published';

/** An unchanged folder whose newest run failed is no success: the table does not hold what is in the folder. */
async function asItStands({ runs, pipeline }: WatchedMesh, report: Report): Promise<Ended> {
  if (report.outcome === 'published') return { ...report, isGood: true };
  if (report.outcome !== 'no-change' || report.run === null)
    return { ...report, isGood: report.outcome === 'no-change' };
  const newest = await readOutcome(runs, pipeline.name, report.run);
  const outcome = newest?.outcome ?? 'failed';
  return outcome === 'published' ? { ...report, isGood: true } : { ...report, outcome, isGood: false };
}

function cutShort(
  mesh: WatchedMesh,
  { reason = 'ended before the mesh was idle.' }: Stop,
  report?: Report,
): Ended {
  mesh.display.note(reason);
  return {
    ...(report ?? reportOf(mesh, 'failed', 'UNEXPECTED_ERROR', '')),
    outcome: 'failed',
    reason,
    isGood: false,
  };
}

/** A poll that led to no run has none to show. */
function showTrace(
  { cloud, pipeline, display }: WatchedMesh,
  { run, outcome }: Report,
  width: number | undefined,
): void {
  if (run === null || outcome === 'no-change') return;
  const spans = cloud.traces.spansOf(traceIdOf({ pipeline: pipeline.name, run }));
  display.note(traceText(`the trace of run ${run}:`, spans, process.stdout.isTTY, width));
}

/** The job's process gets a clean environment: where XGBoost is, if not on the loader's path, is passed to it. */
const xgboostOf = ({ name }: WatchPipeline, library: string | undefined): Record<string, string> =>
  library === undefined
    ? {}
    : Object.fromEntries(
        [name, ...requestedBeside(name).map((pipeline) => pipeline.name)].map((pipeline) => [
          `${pipeline}:xgboostLibrary`,
          library,
        ]),
      );

async function folderOfSample(sample: Sample | undefined, display: Display): Promise<string> {
  if (sample === undefined) throw new TypeError('expected a folder or a sample');
  const { folder, write } = sample;
  if (existsSync(folder)) return folder;
  const files = await write(folder, new Date().toISOString().slice(0, 10)).catch((error: unknown) => {
    throw new ConfigurationError(
      `the sample cannot be written into ${folder} (${messageOf(error)}); name a folder of files with --drive or --bucket`,
    );
  });
  display.note(`made a sample of ${counted(files.length, 'file')} in ${folder}`);
  return folder;
}
