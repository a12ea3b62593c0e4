// POST /pipeline/run: one write accepts a request, and the same key is the same job.
import type { AskedBy } from '../../shared/api/asked.ts';
import type { JobObjects } from '../../shared/api/job-objects.ts';
import { jobView, retryAfterOf, stateOf } from '../../shared/api/job-view.ts';
import { jobPath } from '../../shared/api/links.ts';
import { ApiProblem } from '../../shared/api/problems.ts';
import type { RunBody } from '../../shared/api/schemas.ts';
import { TransientError } from '../../shared/errors.ts';
import { answered, type Answer } from '../../shared/http/call.ts';
import type { RequestRecord } from '../../shared/requests/entry.ts';
import { jobIdOf, ownerHash, queueObject, requestedRunOf } from '../../shared/requests/names.ts';
import { readOutcome } from '../../shared/runs/outcome.ts';
import { bodyHashOf, idempotencyKeyOf, keyReused } from './idempotency.ts';
import { BELOW } from './parameters.ts';
import { planRequest, type Planned, type Requested } from './plan.ts';
import type { Ports } from './ports.ts';

type Fields = Readonly<Record<string, string>>;

/**
 *     create the entry ─┬ landed ▸ read the outcome ─┬ none ▸ accepted
 *                       │                            └ it had ended ▸ delete the new entry, answer that job
 *                       └ conflict, unknown ▸ read the job: the same body ▸ that job; another ▸ 422; none ▸ 503
 *
 * What would refuse a new request never hides a job that the same key was accepted for. `below`: the pointer of the
 * parameters in what was sent.
 */
export async function requestRun(asked: AskedBy, ports: Ports, below = BELOW): Promise<Answer> {
  const key = idempotencyKeyOf(asked.distinct);
  const { caller } = asked;
  const body = asked.body as RunBody;
  const pipeline = ports.access.toRequest(caller, body.pipeline);
  const fields = takeOne(ownerHash(caller), ports);
  const requested: Requested = {
    ...{ pipeline, body, below, caller, atMs: ports.now(), bodyHash: bodyHashOf(body) },
    run: requestedRunOf(caller, pipeline.name, key),
    traceparent: `00-${asked.traceId}-${asked.traceId.slice(16)}-01`,
  };
  let planned: Planned;
  try {
    planned = planRequest(requested, await ports.histories.of(pipeline.name));
    await refuseTooMany(requested, ports);
  } catch (error) {
    const known =
      error instanceof ApiProblem ? await ports.reader.read(pipeline.name, requested.run) : undefined;
    if (known === undefined) throw error;
    return answerKnown(known, requested, fields, ports);
  }
  return accept(requested, planned, fields, ports);
}

function takeOne(owner: string, { rates }: Ports): Fields {
  const rate = rates.take(owner);
  const fields = rates.fieldsOf(rate);
  if (rate.isWithin) return fields;
  throw new ApiProblem(
    'rate-limited',
    'This caller sends requests faster than its bound; nothing was accepted.',
    { headers: { ...fields, 'retry-after': String(Math.max(1, rate.resetSeconds)) } },
  );
}

const WAIT_S = 10;

async function refuseTooMany({ pipeline, run }: Requested, ports: Ports): Promise<void> {
  const most = pipeline.trigger.waitingPerOwner;
  const owner = run.slice(1, 17);
  const found = await ports.waiting.of(pipeline.name, owner, most);
  if (found < most) return;
  throw new ApiProblem(
    'too-many-waiting',
    `This caller has ${found} unfinished jobs of ${pipeline.name} or more, and may have ${most}; nothing was accepted.`,
    { members: { bound: most }, headers: { 'retry-after': String(WAIT_S) } },
  );
}

async function accept(
  requested: Requested,
  { entry, metadata }: Planned,
  fields: Fields,
  ports: Ports,
): Promise<Answer> {
  const { pipeline, run } = requested;
  const name = queueObject(pipeline.name, run);
  const answer = await ports.requests.create(name, JSON.stringify(entry), 'application/json', metadata);
  if (answer.kind !== 'landed') {
    const known = await ports.reader.read(pipeline.name, run);
    if (known !== undefined) return answerKnown(known, requested, fields, ports);
    throw new TransientError(`the write of ${name} was not confirmed, and there is no such job`, {
      code: 'WRITE_UNCONFIRMED',
    });
  }
  const ended = await readOutcome(ports.runs, pipeline.name, run);
  if (ended !== undefined) {
    await ports.requests.remove(name, answer.generation);
    const known = await ports.reader.read(pipeline.name, run);
    if (known !== undefined) return answerKnown(known, requested, fields, ports);
    throw new TransientError(`the run ${run} has an outcome and no request`, { code: 'CONFLICT' });
  }
  ports.waiting.add(pipeline.name, run.slice(1, 17));
  logAccepted(requested, entry.record.estimate, ports);
  await ports.hints.send({ pipeline: pipeline.name, run });
  return answerJob(
    {
      ...{ pipeline: pipeline.name, run, record: entry.record, approval: undefined, start: undefined },
      ...{ startedAtMs: [], decision: undefined, outcome: undefined, released: undefined },
    },
    requested,
    fields,
    ports,
  );
}

/** At most once for each job, and not where the answer to the write was lost. Metrics are made of these lines. */
function logAccepted(
  { pipeline, run }: Requested,
  { expected, high }: RequestRecord['estimate'],
  { log }: Ports,
): void {
  log.info(
    { event: 'request-accepted', pipeline: pipeline.name, run, estimate: expected ?? high },
    `Run ${run} was requested.`,
  );
}

/** The job of an earlier call with this key; the hint, which that call may not have sent any more, is sent now. */
async function answerKnown(
  known: JobObjects,
  requested: Requested,
  fields: Fields,
  ports: Ports,
): Promise<Answer> {
  if (known.record.bodyHash !== requested.bodyHash) throw keyReused();
  const { pipeline, run } = requested;
  if (stateOf(known) === 'queued') await ports.hints.send({ pipeline: pipeline.name, run });
  return answerJob(known, requested, fields, ports);
}

function answerJob(job: JobObjects, { pipeline, run }: Requested, fields: Fields, ports: Ports): Answer {
  const nowMs = ports.now();
  const view = jobView(job, { size: pipeline.job, nowMs, position: null });
  return answered(view, 202, {
    ...fields,
    location: jobPath(jobIdOf(pipeline.name, run)),
    'retry-after': String(retryAfterOf(job.record.acceptedAt, nowMs)),
  });
}
