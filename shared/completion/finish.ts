// Ends a run: records its outcome, frees the lease, and requests the queued run.
import { isDeepStrictEqual } from 'node:util';
import { TransientError } from '../errors.ts';
import type { Publisher, RunRequested } from '../events/messages.ts';
import type { ObjectStore } from '../objects/store.ts';
import { requestReader, type ReadRequest } from '../runs/request.ts';
import { traceRun } from '../tracing/run-span.ts';
import { logEnd, type EndedPorts } from './ended.ts';
import { freeLease, readLease } from '../runs/lease.ts';
import type { RunId } from '../runs/names.ts';
import { recordOutcome, type RunOutcome } from '../runs/outcome.ts';

export interface ReleasePorts {
  readonly runs: ObjectStore;
  readonly runRequested: Publisher<RunRequested>;
}

export type FinishPorts = ReleasePorts & EndedPorts;

/** What the caller has read of the run. */
export interface Known {
  /** When the last attempt's job finished. */
  readonly jobEndedAt?: string | undefined;
  readonly request?: ReadRequest;
}

const MOST_CONFLICTS = 5;

/** Idempotent: called again after a crash between its steps, it completes the rest. */
export async function finishRun(
  ports: FinishPorts,
  outcome: RunOutcome,
  { jobEndedAt, request = requestReader(ports.runs, outcome.pipeline, outcome.run) }: Known = {},
): Promise<RunOutcome> {
  const stands = await recordOutcome(ports.runs, outcome);
  await traceRun(stands, request);
  if (isDeepStrictEqual(stands, outcome)) await logEnd(ports, outcome, { jobEndedAt, request });
  await releaseLease(ports, outcome.pipeline, outcome.run);
  return stands;
}

export async function releaseLease(ports: ReleasePorts, pipeline: string, run: string): Promise<void> {
  let queued: RunId | null = null;
  for (let conflict = 0; conflict < MOST_CONFLICTS; conflict++) {
    const lease = await readLease(ports.runs, pipeline);
    const held = lease?.value.holder.run === run;
    if (held) queued = lease.value.queued;
    if (held && !(await freeLease(ports.runs, pipeline, lease))) continue;
    // A conflict may be with this function's own delete (law 3): the queued run is requested in any case.
    if (queued !== null) await ports.runRequested.publish({ pipeline, run: queued });
    return;
  }
  throw new TransientError(
    `the lease of ${pipeline} changed ${MOST_CONFLICTS} times while ${run} freed it; the next delivery tries again`,
    { code: 'CONFLICT' },
  );
}
