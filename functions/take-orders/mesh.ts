// What carrying out an order takes from the world.
import type { DeadLetters } from '../../shared/dead-letters/letters.ts';
import type { LoadRequested, Publisher } from '../../shared/events/messages.ts';
import type { JobRunner } from '../../shared/executions/runner.ts';
import type { Log } from '../../shared/logging.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import type { FinishPorts } from '../../shared/completion/finish.ts';
import { readHead } from '../../shared/runs/head.ts';
import type { RunId } from '../../shared/runs/names.ts';
import { requestReader } from '../../shared/runs/request.ts';

export interface Mesh extends FinishPorts {
  readonly audit: ObjectStore;
  readonly results: ObjectStore;
  readonly loadRequested: Publisher<LoadRequested>;
  /** Asks detect-changes for a look, and gives its answer. */
  readonly look: (body: object) => Promise<unknown>;
  /** The job of a pipeline. */
  readonly jobsOf: (pipeline: string) => JobRunner;
  readonly letters: DeadLetters;
  readonly now: () => number;
  readonly newId: () => string;
  readonly wait: (ms: number) => Promise<void>;
  readonly log: Log;
}

/** Whether the run was ever asked for; the head's own may not have a request object yet. */
export async function runExists(
  { runs }: Mesh,
  pipeline: string,
  run: RunId,
  askForRequest = requestReader(runs, pipeline, run),
): Promise<boolean> {
  if ((await askForRequest()) !== undefined) return true;
  return (await readHead(runs, pipeline))?.value.request?.run === run;
}

export const noSuchRun = (pipeline: string, run: RunId): string =>
  `there is no run ${run} of ${pipeline}; sluice runs lists them.`;

/** Looks again and again until there is something to see, or `longestMs` have passed (law 10). */
export async function seen<T>(
  { now, wait }: Mesh,
  longestMs: number,
  look: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const deadlineMs = now() + longestMs;
  for (;;) {
    const found = await look();
    if (found !== undefined || now() >= deadlineMs) return found;
    await wait(POLL_MS);
  }
}

const POLL_MS = 500;
