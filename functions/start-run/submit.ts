// Submits an attempt's execution, once, although Cloud Run takes no request id (laws 1 and 3).
import { TransientError } from '../../shared/errors.ts';
import {
  executionIntent,
  executionStarted,
  MOST_SUBMISSIONS,
  type ExecutionStarted,
} from '../../shared/executions/records.ts';
import type { AttemptKey, JobRunner } from '../../shared/executions/runner.ts';
import { createOnce, readJson } from '../../shared/objects/json.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import { executionObject, startedObject } from '../../shared/runs/names.ts';

export interface SubmitPorts {
  readonly runs: ObjectStore;
  readonly jobs: JobRunner;
  readonly now: () => number;
  readonly newId: () => string;
}

// A submission takes 60 s at most (shared/google/run.ts): a delivery that wrote an intent this long ago and started
// nothing has died.
export const PATIENCE_MS = 90_000;

export interface Submission {
  /** Why the attempt before it was given up. */
  readonly because?: string | undefined;
  /**
   * Read between the intent and the submission: a delivery that was held up before its intent does not execute a run
   * that has ended since, and one that is held up after it counts as in flight until its patience is over.
   */
  readonly isWanted?: () => Promise<boolean>;
}

/** The run ended, or was cancelled, before its execution was submitted. Nothing was submitted. */
export class AttemptUnwanted extends Error {
  override readonly name = 'AttemptUnwanted';
}

/**
 * Returns the attempt's execution, started now or before.
 *
 *     intent ──▶ runJob ──▶ started
 *        │          └ answer lost: find the execution that carries the key
 *        └ another delivery's intent: find its execution; none yet: wait, then record the next intent
 */
export async function submitAttempt(
  key: AttemptKey,
  ports: SubmitPorts,
  { because, isWanted = async () => true }: Submission = {},
): Promise<ExecutionStarted> {
  const { runs, jobs, now, newId } = ports;
  const { pipeline, run, attempt } = key;
  const started = await readJson(runs, startedObject(pipeline, run, attempt), executionStarted);
  if (started !== undefined) return started.value;

  const token = newId();
  for (let submission = 1; submission <= MOST_SUBMISSIONS; submission++) {
    const mine = { pipeline, run, attempt, token, at: new Date(now()).toISOString(), because };
    const object = executionObject(pipeline, run, attempt, submission);
    const intent = await createOnce(runs, object, executionIntent, mine);
    if (intent.token === mine.token) {
      if (!(await isWanted()))
        throw new AttemptUnwanted(`attempt ${attempt} of ${pipeline} ${run} is no longer wanted`);
      const { execution, isAnswered } = await start(key, jobs);
      return recordStarted(key, execution, ports, isAnswered ? submission : undefined);
    }
    const checkedAtMs = now();
    const found = await jobs.find(key);
    if (found.kind === 'found') return recordStarted(key, found.execution.name, ports);
    if (found.kind === 'unknown') {
      throw new TransientError(
        `attempt ${attempt} of ${pipeline} ${run} is not submitted again: ${found.reason}`,
        { code: 'EXECUTION_UNKNOWN' },
      );
    }
    if (checkedAtMs - Date.parse(intent.at) < PATIENCE_MS) {
      throw new TransientError(
        `attempt ${attempt} of ${pipeline} ${run} is being submitted by another delivery; the next one checks again`,
        { code: 'EXECUTION_PENDING' },
      );
    }
  }
  throw new TransientError(
    `attempt ${attempt} of ${pipeline} ${run} was submitted ${MOST_SUBMISSIONS} times and never started`,
    { code: 'EXECUTION_PENDING' },
  );
}

async function start(key: AttemptKey, jobs: JobRunner) {
  try {
    return { execution: await jobs.start(key, {}), isAnswered: true };
  } catch (error) {
    const found = await jobs.find(key);
    if (found.kind !== 'found') throw error;
    // It may be an earlier intent's, and this one's may still come.
    return { execution: found.execution.name, isAnswered: false };
  }
}

const recordStarted = (
  key: AttemptKey,
  execution: string,
  { runs, now }: SubmitPorts,
  submission?: number,
): Promise<ExecutionStarted> =>
  createOnce(runs, startedObject(key.pipeline, key.run, key.attempt), executionStarted, {
    ...key,
    execution,
    at: new Date(now()).toISOString(),
    ...(submission === undefined ? {} : { submission }),
  });
