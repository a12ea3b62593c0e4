// Logs one line for each requested run that ends: how, how long it waited and took, its cost and its estimate.
import { executionStarted } from '../executions/records.ts';
import { readJson } from '../objects/json.ts';
import type { ObjectStore } from '../objects/store.ts';
import { requestRecord } from '../requests/entry.ts';
import { costOfAttempts, type Size } from '../requests/prices.ts';
import { requestObject, startedObject } from '../runs/names.ts';
import type { RunOutcome } from '../runs/outcome.ts';
import { traceRun } from '../tracing/run-span.ts';
import { logLine, secondsBetween, type EndedPorts } from './ended.ts';

export interface EndedRequest {
  /** Of the pipeline's job. */
  readonly size: Size;
  /** When the last attempt's job finished, where that is known. */
  readonly jobEndedAt: string | undefined;
}

/** As `logEnd`, by the function that records the outcome, once. What was requested is not in it. */
export async function logRequestEnd(
  { runs, log }: EndedPorts,
  ended: RunOutcome,
  known: EndedRequest,
): Promise<void> {
  await logLine('request-ended', log, ended, measure(runs, ended, known));
}

/** Writes the span of the run, from its acceptance to its end: again for each delivery, with the same ids and times. */
export const traceRequest = (runs: ObjectStore, ended: RunOutcome): Promise<void> =>
  traceRun(ended, async () => {
    const record = await readJson(runs, requestObject(ended.pipeline, ended.run), requestRecord);
    return record && { requestedAt: record.value.acceptedAt };
  });

/**
 * `seconds`: from the request to the end. `waitSeconds`: until its first attempt started. `jobSeconds`: the last
 * attempt's share. `cost`: dollars of all attempts, as the API shows them; `estimate`: what was expected of them.
 */
async function measure(runs: ObjectStore, ended: RunOutcome, { size, jobEndedAt }: EndedRequest) {
  const { pipeline, run, at } = ended;
  const [record, starts] = await Promise.all([
    readJson(runs, requestObject(pipeline, run), requestRecord),
    startsOf(runs, ended),
  ]);
  const { acceptedAt, estimate } = record?.value ?? {};
  const startedAtMs = starts.map((started) => Date.parse(started));
  const cost = costOfAttempts(size, startedAtMs, Date.parse(at)) ?? undefined;
  const expected = estimate?.expected ?? estimate?.high;
  return {
    seconds: secondsBetween(acceptedAt, at),
    waitSeconds: secondsBetween(acceptedAt, starts[0]),
    jobSeconds: secondsBetween(starts.at(-1), jobEndedAt),
    ...{ cost, costMicros: microsOf(cost) },
    ...{ estimate: expected, estimateMicros: microsOf(expected) },
  };
}

const MICRO = 1_000_000;

/** For metrics, whose smallest bucket ends at 1. */
const microsOf = (dollars: number | undefined): number | undefined =>
  dollars === undefined ? undefined : Math.round(dollars * MICRO);

/** When each attempt started; there are as many as the outcome's attempt at most. */
async function startsOf(
  runs: ObjectStore,
  { pipeline, run, attempt }: RunOutcome,
): Promise<readonly string[]> {
  const read = Array.from({ length: attempt }, (_none, index) =>
    readJson(runs, startedObject(pipeline, run, index + 1), executionStarted),
  );
  return (await Promise.all(read)).flatMap((started) => started?.value.at ?? []);
}
