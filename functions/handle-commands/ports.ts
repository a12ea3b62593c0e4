// The ports of commands, and what several commands do with them.
import { commandLine } from '../../shared/command-line.ts';
import { done, refused, type CommandResult } from '../../shared/commands/command.ts';
import type { DeadLetters } from '../../shared/dead-letters/dead-letters.ts';
import type { LoadRequested, Publisher } from '../../shared/events/messages.ts';
import type { JobRunner } from '../../shared/executions/runner.ts';
import type { Log } from '../../shared/logging.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import type { FinishPorts } from '../../shared/completion/finish.ts';
import { readState } from '../../shared/runs/state.ts';
import type { RunId } from '../../shared/runs/names.ts';
import type { RunOutcome } from '../../shared/runs/outcome.ts';
import { requestReader } from '../../shared/runs/request.ts';

export interface Ports extends FinishPorts {
  readonly audit: ObjectStore;
  readonly results: ObjectStore;
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
