// Cancel: no attempt starts any more, no output is published, and the execution is seen to be gone.
import { TransientError } from '../../shared/errors.ts';
import { executionIntent, executionStarted, newestIntent } from '../../shared/executions/records.ts';
import type { AttemptKey, Execution } from '../../shared/executions/runner.ts';
import { createOnce, readJson } from '../../shared/objects/json.ts';
import {
  done,
  refused,
  type AcceptedCommand,
  type RunCommand,
  type CommandResult,
} from '../../shared/commands/command.ts';
import { finishRun, releaseLease } from '../../shared/completion/finish.ts';
import { readLease, swapLease } from '../../shared/runs/lease.ts';
import { executionObject, manifestObject, startedObject } from '../../shared/runs/names.ts';
import { readOutcome, type RunOutcome } from '../../shared/runs/outcome.ts';
import { recordCancellation, decideOnce, cancellationMessage } from '../../shared/runs/decision.ts';
import { requestReader } from '../../shared/runs/request.ts';
import { noSuchRun, runExists, observed, type Ports } from './ports.ts';

type Given = AcceptedCommand<RunCommand>;

const MOST_CONFLICTS = 10;
// A submission takes 60 s at most (shared/google/run.ts): an intent older than this started nothing.
const LONGEST_SUBMISSION_MS = 90_000;
const LONGEST_CANCELLING_MS = 120_000;
const LONGEST_PUBLISHING_MS = 60_000;

/**
 * Fences first (law 5), then looks:
 *
 *     ruling: never publish ──▶ cancel.json: never start ──▶ lease ──▶ execution gone ──▶ outcome, lease free
 *        └ publish-output ruled `publish` before: too late
 *
 * Cut off anywhere, the same order goes on; and without it, whoever meets the fence ends the run as cancelled.
 */
export async function cancelRun({ command, by, at }: Given, ports: Ports): Promise<CommandResult> {
  const { pipeline, run, reason, id } = command;
  const ended = await readOutcome(ports.runs, pipeline, run);
  if (ended !== undefined) {
    // An earlier try may have been cut off between the outcome and the lease.
    await releaseLease(ports, pipeline, run);
    return resultOf(ended, '');
  }
  const request = requestReader(ports.runs, pipeline, run);
  if (!(await runExists(ports, pipeline, run, request))) return refused(noSuchRun(pipeline, run));

  const given = { command: id, by, reason, at };
  const decided = await decideOnce(ports.runs, pipeline, run, { kind: 'cancel', ...given });
  if (decided.kind === 'publish') return tooLate(command, ports);
  const cancelled = await recordCancellation(ports.runs, pipeline, run, given);
  const { attempt, what } = await stop(command, ports);
  const why = `${cancellationMessage(cancelled)} ${what}`;
  const endedAt = new Date(ports.now()).toISOString();
  const end = { pipeline, run, outcome: 'cancelled', reason: why, attempt, rows: null, at: endedAt } as const;
  const stands = await finishRun(ports, end, { request });
  return resultOf(stands, what);
}

function resultOf({ run, outcome, reason, at }: RunOutcome, what: string): CommandResult {
  if (outcome === 'cancelled') return done(`run ${run} is cancelled. ${what}`.trim());
  return refused(`too late: run ${run} ended at ${at} as ${outcome}: ${reason}`);
}

async function tooLate({ pipeline, run }: Given['command'], ports: Ports): Promise<CommandResult> {
  const ended = await observed(ports, LONGEST_PUBLISHING_MS, () => readOutcome(ports.runs, pipeline, run));
  if (ended !== undefined) return resultOf(ended, '');
  return refused(
    `too late: the output of run ${run} is being published; sluice run ${run} tells how it ends.`,
  );
}

interface Stopped {
  /** 0: it had not started. */
  readonly attempt: number;
  readonly what: string;
}

/** Takes the run out of the line, or sees its execution gone. A run that is neither finds the fence. */
async function stop({ pipeline, run, id }: Given['command'], ports: Ports): Promise<Stopped> {
  for (let conflict = 0; conflict < MOST_CONFLICTS; conflict++) {
    const lease = await readLease(ports.runs, pipeline);
    if (lease?.value.holder.run === run)
      return stopExecution({ pipeline, run, attempt: lease.value.holder.attempt }, id, ports);
    if (lease?.value.queued !== run) return { attempt: 0, what: 'It had not started.' };
    const next = { ...lease.value, queued: null, token: ports.newId() };
    if (await swapLease(ports.runs, pipeline, lease, next))
      return { attempt: 0, what: 'It was waiting in line.' };
  }
  throw new TransientError(`the lease of ${pipeline} moved ${MOST_CONFLICTS} times under this order`);
}

async function stopExecution(key: AttemptKey, token: string, ports: Ports): Promise<Stopped> {
  const { pipeline, run, attempt } = key;
  const mine = { ...key, token, at: new Date(ports.now()).toISOString() };
  const intent = await createOnce(ports.runs, executionObject(pipeline, run, attempt), executionIntent, mine);
  // Whoever would submit this attempt finds an intent that is not its own, and waits.
  if (intent.token === token) return { attempt, what: 'Its job had not been started.' };
  const newest = (await newestIntent(ports.runs, key)) ?? intent;
  const execution = await submitted(key, Date.parse(newest.at), ports);
  if (execution === undefined) return { attempt, what: 'Its job had not been started.' };
  const last = await gone(execution, ports.jobsOf(pipeline), ports);
  const output = (await ports.results.info(manifestObject(pipeline, run, attempt))) !== undefined;
  return {
    attempt,
    what: `Its execution ${execution.name} is gone (${last}).${output ? ' Its output had come before; it is kept and not published.' : ''}`,
  };
}

/** The attempt's execution. One that is just being submitted is waited for: it would run on unseen. */
async function submitted(key: AttemptKey, intentAtMs: number, ports: Ports): Promise<Execution | undefined> {
  const jobs = ports.jobsOf(key.pipeline);
  const patienceMs = Math.max(0, intentAtMs + LONGEST_SUBMISSION_MS - ports.now());
  return observed(ports, patienceMs, async () => {
    const object = startedObject(key.pipeline, key.run, key.attempt);
    const started = await readJson(ports.runs, object, executionStarted);
    if (started !== undefined) return jobs.get(started.value.execution);
    const found = await jobs.find(key);
    if (found.kind === 'unknown')
      throw new TransientError(`${found.reason}; the same order again looks further`);
    return found.kind === 'found' ? found.execution : undefined;
  });
}

/** Cancels the execution, and looks until it is over. Gives how it ended. */
async function gone(execution: Execution, jobs: ReturnType<Ports['jobsOf']>, ports: Ports): Promise<string> {
  const { name } = execution;
  if (execution.state !== 'running') return execution.state;
  const ended = async () => {
    const now = await jobs.get(name);
    if (now === undefined) return 'deleted';
    return now.state === 'running' ? undefined : now.state;
  };
  try {
    await jobs.cancel(name);
  } catch (error) {
    // It may have ended by itself in this moment, or the answer was lost.
    const state = await ended();
    if (state === undefined) throw error;
    return state;
  }
  const state = await observed(ports, LONGEST_CANCELLING_MS, ended);
  if (state !== undefined) return state;
  throw new TransientError(`${name} was cancelled and is still running; the same order again looks further`);
}
