// The story of a requested run: freeze its source, take the lease or queue for it, start the job.
import type { ErrorCode } from '../../shared/error-codes.ts';
import { PermanentError, TransientError } from '../../shared/errors.ts';
import type { RunRequested } from '../../shared/events/messages.ts';
import type { Log } from '../../shared/logging.ts';
import { createOnce, readJson } from '../../shared/objects/json.ts';
import { finishRun, type FinishPorts } from '../../shared/completion/finish.ts';
import { metadataOfRequest } from '../../shared/runs/cause.ts';
import { moveState, readState, runRequest, type RunRequest } from '../../shared/runs/state.ts';
import { requestLease, readLease, swapLease } from '../../shared/runs/lease.ts';
import { requestObject, sequenceOf } from '../../shared/runs/names.ts';
import { readOutcome, type Outcome } from '../../shared/runs/outcome.ts';
import type { ReadRequest } from '../../shared/runs/request.ts';
import { readCancellation, cancellationMessage } from '../../shared/runs/decision.ts';
import { step } from '../../shared/tracing/spans.ts';
import { freezeSource, type FreezePorts } from './freeze.ts';
import { submitAttempt, type SubmitPorts } from './submit.ts';

export interface Ports extends FreezePorts, SubmitPorts, FinishPorts {
  readonly log: Log;
}

const MOST_CONFLICTS = 5;

export async function startRun({ pipeline, run }: RunRequested, ports: Ports): Promise<void> {
  const log = ports.log.child({ pipeline, run });
  if ((await readOutcome(ports.runs, pipeline, run)) !== undefined)
    return log.info('Message ignored: this run has ended.');
  const request = await requestOf(pipeline, run, ports);

  const frozen = await step('freeze', () => freezeOrFail(request, ports));
  if (frozen.kind === 'failed')
    return endRequested(request, { outcome: 'failed', code: frozen.code, reason: frozen.reason }, ports);
  if (frozen.kind === 'changed') {
    const reason = `"${frozen.file}" changed while it was frozen; the next poll requests a new run.`;
    await pollAgain(request, reason, ports);
    return endRequested(request, { outcome: 'superseded', code: 'SOURCE_CHANGED', reason }, ports);
  }

  const lease = await leaseFor(request, ports);
  if (lease.kind === 'wait') return log.info({ outcome: 'queued' }, 'Queued: another run holds the lease.');
  if (lease.kind === 'superseded') {
    return endRequested(request, supersededBy(lease.by), ports);
  }
  // An operator may have cancelled the run before it held the lease: no later step checks that (law 5).
  const cancelled = await readCancellation(ports.runs, pipeline, run);
  if (cancelled !== undefined) {
    const reason = cancellationMessage(cancelled);
    return endRequested(request, { outcome: 'cancelled', code: 'CANCELLED_BY_OPERATOR', reason }, ports);
  }
  const key = { pipeline, run, attempt: lease.attempt };
  const { execution } = await step('submit', () => submitAttempt(key, ports, { because: lease.because }));
  log.info({ attempt: lease.attempt, execution }, `Attempt ${lease.attempt} started.`);
}

/** The request as it was recorded; a lost request object is written again from the state, which holds it whole. */
async function requestOf(pipeline: string, run: string, { runs }: Ports): Promise<RunRequest> {
  const name = requestObject(pipeline, run);
  const stored = await readJson(runs, name, runRequest);
  if (stored !== undefined) return stored.value;
  const request = (await readState(runs, pipeline))?.value.request;
  if (request?.run !== run)
    throw new PermanentError(`there is no run ${run} of ${pipeline}: ${name} does not exist`, {
      code: 'RUN_NOT_FOUND',
    });
  return createOnce(runs, name, runRequest, request, metadataOfRequest(request));
}

async function freezeOrFail(request: RunRequest, ports: Ports) {
  try {
    return await freezeSource(request, ports);
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    return { kind: 'failed', code: error.code, reason: error.message } as const;
  }
}

type Turn =
  | { readonly kind: 'run'; readonly attempt: number; readonly because?: string | undefined }
  | { readonly kind: 'wait' }
  | { readonly kind: 'superseded'; readonly by: string };

async function leaseFor(request: RunRequest, ports: Ports): Promise<Turn> {
  const { pipeline, run } = request;
  for (let conflict = 0; conflict < MOST_CONFLICTS; conflict++) {
    const lease = await readLease(ports.runs, pipeline);
    const answer = requestLease(lease?.value, run, ports.now());
    if (answer.kind === 'attach')
      return { kind: 'run', attempt: answer.holder.attempt, because: answer.holder.because };
    if (answer.kind === 'queued-already') return { kind: 'wait' };
    if (answer.kind === 'superseded') return answer;
    if (answer.kind === 'take') {
      const state = (await readState(ports.runs, pipeline))?.value.request;
      if (state && sequenceOf(state.run) > sequenceOf(run)) return { kind: 'superseded', by: state.run };
    }
    if (!(await swapLease(ports.runs, pipeline, lease, { token: ports.newId(), ...answer.next }))) continue;
    if (answer.kind === 'take') return { kind: 'run', attempt: 1 };
    if (answer.supersedes !== null) {
      await end({ pipeline, run: answer.supersedes }, supersededBy(run), ports);
    }
    return { kind: 'wait' };
  }
  throw new TransientError(
    `the lease of ${pipeline} changed ${MOST_CONFLICTS} times while ${run} requested it; the next delivery tries again`,
    { code: 'CONFLICT' },
  );
}

/** The state counts the revision as seen, but it was never frozen: reset it, so that the next poll compares again. */
async function pollAgain(request: RunRequest, reason: string, ports: Ports): Promise<void> {
  const at = new Date(ports.now()).toISOString();
  const state = await readState(ports.runs, request.pipeline);
  if (state?.value.request?.run !== request.run) return;
  const poll = { outcome: 'waiting-settling', code: 'SOURCE_CHANGED', reason, at } as const;
  const next = { ...state.value, token: ports.newId(), revision: null, poll };
  if (!(await moveState(ports.runs, request.pipeline, state, next))) {
    throw new TransientError(
      `the state of ${request.pipeline} changed while ${request.run} requested another poll; the next delivery tries again`,
      { code: 'CONFLICT' },
    );
  }
}

interface End {
  readonly outcome: Outcome;
  readonly code: ErrorCode;
  readonly reason: string;
}

const supersededBy = (newer: string): End => ({
  outcome: 'superseded',
  code: 'SUPERSEDED_BY_NEWER',
  reason: `Run ${newer} is newer, and only the newest is queued.`,
});

/** Passes the request on, so that it is not read again. */
const endRequested = (request: RunRequest, how: End, ports: Ports): Promise<void> =>
  end(request, how, ports, async () => request);

async function end(
  { pipeline, run }: { pipeline: string; run: string },
  how: End,
  ports: Ports,
  request?: ReadRequest,
): Promise<void> {
  const at = new Date(ports.now()).toISOString();
  const ended = { pipeline, run, ...how, attempt: 0, rows: null, at };
  await finishRun(ports, ended, request === undefined ? {} : { request });
}
