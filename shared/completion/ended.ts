// Logs one line for each run that ends: how, how long it took, and how long the change waited. Metrics are made of it.
import { executionStarted } from '../executions/records.ts';
import type { Log } from '../logging.ts';
import { readJson } from '../objects/json.ts';
import type { ObjectStore } from '../objects/store.ts';
import { startedObject } from '../runs/names.ts';
import type { RunOutcome } from '../runs/outcome.ts';
import type { ReadRequest } from '../runs/request.ts';

export interface EndedPorts {
  readonly runs: ObjectStore;
  readonly log: Log;
}

export interface Ended {
  /** When the last attempt's job finished, where that is known. */
  readonly jobEndedAt: string | undefined;
  readonly request: ReadRequest;
}

/** An outcome that an operator has to repair is an error; one that an operator has to decide is a warning. */
const LEVELS: Partial<Record<RunOutcome['outcome'], 'warn' | 'error'>> = {
  held: 'warn',
  quarantined: 'error',
  failed: 'error',
  'dead-lettered': 'error',
};

/**
 * The function that records the outcome logs it, before the lease is freed. So it is logged once: a function that finds
 * the outcome recorded does not log it again. If the function is killed in between, it is not logged.
 */
export async function logEnd({ runs, log }: EndedPorts, ended: RunOutcome, known: Ended): Promise<void> {
  await logLine('run-ended', log, ended, measure(runs, ended, known));
}

/** Writes the line. A failed measurement fails neither the line nor the end of the run. */
export async function logLine(
  event: 'run-ended' | 'request-ended',
  log: Log,
  { pipeline, run, attempt, outcome, code, reason, rows }: RunOutcome,
  measuring: Promise<object>,
): Promise<void> {
  const measured = await measuring.catch((error: unknown) => {
    log.warn({ err: error, pipeline, run }, 'The duration of the run could not be measured.');
    return {};
  });
  const reported = { event, pipeline, run, attempt, outcome, code, reason, rows, ...measured };
  log[LEVELS[outcome] ?? 'info'](reported, `Run ${run} ended as ${outcome}: ${reason}`);
}

/**
 * `seconds`: from the request to the end. `jobSeconds`: the last attempt's share of them, from its submission.
 * `lagSeconds`: from the newest change of the source to the publication.
 */
async function measure(runs: ObjectStore, ended: RunOutcome, { jobEndedAt, request: readRequest }: Ended) {
  const { pipeline, run, attempt, outcome, at } = ended;
  const request = await readRequest();
  const started =
    attempt === 0 || jobEndedAt === undefined
      ? undefined
      : (await readJson(runs, startedObject(pipeline, run, attempt), executionStarted))?.value;
  return {
    seconds: secondsBetween(request?.requestedAt, at),
    jobSeconds: secondsBetween(started?.at, jobEndedAt),
    lagSeconds: outcome === 'published' ? secondsBetween(request?.changedAt, at) : undefined,
  };
}

/** Clocks differ, and a file's time may be in the future: a duration is never negative. */
export function secondsBetween(from: string | undefined, to: string | undefined): number | undefined {
  if (from === undefined || to === undefined) return undefined;
  return Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
}
