// A job as the API shows it: a pure function of its objects.
import { endAtGates } from '../requests/ends.ts';
import { jobIdOf } from '../requests/names.ts';
import { costOfAttempts, type Size } from '../requests/prices.ts';
import type { Outcome, RunOutcome, RunResult } from '../runs/outcome.ts';
import type { JobObjects } from './job-objects.ts';
import { linksOf } from './links.ts';
import type { Job, JobState } from './schemas.ts';

const ENDED: Partial<Readonly<Record<Outcome, JobState>>> = {
  published: 'succeeded',
  held: 'held',
  cancelled: 'cancelled',
  expired: 'expired',
  rejected: 'rejected',
};

type Dated = Job['history'][number];

/** What happened until now, the newest last: the last one is the job's state. */
export function historyOf(objects: JobObjects): readonly [Dated, ...Dated[]] {
  const { record, approval, start, startedAtMs, decision, outcome, released } = objects;
  const waits = record.approval === 'before-start';
  const first: Dated = { state: waits ? 'waiting-approval' : 'queued', at: record.acceptedAt };
  const later: Dated[] = [];
  if (waits && approval?.kind === 'approve') later.push({ state: 'queued', at: approval.at });
  if (start?.kind === 'start') later.push({ state: 'starting', at: start.at });
  if (startedAtMs[0] !== undefined)
    later.push({ state: 'running', at: new Date(startedAtMs[0]).toISOString() });
  const end = endAtGates({ approval, start, decision });
  if (outcome !== undefined) later.push({ state: ENDED[outcome.outcome] ?? 'failed', at: outcome.at });
  // The gate has decided, and a function is about to record the outcome.
  else if (end !== undefined) later.push({ state: 'cancelling', at: decidedAt(objects) });
  if (released !== undefined) later.push({ state: 'succeeded', at: released.at });
  return [first, ...later];
}

const decidedAt = ({ approval, start, decision, record }: JobObjects): string =>
  (decision?.kind === 'cancel' ? decision.at : undefined) ??
  (start?.kind === 'start' ? undefined : start?.at) ??
  approval?.at ??
  record.acceptedAt;

export const stateOf = (objects: JobObjects): JobState => historyOf(objects).at(-1)!.state;

/** How the run ended: a release ends a held one anew. */
export const endOf = ({ outcome, released }: JobObjects): RunOutcome | undefined => released ?? outcome;

/** `held` is done as well: it changes only if an operator releases it. */
export const isDone = ({ outcome }: JobObjects): boolean => outcome !== undefined;

/** Executions are billed by the minute here, so that a job which runs is shown anew once a minute. */
const MINUTE_MS = 60_000;

function costSoFar({ startedAtMs, outcome }: JobObjects, size: Size, nowMs: number): number | null {
  if (outcome !== undefined) return costOfAttempts(size, startedAtMs, Date.parse(outcome.at));
  return costOfAttempts(size, startedAtMs, nowMs, (ms) => Math.ceil(ms / MINUTE_MS) * MINUTE_MS);
}

export interface Shown {
  readonly size: Size;
  readonly nowMs: number;
  readonly position: number | null;
}

export function jobView(objects: JobObjects, { size, nowMs, position }: Shown): Job {
  const { pipeline, run, record } = objects;
  const jobId = jobIdOf(pipeline, run);
  const history = [...historyOf(objects)];
  const ended = endOf(objects);
  const end = ended ?? endAtGates(objects);
  const { preset, priority, acceptedAt, expiresAt, estimate, maxCost } = record;
  return {
    job_id: jobId,
    pipeline,
    state: history.at(-1)!.state,
    done: isDone(objects),
    code: end?.code ?? null,
    reason: objects.refusal ?? end?.reason ?? null,
    history,
    position,
    preset,
    priority,
    accepted_at: acceptedAt,
    expires_at: expiresAt,
    estimate,
    max_cost: maxCost,
    cost: costSoFar(objects, size, nowMs),
    result: shownResult(ended?.result),
    links: linksOf(jobId),
  };
}

const fileOf = (object: string): string => object.slice(object.lastIndexOf('/') + 1);

const shownResult = (result: RunResult | undefined): Job['result'] =>
  result === undefined
    ? null
    : {
        name: fileOf(result.name),
        size: result.sizeBytes,
        attachments: result.attachments.map(({ name }) => fileOf(name)),
      };

const LONGEST_RETRY_S = 30;

/** Grows with the age of the job: a tenth of it, from 1 to 30 seconds. */
export const retryAfterOf = (acceptedAt: string, nowMs: number): number =>
  Math.min(LONGEST_RETRY_S, Math.max(1, Math.round((nowMs - Date.parse(acceptedAt)) / 10_000)));
