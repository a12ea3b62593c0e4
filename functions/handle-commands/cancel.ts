// Cancel: no attempt starts, no output is published, and the command waits until the execution has ended.
import { TransientError } from '../../shared/errors.ts';
import { executionIntent, executionStarted, newestIntent } from '../../shared/executions/records.ts';
import type { AttemptKey, Execution } from '../../shared/executions/runner.ts';
import { createOnce, readJson } from '../../shared/objects/json.ts';
import { type AcceptedCommand, type RunCommand, type CommandResult } from '../../shared/commands/command.ts';
import { finishRun, releaseLease } from '../../shared/completion/finish.ts';
import { readLease, swapLease } from '../../shared/runs/lease.ts';
import { executionObject, manifestObject, startedObject } from '../../shared/runs/names.ts';
import { readOutcome } from '../../shared/runs/outcome.ts';
import { recordCancellation, decideOnce, cancellationMessage } from '../../shared/runs/decision.ts';
import { requestReader } from '../../shared/runs/request.ts';
import { noSuchRun, observed, resultOfEnd, runExists, tooLate, type Ports } from './ports.ts';

type AcceptedCancel = AcceptedCommand<RunCommand>;

const MOST_CONFLICTS = 10;
// A submission takes 60 s at most (shared/google/run.ts): an intent older than this started nothing.
const LONGEST_SUBMISSION_MS = 90_000;
const LONGEST_CANCELLING_MS = 120_000;

/**
 * Fences first (law 5), then stops the execution:
 *
 *     decision: do not publish ──▶ cancel.json: do not start ──▶ lease ──▶ execution ended ──▶ outcome, lease free
 *        └ publish-output decided `publish` before: too late
 *
 * Interrupted anywhere, the same command continues; without it, the function that meets a fence ends the run as cancelled.
 */
export async function cancelRun({ command, by, at }: AcceptedCancel, ports: Ports): Promise<CommandResult> {
  const { pipeline, run, reason, id } = command;
  const before = await readOutcome(ports.runs, pipeline, run);
  if (before !== undefined) {
    // An earlier try may have been interrupted between the outcome and the lease.
    await releaseLease(ports, pipeline, run);
    return resultOfEnd(before, '');
  }
  const request = requestReader(ports.runs, pipeline, run);
  if (!(await runExists(ports, pipeline, run, request))) return noSuchRun(pipeline, run);

  const given = { command: id, by, reason, at };
  const decided = await decideOnce(ports.runs, pipeline, run, { kind: 'cancel', ...given });
  if (!('command' in decided)) return tooLate(command, ports);
  const cancelled = await recordCancellation(ports.runs, pipeline, run, given);
  const { attempt, what } = await stop(command, ports);
  const why = `${cancellationMessage(cancelled)} ${what}`;
  const code = 'CANCELLED_BY_OPERATOR';
  const endedAt = new Date(ports.now()).toISOString();
  const ended = { pipeline, run, attempt, rows: null, at: endedAt } as const;
  const recorded = await finishRun(ports, { ...ended, outcome: 'cancelled', code, reason: why }, { request });
  return resultOfEnd(recorded, what);
}

interface Stopped {
  /** 0: it had not started. */
  readonly attempt: number;
  readonly what: string;
}

/** Removes the run from the queue, or waits until its execution has ended. A run in neither place meets the fence. */
async function stop({ pipeline, run, id }: AcceptedCancel['command'], ports: Ports): Promise<Stopped> {
  for (let conflict = 0; conflict < MOST_CONFLICTS; conflict++) {
    const lease = await readLease(ports.runs, pipeline);
    if (lease?.value.holder.run === run)
      return stopExecution({ pipeline, run, attempt: lease.value.holder.attempt }, id, ports);
    if (lease?.value.queued !== run) return { attempt: 0, what: 'It had not started.' };
    const next = { ...lease.value, queued: null, token: ports.newId() };
    if (await swapLease(ports.runs, pipeline, lease, next)) return { attempt: 0, what: 'It was queued.' };
  }
  throw new TransientError(
    `the lease of ${pipeline} changed ${MOST_CONFLICTS} times during this command; send it again`,
    { code: 'CONFLICT' },
  );
}

async function stopExecution(key: AttemptKey, token: string, ports: Ports): Promise<Stopped> {
  const { pipeline, run, attempt } = key;
  const mine = { ...key, token, at: new Date(ports.now()).toISOString() };
  const intent = await createOnce(ports.runs, executionObject(pipeline, run, attempt), executionIntent, mine);
  // Any other delivery that would submit this attempt finds this intent, and waits.
  if (intent.token === token) return { attempt, what: 'Its job had not been started.' };
  const newest = (await newestIntent(ports.runs, key)) ?? intent;
  const execution = await submitted(key, Date.parse(newest.at), ports);
  if (execution === undefined) return { attempt, what: 'Its job had not been started.' };
  const last = await waitUntilStopped(execution, ports.jobsOf(pipeline), ports);
  const output = (await ports.results.info(manifestObject(pipeline, run, attempt))) !== undefined;
  return {
    attempt,
    what: `Its execution ${execution.name.split('/').at(-1)} has stopped (${last}).${output ? ' It had written its output, which is kept and not published.' : ''}`,
  };
}

/** The attempt's execution. One that is being submitted is waited for: otherwise it would run unnoticed. */
async function submitted(key: AttemptKey, intentAtMs: number, ports: Ports): Promise<Execution | undefined> {
  const jobs = ports.jobsOf(key.pipeline);
  const patienceMs = Math.max(0, intentAtMs + LONGEST_SUBMISSION_MS - ports.now());
  return observed(ports, patienceMs, async () => {
    const object = startedObject(key.pipeline, key.run, key.attempt);
    const started = await readJson(ports.runs, object, executionStarted);
    if (started !== undefined) return jobs.get(started.value.execution);
    const found = await jobs.find(key);
    if (found.kind === 'unknown')
      throw new TransientError(`${found.reason}; send the same command again to continue`, {
        code: 'EXECUTION_UNKNOWN',
      });
    return found.kind === 'found' ? found.execution : undefined;
  });
}

/** Cancels the execution and waits until it has ended. Returns how it ended. */
async function waitUntilStopped(
  execution: Execution,
  jobs: ReturnType<Ports['jobsOf']>,
  ports: Ports,
): Promise<string> {
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
    // It may have ended by itself at this moment, or the answer was lost.
    const state = await ended();
    if (state === undefined) throw error;
    return state;
  }
  const state = await observed(ports, LONGEST_CANCELLING_MS, ended);
  if (state !== undefined) return state;
  throw new TransientError(
    `${name} was cancelled and is still running; send the same command again to wait longer`,
    { code: 'RESULT_PENDING' },
  );
}
