// What the sweep observes of a pipeline: its state, its lease, its open runs, and the attempt that holds the lease.
import { executionStarted, newestIntent } from '../../shared/executions/records.ts';
import type { Execution, Found, JobRunner } from '../../shared/executions/runner.ts';
import { readJson, type Stored } from '../../shared/objects/json.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { readState, type RunRequest } from '../../shared/runs/state.ts';
import { readLease, type Lease, type LeaseHolder } from '../../shared/runs/lease.ts';
import {
  isWatchRun,
  leaseObject,
  manifestObject,
  startedObject,
  type RunId,
} from '../../shared/runs/names.ts';
import { readOutcome } from '../../shared/runs/outcome.ts';
import type { HolderObservation, Observation } from './diagnose.ts';

export interface ObservationPorts {
  readonly runs: ObjectStore;
  readonly results: ObjectStore;
  readonly jobs: JobRunner;
  readonly now: () => number;
  readonly overdueMs: number;
}

// Older runs have ended: every sweep since has checked them.
const RUNS_OBSERVED = 50;
// A run's folder holds its input files, and a record for each attempt, plan and replay: usually a dozen objects. A
// partial listing would miss the lease, which sorts last, so this allows 4,000 a run.
const MOST_OBJECTS = 200_000;

export interface Observed {
  readonly observation: Observation;
  readonly lease: Stored<Lease> | undefined;
}

/**
 * An idle pipeline costs two calls: its state, and a listing that shows no open run and no lease, of a page for every
 * thousand objects of its recent runs.
 */
export async function observe(pipeline: Pipeline, ports: ObservationPorts): Promise<Observed> {
  const newest = (await readState(ports.runs, pipeline.name))?.value.request ?? undefined;
  const listed = await listRecent(pipeline.name, newest, ports.runs);
  const leased = listed.includes(leaseObject(pipeline.name));
  const lease = leased ? await readLease(ports.runs, pipeline.name) : undefined;
  const holder = lease?.value.holder;
  const observation: Observation = {
    nowMs: ports.now(),
    overdueMs: ports.overdueMs,
    timeoutMs: pipeline.job.timeout,
    attempts: pipeline.job.attempts,
    newest,
    queued: lease?.value.queued ?? null,
    open: openRuns(newest, listed),
    holder: holder && (await holderObservation(pipeline.name, holder, ports)),
  };
  return { observation, lease };
}

/** The names of the newest runs' objects, and of the pipeline's own, which sort behind them. */
async function listRecent(
  pipeline: string,
  newest: RunRequest | undefined,
  runs: ObjectStore,
): Promise<readonly string[]> {
  if (newest === undefined) return [];
  const first = String(Math.max(1, newest.sequence - RUNS_OBSERVED)).padStart(6, '0');
  const objects = await runs.list(`${pipeline}/`, MOST_OBJECTS, `${pipeline}/${first}`);
  return objects.map(({ name }) => name);
}

/** The newest runs without an outcome; the newest request is among them even if its folder is still empty. */
function openRuns(newest: RunRequest | undefined, listed: readonly string[]): readonly RunId[] {
  if (newest === undefined) return [];
  const open = new Set<RunId>([newest.run]);
  const names = listed.map((name) => name.split('/').slice(1));
  for (const [run = '', object] of names) if (isWatchRun(run) && object === 'request.json') open.add(run);
  for (const [run = '', object] of names) if (object === 'outcome.json') open.delete(run);
  return [...open].sort();
}

async function holderObservation(
  pipeline: string,
  holder: LeaseHolder,
  ports: ObservationPorts,
): Promise<HolderObservation> {
  const { run, attempt } = holder;
  const intent = await newestIntent(ports.runs, { pipeline, run, attempt });
  // In this order: an execution that has ended writes nothing any more, and a run without an outcome after that
  // still needs its output published.
  const found = intent === undefined ? NONE : await executionOf(pipeline, holder, ports);
  const manifest = (await ports.results.info(manifestObject(pipeline, run, attempt))) !== undefined;
  const ended = (await readOutcome(ports.runs, pipeline, run)) !== undefined;
  return { holder, ended, manifest, intentAtMs: intent && Date.parse(intent.at), found };
}

const NONE: Found = { kind: 'none' };

async function executionOf(
  pipeline: string,
  { run, attempt }: LeaseHolder,
  { runs, jobs }: ObservationPorts,
): Promise<Found> {
  const started = await readJson(runs, startedObject(pipeline, run, attempt), executionStarted);
  if (started === undefined) return jobs.find({ pipeline, run, attempt });
  const name = started.value.execution;
  const execution = (await jobs.get(name)) ?? deleted(name);
  if (execution.state !== 'failed') return { kind: 'found', execution };
  // Cloud Run may have started the attempt twice: the other execution may still succeed.
  const twin = await jobs.find({ pipeline, run, attempt });
  return twin.kind === 'found' && twin.execution.state !== 'failed' ? twin : { kind: 'found', execution };
}

/** It was started and no longer exists, so requesting the run again would start no other: the attempt has failed. */
const deleted = (name: string): Execution => ({
  name,
  state: 'failed',
  startedAtMs: undefined,
  completedAtMs: undefined,
  message: `its execution ${name} was deleted`,
});
