// The ports of commands, and what several commands do with them.
import { commandLine } from '../../shared/command-line.ts';
import { done, refused, type CommandResult, type RunCommand } from '../../shared/commands/command.ts';
import type { DeadLetters } from '../../shared/dead-letters/dead-letters.ts';
import type { LoadRequested, Publisher } from '../../shared/events/messages.ts';
import type { JobRunner } from '../../shared/executions/runner.ts';
import type { Log } from '../../shared/logging.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import type { FinishPorts } from '../../shared/completion/finish.ts';
import type { Pipelines } from '../../shared/pipelines/registry.ts';
import { readState } from '../../shared/runs/state.ts';
import type { RunId } from '../../shared/runs/names.ts';
import type { OperatorDecision } from '../../shared/runs/decision.ts';
import { readOutcome, type RunOutcome } from '../../shared/runs/outcome.ts';
import { requestReader } from '../../shared/runs/request.ts';

export interface Ports extends FinishPorts {
  readonly pipelines: Pipelines;
  readonly audit: ObjectStore;
  readonly results: ObjectStore;
  /** Read only: whether a run was requested. */
  readonly requests: ObjectStore;
  readonly loadRequested: Publisher<LoadRequested>;
  /** Has detect-changes poll the source, and returns its answer. */
  readonly poll: (body: object) => Promise<unknown>;
  /** The job of a pipeline. */
  readonly jobsOf: (pipeline: string) => JobRunner;
  readonly deadLetters: DeadLetters;
  readonly now: () => number;
  readonly newId: () => string;
  readonly wait: (ms: number) => Promise<void>;
  readonly log: Log;
}

/** Whether the run was ever requested; the newest may be in the state alone, without a request object yet. */
export async function runExists(
  { runs }: Ports,
  pipeline: string,
  run: RunId,
  readRequest = requestReader(runs, pipeline, run),
): Promise<boolean> {
  if ((await readRequest()) !== undefined) return true;
  return (await readState(runs, pipeline))?.value.request?.run === run;
}

export const noSuchRun = (pipeline: string, run: RunId): CommandResult =>
  refused(
    'RUN_NOT_FOUND',
    `There is no run ${run} of ${pipeline}; nothing was done. To list the runs: ${commandLine(pipeline, 'runs')}`,
  );

const LONGEST_PUBLISHING_MS = 60_000;

/** The answer to a cancel after the decision to publish: how the run ended, or how to see that. */
export async function tooLate({ pipeline, run }: RunCommand, ports: Ports): Promise<CommandResult> {
  const ended = await observed(ports, LONGEST_PUBLISHING_MS, () => readOutcome(ports.runs, pipeline, run));
  if (ended !== undefined) return resultOfEnd(ended, '');
  const toSee = commandLine(pipeline, `run ${run}`);
  return refused(
    'TOO_LATE',
    `Too late: the output of run ${run} is being published. To see how it ends: ${toSee}`,
  );
}

/** The answer to a cancel of a run that has ended; `what`: what the cancel found. */
export function resultOfEnd({ run, outcome, reason, at }: RunOutcome, what: string): CommandResult {
  if (outcome === 'cancelled') return done(`Run ${run} is cancelled. ${what}`.trim());
  return refused('TOO_LATE', `Too late: run ${run} ended as ${outcome} at ${at}: ${reason}`);
}

export const alreadyDecided = ({ by, kind, at, reason }: OperatorDecision): CommandResult =>
  refused(
    'ALREADY_DECIDED',
    `${by} gave the command ${kind} at ${at}: ${reason}. The first decision stands.`,
  );

/** The result of a command that publish-output carried out, from what it recorded. */
export const resultOfReplay = (
  { outcome, code, reason }: RunOutcome,
  published: (message: string) => string,
): CommandResult =>
  outcome === 'published'
    ? done(published(reason))
    : refused(code ?? 'PERMANENT_FAILURE', `${outcome}: ${reason}`);

/** Polls until there is a value, or `longestMs` have passed (law 10). */
export async function observed<T>(
  { now, wait }: Ports,
  longestMs: number,
  poll: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const deadlineMs = now() + longestMs;
  for (;;) {
    const found = await poll();
    if (found !== undefined || now() >= deadlineMs) return found;
    await wait(POLL_MS);
  }
}

const POLL_MS = 500;
