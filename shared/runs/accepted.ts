// The publications that the buckets record: each outcome `published` of a run or of a replay.
import { concurrently } from '../concurrently.ts';
import { readJson } from '../objects/json.ts';
import type { ObjectStore } from '../objects/store.ts';
import { isNonce, isRunId, outcomeObject, type RunId } from './names.ts';
import { runOutcome } from './outcome.ts';

export interface Accepted {
  readonly run: RunId;
  /** The replay's nonce; undefined for the run's own publication. */
  readonly replay: string | undefined;
  readonly rows: number | null;
  readonly attempt: number;
  /** When the outcome was recorded, a moment after the publication. */
  readonly at: string;
}

export interface ObservedRuns {
  /** Every run whose request still exists. */
  readonly runs: ReadonlySet<RunId>;
  readonly accepted: readonly Accepted[];
}

const MOST_OBJECTS = 1_000_000;
const READ_AT_ONCE = 16;

/** Lists the pipeline's folder once and reads each outcome in it. More than a million objects are an error. */
export async function readAccepted(runs: ObjectStore, pipeline: string): Promise<ObservedRuns> {
  const names = (await runs.list(`${pipeline}/`, MOST_OBJECTS)).map(({ name }) => name);
  const requested = names.filter((name) => name.endsWith('/request.json')).map(runOf);
  const outcomes = names.filter((name) => outcomeIn(pipeline, name) !== undefined);
  const accepted = await concurrently(outcomes, READ_AT_ONCE, async (name) => {
    const stored = await readJson(runs, name, runOutcome);
    const found = outcomeIn(pipeline, name);
    if (found === undefined || stored?.value.outcome !== 'published') return [];
    const { rows, attempt, at } = stored.value;
    return [{ ...found, rows, attempt, at }];
  });
  return { runs: new Set(requested.filter(isRunId)), accepted: accepted.flat() };
}

const runOf = (name: string): string => name.split('/')[1] ?? '';

function outcomeIn(pipeline: string, name: string): Pick<Accepted, 'run' | 'replay'> | undefined {
  const run = runOf(name);
  if (!isRunId(run)) return undefined;
  if (name === outcomeObject(pipeline, run)) return { run, replay: undefined };
  const replay = /^replay-(.+)\.json$/.exec(name.slice(`${pipeline}/${run}/`.length))?.[1];
  return replay !== undefined && isNonce(replay) ? { run, replay } : undefined;
}
