// The history of runs, read from their folders: for display only, never for a decision.
import { concurrently } from '../concurrently.ts';
import { executionIntent, executionStarted } from '../executions/records.ts';
import { readJson } from '../objects/json.ts';
import type { ObjectInfo, ObjectStore } from '../objects/store.ts';
import { decision, type Decision } from '../runs/decision.ts';
import { readState, runRequest, type Poll, type Pause, type RunRequest } from '../runs/state.ts';
import { inputManifest, type InputManifest } from '../runs/input.ts';
import { requestedIn, type Requested } from '../runs/cause.ts';
import { readLease } from '../runs/lease.ts';
import {
  decisionObject,
  executionObject,
  inputObject,
  isWatchRun,
  outcomeObject,
  replayPrefix,
  requestObject,
  sequenceOf,
  startedObject,
  type RunId,
} from '../runs/names.ts';
import { outcomeIn, readOutcome, runOutcome, type RunOutcome } from '../runs/outcome.ts';

/** The status of a run: its outcome, or how far it is. A published replay makes it `published`. */
export type Status = RunOutcome['outcome'] | 'requested' | 'running';

export interface RunSummary {
  readonly run: RunId;
  /** Undefined where the request's object is not there. */
  readonly requested: Requested | undefined;
  readonly status: Status;
  /** Why the status is what it is; null of a run that is published, whatever it ended as first. */
  readonly code: RunOutcome['code'];
  /** How the run itself ended. */
  readonly outcome: RunOutcome | undefined;
  /** The last publication of its output by a release, a replay or a rollback. */
  readonly republished: RunOutcome | undefined;
}

export interface PipelineStatus {
  readonly newest: RunRequest | undefined;
  /** The last poll, if it led to no run and was not `no-change`. */
  readonly poll: Poll | undefined;
  /** The data-quality notes of the last poll. */
  readonly notes: readonly string[];
  /** By whom, since when and why the pipeline is paused. */
  readonly paused: Pause | undefined;
  readonly holder: RunId | undefined;
  readonly attempt: number | undefined;
  readonly queued: RunId | undefined;
  /** Since when the outputs may be stale. */
  readonly staleSince: string | undefined;
}

export async function readStatus(runs: ObjectStore, pipeline: string): Promise<PipelineStatus> {
  const state = (await readState(runs, pipeline))?.value;
  const lease = (await readLease(runs, pipeline))?.value;
  return {
    newest: state?.request ?? undefined,
    poll: state?.poll ?? undefined,
    notes: state?.notes ?? [],
    paused: state?.paused ?? undefined,
    holder: lease?.holder.run,
    attempt: lease?.holder.attempt,
    queued: lease?.queued ?? undefined,
    staleSince: state?.stale?.since,
  };
}

// A run has about ten objects; one that was replayed every day of a year has several hundred.
const MOST_OBJECTS = 100_000;
const RUNS_A_LISTING = 500;
const READ_AT_ONCE = 16;

/** The newest `count` runs, newest first. Only the objects of these runs are listed. */
export const listRuns = async (
  runs: ObjectStore,
  pipeline: string,
  count: number,
): Promise<readonly RunSummary[]> =>
  listRunsOf(runs, pipeline, { count, status: await readStatus(runs, pipeline) });

export interface WantedRuns {
  readonly count: number;
  readonly status: PipelineStatus;
  /** Only runs whose sequence number is smaller. */
  readonly before?: number | undefined;
}

/** The same of a status that was read before. */
export async function listRunsOf(
  runs: ObjectStore,
  pipeline: string,
  { count, status, before = Infinity }: WantedRuns,
): Promise<readonly RunSummary[]> {
  if (status.newest === undefined) return [];
  const newest = Math.min(status.newest.sequence, before - 1);
  // The newest request is among them even if its folder is still empty.
  const ids = new Set(newest === status.newest.sequence ? [status.newest.run] : []);
  const ended = new Map<RunId, ObjectInfo>();
  const asked = new Map<RunId, ObjectInfo>();
  const replayed = new Map<RunId, ObjectInfo[]>();
  const oldest = Math.max(1, newest - count + 1);
  for (let last = newest; last >= oldest; last -= RUNS_A_LISTING) {
    const first = Math.max(oldest, last - RUNS_A_LISTING + 1);
    const isNewest = last === status.newest.sequence;
    for (const object of await objectsBetween(runs, pipeline, first, isNewest ? undefined : last)) {
      const run = object.name.split('/')[1] ?? '';
      if (isWatchRun(run)) ids.add(run);
      if (object.name === outcomeObject(pipeline, run)) ended.set(run, object);
      if (object.name === requestObject(pipeline, run)) asked.set(run, object);
      if (object.name.startsWith(replayPrefix(pipeline, run)))
        replayed.set(run, [...(replayed.get(run) ?? []), object]);
    }
  }
  const newestFirst = [...ids].sort((a, b) => sequenceOf(b) - sequenceOf(a)).slice(0, count);
  return concurrently(newestFirst, READ_AT_ONCE, async (run) => {
    const object = ended.get(run);
    // A folder without an outcome was listed, and needs no further read.
    const outcome = object === undefined ? undefined : await outcomeOf(runs, { pipeline, run }, object);
    const replays = await outcomesOf(runs, { pipeline, run }, replayed.get(run) ?? []);
    const request = asked.get(run);
    const requested = request && requestedIn(request);
    return summaryOf({ run, requested, outcome, replays, status });
  });
}

async function outcomesOf(
  runs: ObjectStore,
  run: { readonly pipeline: string; readonly run: RunId },
  objects: readonly ObjectInfo[],
): Promise<readonly RunOutcome[]> {
  const outcomes = await concurrently(objects, READ_AT_ONCE, (object) => outcomeOf(runs, run, object));
  return outcomes.filter((outcome) => outcome !== undefined);
}

/** From the listing; an outcome without a summary, or with a reason too long for one, is read. */
const outcomeOf = async (
  runs: ObjectStore,
  run: { readonly pipeline: string; readonly run: RunId },
  { name, metadata }: ObjectInfo,
): Promise<RunOutcome | undefined> =>
  outcomeIn(metadata, run) ?? (await readJson(runs, name, runOutcome))?.value;

/** The objects of the runs with sequence numbers in these bounds, inclusive; without `last`, from `first` on. */
async function objectsBetween(
  runs: ObjectStore,
  pipeline: string,
  first: number,
  last: number | undefined,
): Promise<readonly ObjectInfo[]> {
  const startOf = (sequence: number) => `${pipeline}/${String(sequence).padStart(6, '0')}`;
  const endBefore = last === undefined ? undefined : startOf(last + 1);
  return runs.list(`${pipeline}/`, MOST_OBJECTS, startOf(first), endBefore);
}

function summaryOf({ run, requested, outcome, replays, status }: Recorded): RunSummary {
  const waiting = status.queued === run ? 'queued' : 'requested';
  const own = status.holder === run ? 'running' : waiting;
  const republished = replays
    .filter((replay) => replay.outcome === 'published')
    .reduce<RunOutcome | undefined>((last, each) => (last && last.at >= each.at ? last : each), undefined);
  const end = republished ?? outcome;
  return { run, requested, outcome, republished, status: end?.outcome ?? own, code: end?.code ?? null };
}

interface Recorded {
  readonly run: RunId;
  readonly requested: Requested | undefined;
  readonly outcome: RunOutcome | undefined;
  readonly replays: readonly RunOutcome[];
  readonly status: PipelineStatus;
}

export interface RecordedAttempt {
  readonly attempt: number;
  /** When it was submitted. */
  readonly at: string;
  /** The full name of its execution; undefined until it has one. */
  readonly execution: string | undefined;
  /** Why the attempt before it was given up; undefined of the first. */
  readonly because: string | undefined;
}

export interface RunHistory extends RunSummary {
  readonly request: RunRequest;
  readonly input: InputManifest | undefined;
  /** From the first on. */
  readonly attempts: readonly RecordedAttempt[];
  /** Whether its output may be published; undefined until that is decided. */
  readonly decision: Decision | undefined;
  readonly replays: readonly { readonly nonce: string; readonly outcome: RunOutcome }[];
}

// Operators request replays, one at a time.
const MOST_REPLAYS = 100_000;
const MOST_ATTEMPTS = 10;

/** One run whole, or undefined when there is none of that id. */
export async function readRun(
  runs: ObjectStore,
  pipeline: string,
  run: RunId,
): Promise<RunHistory | undefined> {
  const request = await readJson(runs, requestObject(pipeline, run), runRequest);
  if (request === undefined) return undefined;
  const status = await readStatus(runs, pipeline);
  const outcome = await readOutcome(runs, pipeline, run);
  const replays = await replaysOf(runs, pipeline, run);
  const input = (await readJson(runs, inputObject(pipeline, run), inputManifest))?.value;
  return {
    ...summaryOf({
      ...{ run, outcome, status, replays: replays.map((replay) => replay.outcome) },
      requested: { at: request.value.requestedAt, cause: request.value.cause },
    }),
    request: request.value,
    input,
    attempts: await attemptsOf(runs, pipeline, run),
    decision: (await readJson(runs, decisionObject(pipeline, run), decision))?.value,
    replays,
  };
}

/** The attempts of a run of either trigger, from the first on. */
export async function attemptsOf(
  runs: ObjectStore,
  pipeline: string,
  run: RunId,
): Promise<readonly RecordedAttempt[]> {
  const attempts: RecordedAttempt[] = [];
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
    const intent = await readJson(runs, executionObject(pipeline, run, attempt), executionIntent);
    if (intent === undefined) break;
    const started = await readJson(runs, startedObject(pipeline, run, attempt), executionStarted);
    const { at, because } = intent.value;
    attempts.push({ attempt, at, execution: started?.value.execution, because });
  }
  return attempts;
}

async function replaysOf(runs: ObjectStore, pipeline: string, run: RunId): Promise<RunHistory['replays']> {
  const prefix = replayPrefix(pipeline, run);
  const listed = await runs.list(prefix, MOST_REPLAYS);
  const replays = await concurrently(listed, READ_AT_ONCE, async (object) => {
    const outcome = await outcomeOf(runs, { pipeline, run }, object);
    const nonce = object.name.slice(prefix.length, -'.json'.length);
    return outcome === undefined ? [] : [{ nonce, outcome }];
  });
  return replays.flat();
}
