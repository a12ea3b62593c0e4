// One line for each run that ends: how, how long it took, and how long the table waited. Metrics are made of it.
import { executionStarted } from '../executions/records.ts';
import type { Log } from '../logging.ts';
import { readJson } from '../objects/json.ts';
import type { ObjectStore } from '../objects/store.ts';
import { startedObject } from '../runs/names.ts';
import type { RunOutcome } from '../runs/outcome.ts';
import type { AskForRequest } from '../runs/request.ts';

export interface EndedPorts {
  readonly runs: ObjectStore;
  readonly log: Log;
}

export interface Ended {
  /** When the last attempt's job had done its work, where that is known. */
  readonly jobEndedAt: string | undefined;
  readonly request: AskForRequest;
}

/** What a person has to look at is an error; what a person has to decide is a warning. */
const LEVELS: Partial<Record<RunOutcome['outcome'], 'warn' | 'error'>> = {
  held: 'warn',
  quarantined: 'error',
  failed: 'error',
  'dead-lettered': 'error',
};

/**
 * Said by whoever recorded the outcome, before the lease is given back. So it is said once: whoever finds the
 * outcome standing does not say it again. Killed between the record and the line, nobody says it.
 */
export async function logEnd({ runs, log }: EndedPorts, ended: RunOutcome, known: Ended): Promise<void> {
  const { pipeline, run, attempt, outcome, reason, rows } = ended;
  const measured = await measure(runs, ended, known).catch((error: unknown) => {
    // The line is worth less than the run's end, and its numbers less than the line.
    log.warn({ err: error, pipeline, run }, 'could not measure how long a run took');
    return {};
  });
  const reported = { event: 'run-ended', pipeline, run, attempt, outcome, reason, rows, ...measured };
  log[LEVELS[outcome] ?? 'info'](reported, `${outcome}: ${reason}`);
}

/**
 * `seconds`: from the request to the end. `jobSeconds`: the last attempt's share of them, from its submission.
 * `lagSeconds`: from the newest change of the source to the publication.
 */
async function measure(runs: ObjectStore, ended: RunOutcome, { jobEndedAt, request: askForRequest }: Ended) {
  const { pipeline, run, attempt, outcome, at } = ended;
  const request = await askForRequest();
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

/** Clocks differ, and a file's may be far in the future: nothing takes less than no time. */
function secondsBetween(from: string | undefined, to: string | undefined): number | undefined {
  if (from === undefined || to === undefined) return undefined;
  return Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
}
