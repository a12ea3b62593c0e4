// The story of a replay: a stored output is published again, because an operator requested it.
import { counted } from '../../shared/counted.ts';
import { commandLine } from '../../shared/command-line.ts';
import type { ErrorCode } from '../../shared/error-codes.ts';
import { PermanentError } from '../../shared/errors.ts';
import { createOnce, readJson } from '../../shared/objects/json.ts';
import { publishedObjectsText, tablesOf } from '../../shared/pipelines/outputs.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { planObject, replayObject } from '../../shared/runs/names.ts';
import { readOrigin } from '../../shared/runs/origin.ts';
import { metadataOf, runOutcome, type RunOutcome } from '../../shared/runs/outcome.ts';
import { judge } from '../../shared/warehouse/gate.ts';
import { reveal } from '../../shared/publications/reveal.ts';
import { readNewestOf } from '../../shared/warehouse/ledger-entries.ts';
import { isInLedger } from '../../shared/warehouse/ledger.ts';
import { replayPlan, whatMoved, type ReplayPlan } from '../../shared/warehouse/plan.ts';
import { publish } from '../../shared/publications/publish.ts';
import { publicationId } from '../../shared/warehouse/tables.ts';
import { previewReplay, type PreviewPorts, type Previewed } from './preview.ts';
import { dropStaging } from '../../shared/publications/table.ts';

export interface Replay {
  readonly pipeline: Pipeline;
  readonly run: string;
  /** Names this replay: a repeated delivery is the same one. */
  readonly nonce: string;
  readonly allowOlder: boolean;
  /** The hash of the plan to apply; nothing else is changed. Absent: publish whatever it changes. */
  readonly apply?: string;
  readonly rollback?: boolean;
  /** Of a held run, whose output was never published. */
  readonly release?: boolean;
  /** Who requests it and why, as the message claims. */
  readonly by?: string;
  readonly reason?: string;
}

/** The outcome is recorded beside the run's own, as `replay-<nonce>.json`. */
export async function replayOutput(replay: Replay, ports: PreviewPorts): Promise<RunOutcome> {
  const { pipeline, run, nonce, by, reason } = replay;
  const record = replayObject(pipeline.name, run, nonce);
  const ended = await readJson(ports.runs, record, runOutcome);
  if (ended !== undefined) return ended.value;

  const end = await endOf(replay, ports);
  const at = new Date(ports.now()).toISOString();
  const made = { pipeline: pipeline.name, run, at, ...end };
  const outcome = await createOnce(ports.runs, record, runOutcome, made, metadataOf(made));
  await dropStaging(pipeline, publicationId(pipeline, run, nonce), ports);
  const claimed = { claimedBy: by ?? null, claimedReason: reason ?? null };
  const requester = by ?? 'an unnamed caller';
  ports.log.info(
    { pipeline: pipeline.name, run, replay: nonce, code: outcome.code, ...claimed },
    `Replay ${outcome.outcome}, requested by ${requester} (as the message claims): ${outcome.reason}`,
  );
  return outcome;
}

type End = Pick<RunOutcome, 'outcome' | 'code' | 'reason' | 'rows' | 'attempt'>;

/** A permanent failure is an outcome as well (law 8): the operator waits for one. */
async function endOf(replay: Replay, ports: PreviewPorts): Promise<End> {
  try {
    return await publishAgain(replay, ports);
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    return { outcome: 'failed', code: error.code, reason: error.message, rows: null, attempt: 0 };
  }
}

async function publishAgain(replay: Replay, ports: PreviewPorts): Promise<End> {
  const { pipeline, run, nonce, apply } = replay;
  const made = apply === undefined ? undefined : await plannedBefore(replay, apply, ports);
  if (typeof made === 'string')
    return { outcome: 'failed', code: 'PLAN_NOT_FOUND', reason: made, rows: null, attempt: 0 };
  const kind = made?.kind ?? (replay.rollback === true ? 'rollback' : 'replay');
  const publication = publicationId(pipeline, run, nonce);
  // Before anything is staged; the transaction asserts the same.
  const before = replay.release === true ? await releasedBefore(replay, publication, ports) : undefined;
  if (before !== undefined) return before;
  const observed = await previewReplay({ pipeline, run, kind, publication }, ports);
  if (observed.kind === 'unfit') {
    const { outcome, code, reason, attempt } = observed;
    return { outcome, code, reason, rows: null, attempt };
  }
  const { plan, manifest, staged } = observed;
  const { rows } = staged;
  const { attempt } = manifest;
  if (made !== undefined && plan.hash !== made.hash) {
    // An earlier delivery may have published it, and been interrupted before it recorded that.
    if (await isInLedger(ports.warehouse, publication)) {
      await reveal(pipeline, ports);
      return publishedAgain(pipeline, rows, attempt);
    }
    return { ...outdated(replay, made, whatMoved(made, plan)), attempt };
  }
  const again = await publicationOf(replay, observed, publication, ports);
  const answer = await publish(again, manifest, staged, ports);
  if (answer.kind === 'published') return publishedAgain(pipeline, rows, attempt);
  const end = (outcome: RunOutcome['outcome'], code: ErrorCode, reason: string): End => ({
    ...{ outcome, code, reason, rows: null, attempt },
  });
  if (answer.kind === 'refused') return end('quarantined', 'PUBLICATION_REFUSED', answer.reason);
  if (made !== undefined) return { ...outdated(replay, made, answer.reason), attempt };
  const first = answer.again === true ? await releasedBefore(replay, publication, ports) : undefined;
  if (first !== undefined) return first;
  const toPublish = commandLine(pipeline.name, `replay ${run}`);
  const reason = `Refused: ${answer.reason}. Nothing changed. To publish the older output, plan it: ${toPublish}`;
  return end('superseded', 'SUPERSEDED_BY_NEWER', reason);
}

/** The refusal of a release whose run has another entry in the ledger; undefined where it has none, or this one. */
async function releasedBefore(
  { pipeline, run }: Replay,
  publication: string,
  { warehouse }: PreviewPorts,
): Promise<End | undefined> {
  const before = await readNewestOf(warehouse, pipeline, run);
  // An earlier delivery may have entered it, and a replay may have followed.
  if (before === undefined || (await isInLedger(warehouse, publication))) return undefined;
  const at = new Date(before.publishedAtMs).toISOString();
  const toPublish = commandLine(pipeline.name, `replay ${run} --plan`);
  const reason =
    `Refused: run ${run} is published already, as ${before.id} at ${at}. Nothing changed. ` +
    `To publish its output again: ${toPublish}`;
  return { outcome: 'superseded', code: 'NOT_HELD', reason, rows: null, attempt: 0 };
}

async function publicationOf(
  { pipeline, run, allowOlder, apply, release = false, by, reason }: Replay,
  { manifest, plan }: Extract<Previewed, { kind: 'previewed' }>,
  id: string,
  { runs, warehouse }: PreviewPorts,
) {
  const { summary = {} } = manifest;
  const { kind } = plan;
  return {
    ...{ id, pipeline, run, kind },
    origin: await readOrigin(runs, pipeline.name, run),
    // The gate is judged for the ledger alone: an operator has read the report, and requests these rows.
    gate: await judge(warehouse, pipeline, summary),
    requestedBy: { by: by ?? null, reason: reason ?? null },
    // The plan that is applied names the publication that it replaces.
    allowOlder: allowOlder || apply !== undefined,
    isFirstOfRun: release,
    ...(apply === undefined ? {} : { expectedLatest: plan.expectedLatest?.publication ?? null }),
  };
}

/** The plan to apply, or why there is none. */
async function plannedBefore(
  { pipeline, run }: Replay,
  hash: string,
  { runs }: PreviewPorts,
): Promise<ReplayPlan | string> {
  const made = await readJson(runs, planObject(pipeline.name, run, hash), replayPlan);
  if (made !== undefined) return made.value;
  const toPlan = commandLine(pipeline.name, `replay ${run} --plan`);
  return `Refused: there is no plan ${hash} of run ${run} of ${pipeline.name}. Nothing changed. To make one: ${toPlan}`;
}

const publishedAgain = (pipeline: Pipeline, rows: number, attempt: number): End => ({
  outcome: 'published',
  code: null,
  reason:
    tablesOf(pipeline).length > 0
      ? `${counted(rows, 'row')} ${rows === 1 ? 'was' : 'were'} published again.`
      : publishedObjectsText(pipeline, ['was published again', 'were published again']),
  rows,
  attempt,
});

const outdated = ({ pipeline, run }: Replay, { hash, kind }: ReplayPlan, why: string) => {
  const command = kind === 'rollback' ? 'rollback' : `replay ${run} --plan`;
  const toPlan = commandLine(pipeline.name, command);
  return {
    outcome: 'superseded',
    code: 'PLAN_OUTDATED',
    reason: `Refused: plan ${hash} is outdated: ${why}. Nothing changed. To plan again: ${toPlan}`,
    rows: null,
  } as const;
};
