// The story of a replay: a stored output is published again, because a person asked for it.
import { PermanentError } from '../../shared/errors.ts';
import { createOnce, readJson } from '../../shared/objects/json.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { planObject, replayObject } from '../../shared/runs/names.ts';
import { readOrigin } from '../../shared/runs/origin.ts';
import { metadataOf, runOutcome, type RunOutcome } from '../../shared/runs/outcome.ts';
import { judge } from '../../shared/warehouse/gate.ts';
import { reveal } from '../../shared/publications/reveal.ts';
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
  /** The hash of the plan that is to be done, and nothing but it. Absent: whatever it changes. */
  readonly apply?: string;
  readonly rollback?: boolean;
  /** Who asks and why, as the message claims. */
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
  const whose = `by ${by ?? 'somebody who gave no name'} (claimed, not proven)`;
  ports.log.info(
    { pipeline: pipeline.name, run, replay: nonce, ...claimed },
    `replay ${whose} ${outcome.outcome}: ${outcome.reason}`,
  );
  return outcome;
}

type End = Pick<RunOutcome, 'outcome' | 'reason' | 'rows' | 'attempt'>;

/** What another delivery cannot help is an outcome as well (law 8): the person who asked is waiting for one. */
async function endOf(replay: Replay, ports: PreviewPorts): Promise<End> {
  try {
    return await publishAgain(replay, ports);
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    return { outcome: 'failed', reason: error.message, rows: null, attempt: 0 };
  }
}

async function publishAgain(replay: Replay, ports: PreviewPorts): Promise<End> {
  const { pipeline, run, nonce, apply } = replay;
  const made = apply === undefined ? undefined : await plannedBefore(replay, apply, ports);
  if (typeof made === 'string') return { outcome: 'failed', reason: made, rows: null, attempt: 0 };
  const kind = made?.kind ?? (replay.rollback === true ? 'rollback' : 'replay');
  const publication = publicationId(pipeline, run, nonce);
  const observed = await previewReplay({ pipeline, run, kind, publication }, ports);
  if (observed.kind === 'unfit') {
    const { outcome, reason, attempt } = observed;
    return { outcome, reason, rows: null, attempt };
  }
  const { plan, manifest, staged } = observed;
  const { rows } = staged;
  const { attempt } = manifest;
  if (made !== undefined && plan.hash !== made.hash) {
    // An earlier delivery may have done it, and been cut off before it could say so.
    if (await isInLedger(ports.warehouse, publication)) {
      await reveal(pipeline, ports);
      return publishedAgain(rows, attempt);
    }
    return { ...moved(made.hash, whatMoved(made, plan)), attempt };
  }
  const again = await publicationOf(replay, observed, publication, ports);
  const answer = await publish(again, manifest, staged, ports);
  if (answer.kind === 'published') return publishedAgain(rows, attempt);
  if (answer.kind === 'refused')
    return { outcome: 'quarantined', reason: answer.reason, rows: null, attempt };
  if (made !== undefined) return { ...moved(made.hash, answer.reason), attempt };
  const reason = `${answer.reason}; to put these older rows back all the same, ask with allowOlder (sluice replay --allow-older).`;
  return { outcome: 'superseded', reason, rows: null, attempt };
}

async function publicationOf(
  { pipeline, run, allowOlder, apply, by, reason }: Replay,
  { manifest, plan }: Extract<Previewed, { kind: 'previewed' }>,
  id: string,
  { runs, warehouse }: PreviewPorts,
) {
  const { summary = {} } = manifest;
  const { kind } = plan;
  return {
    ...{ id, pipeline, run, kind },
    origin: await readOrigin(runs, pipeline.name, run),
    // The gate is judged for the ledger alone: a person has looked at the report, and wants these rows.
    gate: await judge(warehouse, pipeline, summary),
    askedBy: { by: by ?? null, reason: reason ?? null },
    // Who applies a plan has seen over which rows it goes.
    allowOlder: allowOlder || apply !== undefined,
    ...(apply === undefined ? {} : { expectedLatest: plan.expectedLatest?.publication ?? null }),
  };
}

/** The plan that is to be applied, or why there is none. */
async function plannedBefore(
  { pipeline, run }: Replay,
  hash: string,
  { runs }: PreviewPorts,
): Promise<ReplayPlan | string> {
  const made = await readJson(runs, planObject(pipeline.name, run, hash), replayPlan);
  if (made !== undefined) return made.value;
  return `there is no plan ${hash} of run ${run} of ${pipeline.name}; sluice replay ${run} --plan makes one`;
}

const publishedAgain = (rows: number, attempt: number): End => ({
  outcome: 'published',
  reason: `${rows} rows were published again.`,
  rows,
  attempt,
});

const moved = (hash: string, why: string) =>
  ({
    outcome: 'superseded',
    reason: `the plan ${hash} no longer holds, and nothing was published: ${why}. Make a new plan and look at it.`,
    rows: null,
  }) as const;
