// The story of a requested run's output: check its slot, verify and check the result, record the outcome.
import { isDeepStrictEqual } from 'node:util';
import type { EndedPorts } from '../../shared/completion/ended.ts';
import { logRequestEnd, traceRequest } from '../../shared/completion/ended-request.ts';
import { PermanentError } from '../../shared/errors.ts';
import type { Publisher, RunRequested } from '../../shared/events/messages.ts';
import { readJson } from '../../shared/objects/json.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import { outputManifest } from '../../shared/outputs/manifest.ts';
import type { RequestsPipeline } from '../../shared/pipelines/pipeline.ts';
import { checkResult } from '../../shared/publications/result.ts';
import { manifestMismatch, type DataManifest } from '../../shared/publications/manifest-file.ts';
import { newestDecision } from '../../shared/requests/decisions.ts';
import { endAtGates } from '../../shared/requests/ends.ts';
import type { Refusal } from '../../shared/requests/refusal.ts';
import { decideOnce, endByDecision } from '../../shared/runs/decision.ts';
import { manifestObject } from '../../shared/runs/names.ts';
import { readOutcome, recordOutcome, type RunOutcome } from '../../shared/runs/outcome.ts';

export interface Ports extends EndedPorts {
  readonly requests: ObjectStore;
  readonly results: ObjectStore;
  readonly runRequested: Publisher<RunRequested>;
  readonly now: () => number;
}

export interface ResultLoad {
  readonly pipeline: RequestsPipeline;
  readonly run: string;
  readonly attempt: number;
}

type End = Pick<RunOutcome, 'outcome' | 'code' | 'reason' | 'result'>;

/**
 * The outcome publishes the result. The dispatch, which the message at the end requests, announces the end, deletes the
 * entry and frees the slot; where the message is lost, the sweep requests it.
 */
export async function publishResult(load: ResultLoad, ports: Ports): Promise<void> {
  const { run, attempt } = load;
  const pipeline = load.pipeline.name;
  const log = ports.log.child({ pipeline, run, attempt });
  const ended = await readOutcome(ports.runs, pipeline, run);
  if (ended !== undefined) {
    // An earlier delivery may have been interrupted between the outcome and the message.
    await ports.runRequested.publish({ pipeline, run });
    return log.info(`Message ignored: this run has ended as ${ended.outcome}.`);
  }
  const state = await newestDecision(ports.requests, pipeline);
  const slot = state?.slots.find((each) => each.run === run);
  if (slot?.attempt !== attempt) {
    const why = slot === undefined ? 'the run is in no slot' : `attempt ${slot.attempt} is in its slot`;
    return log.warn({ code: 'LEASE_LOST' }, `Message ignored: ${why}.`);
  }
  const found = await endOf(load, ports);
  if (found === undefined)
    return log.warn(
      { code: 'MANIFEST_MISSING' },
      'Message ignored: the attempt has written no manifest yet.',
    );
  const { writtenAt, ...wanted } = found;
  const at = new Date(ports.now()).toISOString();
  const how = await decided(load, wanted, at, ports);
  if (how === undefined) return log.warn('Message ignored: the run ends without a result.');
  const outcome: RunOutcome = { pipeline, run, attempt, rows: null, at, ...how };
  const stands = await recordOutcome(ports.runs, outcome);
  await traceRequest(ports.runs, stands);
  if (isDeepStrictEqual(stands, outcome))
    await logRequestEnd(ports, outcome, { size: load.pipeline.job, jobEndedAt: writtenAt });
  await ports.runRequested.publish({ pipeline, run });
}

/** With the time at which the job wrote its manifest. A permanent failure is an outcome like any other (law 8). */
async function endOf(load: ResultLoad, ports: Ports): Promise<(End & { writtenAt?: string }) | undefined> {
  const name = manifestObject(load.pipeline.name, load.run, load.attempt);
  try {
    const manifest = (await readJson(ports.results, name, outputManifest))?.value;
    if (manifest === undefined) return undefined;
    const { writtenAt } = manifest;
    const mismatch = manifestMismatch(load, manifest);
    if (mismatch !== undefined)
      return { outcome: 'quarantined', code: 'MANIFEST_MISMATCH', reason: mismatch };
    if (manifest.kind === 'refusal')
      return { outcome: 'failed', code: 'INPUT_REFUSED', reason: refusedReason(manifest), writtenAt };
    return { ...(await endWithResult(load, manifest, ports)), writtenAt };
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    return { outcome: 'failed', code: error.code, reason: error.message };
  }
}

/** Without what the job quotes: the record and the log outlive the content, which its requester may erase. */
const refusedReason = ({ problemCount }: Refusal): string =>
  `The job refused its input: ${problemCount === 1 ? 'one problem' : `${problemCount} problems`}, shown with the run until its content is erased.`;

async function endWithResult({ pipeline }: ResultLoad, manifest: DataManifest, ports: Ports): Promise<End> {
  const checked = await checkResult(pipeline, manifest, ports.results);
  if (checked.kind === 'unfit') return { outcome: 'quarantined', code: checked.code, reason: checked.reason };
  return { outcome: 'published', code: null, reason: 'The result is published.', result: checked.result };
}

/**
 * Passes the gate `decision`, whatever the end: a cancel that was first ends the run instead, and one that comes later
 * is too late. Undefined: the dispatch ends the run.
 */
async function decided(
  { pipeline, run, attempt }: ResultLoad,
  wanted: End,
  at: string,
  ports: Ports,
): Promise<End | undefined> {
  const isPublished = wanted.outcome === 'published';
  const made = { kind: isPublished ? 'publish' : 'end', attempt, at } as const;
  const stands = await decideOnce(ports.runs, pipeline.name, run, made);
  // In the words of the dispatch, which may record the same cancellation first.
  const cancelled = endAtGates({ approval: undefined, start: undefined, decision: stands });
  if (cancelled !== undefined) return cancelled;
  if (!isPublished) return wanted;
  if (stands.kind === 'end') return undefined;
  return 'command' in stands ? endByDecision(pipeline.name, run, stands) : wanted;
}
