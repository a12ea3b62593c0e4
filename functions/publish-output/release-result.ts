// The story of a release: the result of a held requested run is published, because an operator requested it.
import { createOnce, readJson } from '../../shared/objects/json.ts';
import { PermanentError } from '../../shared/errors.ts';
import type { Publisher } from '../../shared/events/messages.ts';
import type { RequestsPipeline } from '../../shared/pipelines/pipeline.ts';
import { checkResult } from '../../shared/publications/result.ts';
import { announcementOf, type RunEnded } from '../../shared/requests/announcement.ts';
import { isErased } from '../../shared/requests/erase.ts';
import { replayObject } from '../../shared/runs/names.ts';
import {
  keptLongerMs,
  metadataOf,
  readOutcome,
  runOutcome,
  type RunOutcome,
} from '../../shared/runs/outcome.ts';
import type { Ports as ResultPorts } from './publish-result.ts';
import { storedOutput } from './stored-output.ts';

export interface Ports extends ResultPorts {
  /** The topic `run-ended`. */
  readonly runEnded: Publisher<RunEnded>;
}

export interface Release {
  readonly pipeline: RequestsPipeline;
  readonly run: string;
  /** Names this release: a repeated delivery is the same one. */
  readonly nonce: string;
  /** Who requests it and why, as the message claims. */
  readonly by?: string | undefined;
  readonly reason?: string | undefined;
}

type End = Pick<RunOutcome, 'outcome' | 'code' | 'reason' | 'attempt' | 'result'>;

/**
 * The outcome of the run stays `held` (law 2). The release is recorded beside it, as `replay-<nonce>.json`; a view of the
 * run reads both. A system that subscribes to ends receives a second message for this run.
 */
export async function releaseResult(release: Release, ports: Ports): Promise<RunOutcome> {
  const { pipeline, run, nonce, by, reason } = release;
  const record = replayObject(pipeline.name, run, nonce);
  const stands = (await readJson(ports.runs, record, runOutcome))?.value ?? (await publish(release, ports));
  // At least once: an earlier delivery may have been interrupted before it.
  if (stands.outcome === 'published') await ports.runEnded.publish(announcementOf(stands));
  const claimed = { claimedBy: by ?? null, claimedReason: reason ?? null };
  ports.log.info(
    { pipeline: pipeline.name, run, replay: nonce, code: stands.code, ...claimed },
    `Release ${stands.outcome}, requested by ${by ?? 'an unnamed caller'} (as the message claims): ${stands.reason}`,
  );
  return stands;
}

async function publish(release: Release, ports: Ports): Promise<RunOutcome> {
  const { pipeline, run, nonce } = release;
  const at = new Date(ports.now()).toISOString();
  const made: RunOutcome = { pipeline: pipeline.name, run, rows: null, at, ...(await endOf(release, ports)) };
  const record = replayObject(pipeline.name, run, nonce);
  return createOnce(ports.runs, record, runOutcome, made, metadataOf(made), keptLongerMs(run));
}

/** A permanent failure is an end as well (law 8): the operator waits for one. */
async function endOf({ pipeline, run, by }: Release, ports: Ports): Promise<End> {
  const failed = (code: RunOutcome['code'], reason: string): End => ({
    ...{ outcome: 'failed', code, reason, attempt: 0 },
  });
  try {
    const ended = await readOutcome(ports.runs, pipeline.name, run);
    if (ended?.outcome !== 'held')
      return failed('NOT_HELD', `The run ${run} is ${ended?.outcome ?? 'not ended'}, not held.`);
    if (await isErased(ports.requests, pipeline.name, run))
      return failed('OUTPUT_MISSING', `The requester of the run ${run} has erased its result.`);
    const manifest = await storedOutput({ pipeline, run }, ports);
    if (!('files' in manifest)) return failed(manifest.code, manifest.reason);
    const checked = await checkResult(pipeline, manifest, ports.results);
    const { attempt } = manifest;
    if (checked.kind === 'unfit')
      return { outcome: 'quarantined', code: checked.code, reason: checked.reason, attempt };
    const reason = `The held result is published: released by ${by ?? 'an unnamed caller'}.`;
    return { outcome: 'published', code: null, reason, attempt, result: checked.result };
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    return failed(error.code, error.message);
  }
}
