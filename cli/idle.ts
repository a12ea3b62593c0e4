// Brings the local mesh to rest: ticks, follows the run, and sweeps when nothing moves by itself.
import { setTimeout as wait } from 'node:timers/promises';
import type { Cloud } from '../local/cloud.ts';
import type { ErrorCode } from '../shared/error-codes.ts';
import { readJson } from '../shared/objects/json.ts';
import type { ObjectStore } from '../shared/objects/store.ts';
import { outputManifest } from '../shared/outputs/manifest.ts';
import { shownOutput, shownTable, tablesOf } from '../shared/pipelines/outputs.ts';
import type { Pipeline } from '../shared/pipelines/pipeline.ts';
import { readRun, readStatus, type PipelineStatus, type RunHistory } from '../shared/history/history.ts';
import { manifestObject } from '../shared/runs/names.ts';
import { readOutcome, type Outcome } from '../shared/runs/outcome.ts';
import type { Display } from './display.ts';
import { REGION, SETTLE_SECONDS } from './local-mesh.ts';
import { pollSeconds, secondsOf, stepsOf, type StepSeconds } from './steps.ts';

export interface WatchedMesh {
  readonly cloud: Cloud;
  readonly pipeline: Pipeline;
  readonly runs: ObjectStore;
  readonly results: ObjectStore;
  readonly display: Display;
  readonly signal: AbortSignal;
}

/** The end of one tick and of all that followed from it: the last line that `npm start` prints. */
export interface Report {
  readonly pipeline: string;
  readonly run: string | null;
  readonly outcome: Outcome;
  /** Null for a publication, and for an unchanged source whose newest run is published. */
  readonly code: ErrorCode | null;
  readonly reason: string;
  /** Of the pipeline's main table; null where it fills none. */
  readonly rows: number | null;
  /** The pipeline's main table; empty where it fills none. */
  readonly table: string;
  /** What the run published, output by output; empty where it published nothing. */
  readonly published: readonly string[];
  readonly seconds: StepSeconds | Record<string, never>;
}

const POLL_MS = 100;
/** While work moves, its records are read for the display alone: a dozen calls, for a person who watches. */
const SHOWN_MS = 1000;
// Nothing runs and nothing is on its way for this long: an event was lost or a job died. Sweep.
const STILL_MS = 1000;
export const LONGEST_MS = 3 * 60 * 60 * 1000;

/** Ticks, and waits until the mesh is at rest. */
export async function tickUntilIdle(mesh: WatchedMesh): Promise<Report> {
  const { pipeline, runs, signal } = mesh;
  const before = await readStatus(runs, pipeline.name);
  // A run that an earlier mesh left open is ended by this one, and is news.
  const ended =
    before.newest && (await readOutcome(runs, pipeline.name, before.newest.run)) && before.newest.run;
  const deadlineMs = Date.now() + LONGEST_MS;
  for (;;) {
    const tickedAtMs = Date.now();
    const { status } = await fire(mesh.cloud, `tick-${pipeline.name}`);
    if (status >= 300)
      return reportOf(
        mesh,
        'failed',
        'UNEXPECTED_ERROR',
        mesh.display.lastError ?? `the tick answered ${status}`,
      );
    const after = await followUntilIdle(mesh, deadlineMs);
    if (after.poll?.outcome === 'waiting-settling' && Date.now() < deadlineMs && !signal.aborted) {
      await wait(SETTLE_SECONDS * 1000, undefined, { signal }).catch(() => undefined);
      continue;
    }
    return reportAfter(mesh, ended, after, tickedAtMs);
  }
}

/** What was read of the records, and after how many changes. */
interface Known {
  readonly changes: number;
  readonly status: PipelineStatus;
  readonly run: RunHistory | undefined;
}

/** Follows whatever is under way until nothing is. */
export async function followUntilIdle(mesh: WatchedMesh, deadlineMs: number): Promise<PipelineStatus> {
  const { cloud, display, signal } = mesh;
  let stillSinceMs = Date.now();
  let readAtMs = Date.now();
  let known: Known | undefined;
  for (;;) {
    // Before the records are read: what was read while work moved says nothing of its end.
    const moving = !cloud.pubsub.idle() || cloud.jobs.executions().some(({ state }) => state === 'running');
    const isOver = signal.aborted || Date.now() > deadlineMs;
    if (!moving || isOver || Date.now() - readAtMs >= SHOWN_MS) {
      readAtMs = Date.now();
      known = await readIfChanged(mesh, known);
      const { status, run } = known;
      if (run !== undefined) display.steps(stepsOf(run, display.progress));
      const open = status.newest !== undefined && run?.outcome === undefined;
      if (isOver || (!moving && !open && status.holder === undefined)) return status;
    }
    if (moving) stillSinceMs = Date.now();
    if (Date.now() - stillSinceMs > STILL_MS) {
      await fire(cloud, 'sweep');
      stillSinceMs = Date.now();
    }
    await wait(POLL_MS);
  }
}

/** A run's records are a dozen reads, and most of the time the job computes and nothing is written. */
async function readIfChanged({ cloud, pipeline, runs }: WatchedMesh, known?: Known): Promise<Known> {
  const changes = cloud.changes();
  if (changes === known?.changes) return known;
  const status = await readStatus(runs, pipeline.name);
  const run = status.newest && (await readRun(runs, pipeline.name, status.newest.run));
  return { changes, status, run };
}

const fire = (cloud: Cloud, schedule: string) =>
  cloud.scheduler.run(`projects/${cloud.projectId}/locations/${REGION}/jobs/${schedule}`);

async function reportAfter(
  mesh: WatchedMesh,
  ended: string | undefined,
  after: PipelineStatus,
  tickedAtMs: number,
): Promise<Report> {
  const endedAtMs = Date.now();
  if (after.poll !== undefined) {
    const { outcome, code, reason } = after.poll;
    return { ...reportOf(mesh, outcome, code, reason), seconds: pollSeconds(tickedAtMs, endedAtMs) };
  }
  const run = after.newest && (await readRun(mesh.runs, mesh.pipeline.name, after.newest.run));
  if (run === undefined)
    return reportOf(mesh, 'failed', 'UNEXPECTED_ERROR', 'There is no run, and the poll reports no reason.');
  if (ended === run.run) {
    const { status, outcome } = run;
    const reason = `The source is unchanged; run ${run.run} ended as ${status}: ${outcome?.reason ?? ''}`;
    return {
      ...reportOf(mesh, 'no-change', outcome?.code ?? null, reason),
      run: run.run,
      seconds: pollSeconds(tickedAtMs, endedAtMs),
    };
  }
  const outcome = run.outcome?.outcome ?? 'failed';
  const reason = run.outcome?.reason ?? 'The run was still in progress when this command ended.';
  return {
    ...reportOf(mesh, outcome, run.outcome === undefined ? 'UNEXPECTED_ERROR' : run.outcome.code, reason),
    run: run.run,
    rows: tablesOf(mesh.pipeline).length === 0 ? null : (run.outcome?.rows ?? null),
    published: outcome === 'published' ? mesh.pipeline.outputs.map(shownOutput) : [],
    seconds: await measured(mesh, run, tickedAtMs),
  };
}

async function measured(mesh: WatchedMesh, run: RunHistory, tickedAtMs: number): Promise<StepSeconds> {
  const attempt = run.attempts.at(-1)?.attempt ?? 1;
  const name = manifestObject(mesh.pipeline.name, run.run, attempt);
  const manifest = await readJson(mesh.results, name, outputManifest);
  const submitted = run.attempts.at(-1)?.at ?? '';
  const execution = mesh.cloud.jobs.executions().find(({ startTime }) => (startTime ?? '') >= submitted);
  return secondsOf(tickedAtMs, run, manifest?.value, submitted === '' ? undefined : execution);
}

export const reportOf = (
  { pipeline }: Pick<WatchedMesh, 'pipeline'>,
  outcome: Outcome,
  code: ErrorCode | null,
  reason: string,
): Report => ({
  pipeline: pipeline.name,
  run: null,
  outcome,
  code,
  reason,
  rows: null,
  table: shownTable(pipeline),
  published: [],
  seconds: {},
});
