// What carrying out an order takes from the world.
import type { DeadLetters } from '../../shared/dead-letters/dead-letters.ts';
import type { LoadRequested, Publisher } from '../../shared/events/messages.ts';
import type { JobRunner } from '../../shared/executions/runner.ts';
import type { Log } from '../../shared/logging.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import type { FinishPorts } from '../../shared/completion/finish.ts';
import { readState } from '../../shared/runs/state.ts';
import type { RunId } from '../../shared/runs/names.ts';
import { requestReader } from '../../shared/runs/request.ts';

export interface Ports extends FinishPorts {
  readonly audit: ObjectStore;
  readonly results: ObjectStore;
  readonly loadRequested: Publisher<LoadRequested>;
  /** Asks detect-changes for a look, and gives its answer. */
  readonly poll: (body: object) => Promise<unknown>;
  /** The job of a pipeline. */
  readonly jobsOf: (pipeline: string) => JobRunner;
  readonly deadLetters: DeadLetters;
  readonly now: () => number;
  readonly newId: () => string;
  readonly wait: (ms: number) => Promise<void>;
  readonly log: Log;
}

/** Whether the run was ever asked for; the head's own may not have a request object yet. */
export async function runExists(
  { runs }: Ports,
  pipeline: string,
  run: RunId,
  askForRequest = requestReader(runs, pipeline, run),
): Promise<boolean> {
  if ((await askForRequest()) !== undefined) return true;
  return (await readState(runs, pipeline))?.value.request?.run === run;
}

export const noSuchRun = (pipeline: string, run: RunId): string =>
  `there is no run ${run} of ${pipeline}; sluice runs lists them.`;

/** Looks again and again until there is something to see, or `longestMs` have passed (law 10). */
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
