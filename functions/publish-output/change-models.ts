// Enters a change of models into the ledger: it follows the newest entry, and leaves tables and files as they are.
import { PermanentError, TransientError } from '../../shared/errors.ts';
import type { Log } from '../../shared/logging.ts';
import { createOnce, readJson } from '../../shared/objects/json.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import { isObjects, type PublishedOutput } from '../../shared/outputs/published.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { reveal, type RevealPorts } from '../../shared/publications/reveal.ts';
import { replayObject } from '../../shared/runs/names.ts';
import { readOrigin } from '../../shared/runs/origin.ts';
import { runOutcome, type RunOutcome } from '../../shared/runs/outcome.ts';
import { isInLedger, type Publication } from '../../shared/warehouse/ledger.ts';
import { readNewestWhole, type NewestWhole } from '../../shared/warehouse/ledger-entries.ts';
import { commit } from '../../shared/warehouse/publication.ts';
import { publicationId } from '../../shared/warehouse/tables.ts';

/** A change as an operator requests it. */
export interface Requested {
  readonly pipeline: Pipeline;
  /** The run in whose folder the record is written. */
  readonly run: string;
  /** Names the change: a repeated delivery is the same one. */
  readonly nonce: string;
  readonly by?: string | undefined;
  readonly reason?: string | undefined;
}

export interface ModelChange {
  readonly kind: Extract<Publication['kind'], 'pin' | 'unpin' | 'rollback'>;
  /** What is current afterwards. A permanent error refuses the change. */
  readonly after: (newest: NewestWhole, id: string) => Promise<readonly PublishedOutput[]>;
  /** For the operator, once it is in the ledger. */
  readonly message: (newest: NewestWhole) => string;
}

export interface ChangePorts extends RevealPorts {
  readonly runs: ObjectStore;
  readonly now: () => number;
  readonly log: Log;
}

const MOST_TRIES = 10;
const SHOWN = { pin: 'Pin', unpin: 'Unpin', rollback: 'Rollback' };

/** The outcome is recorded like a replay's, as `replay-<nonce>.json`. */
export async function changeModels(
  requested: Requested,
  change: ModelChange,
  ports: ChangePorts,
): Promise<RunOutcome> {
  const { pipeline, run, nonce, by } = requested;
  const record = replayObject(pipeline.name, run, nonce);
  const ended = await readJson(ports.runs, record, runOutcome);
  if (ended !== undefined) return ended.value;
  const end = await endOf(requested, change, ports);
  const at = new Date(ports.now()).toISOString();
  const made = { pipeline: pipeline.name, run, at, ...end };
  const outcome = await createOnce(ports.runs, record, runOutcome, made);
  ports.log.info(
    { pipeline: pipeline.name, run, replay: nonce, claimedBy: by ?? null, code: outcome.code },
    `${SHOWN[change.kind]} ${outcome.outcome}: ${outcome.reason}`,
  );
  return outcome;
}

type End = Pick<RunOutcome, 'outcome' | 'code' | 'reason' | 'rows' | 'attempt'>;

/** A permanent failure is an outcome as well (law 8): the operator waits for one. */
async function endOf(requested: Requested, change: ModelChange, ports: ChangePorts): Promise<End> {
  try {
    const newest = await enter(requested, change, ports);
    await reveal(requested.pipeline, ports);
    const { rows, attempt } = newest;
    return { outcome: 'published', code: null, reason: change.message(newest), rows, attempt };
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    return { outcome: 'failed', code: error.code, reason: error.message, rows: null, attempt: 0 };
  }
}

/** Another publication may be committed in between: then the change is made to that one. */
async function enter(
  requested: Requested,
  change: ModelChange,
  { warehouse, runs, now }: ChangePorts,
): Promise<NewestWhole> {
  const { pipeline, run, nonce, by, reason } = requested;
  const id = publicationId(pipeline, run, nonce);
  for (let number = 1; number <= MOST_TRIES; number++) {
    const newest = await readNewestWhole(warehouse, pipeline);
    if (newest === undefined || !newest.outputs.some(isModel))
      throw new PermanentError(`${pipeline.name} has published no model, so nothing was changed`, {
        code: 'MODEL_MISSING',
      });
    // Asked after the newest entry was read: an earlier delivery that entered it meanwhile is not judged again.
    if (await isInLedger(warehouse, id)) return newest;
    const answer = await commit(warehouse, {
      ...{ id, pipeline, run: newest.run, attempt: newest.attempt, rows: newest.rows },
      kind: change.kind,
      keepsTables: true,
      summary: JSON.parse(newest.summary) as Record<string, unknown>,
      writtenAt: newest.writtenAt ?? new Date(now()).toISOString(),
      origin: await readOrigin(runs, pipeline.name, newest.run),
      outputs: await change.after(newest, id),
      gate: { kind: 'none', detail: null },
      requestedBy: { by: by ?? null, reason: reason ?? null },
      allowOlder: true,
      expectedLatest: newest.id,
      script: `-after-${newest.ordinal}`,
    });
    if (answer.kind === 'published') return newest;
    if (answer.kind === 'refused') throw new PermanentError(answer.reason, { code: 'PUBLICATION_REFUSED' });
  }
  throw new TransientError(
    `${MOST_TRIES} other publications of ${pipeline.name} were committed first; the ${change.kind} is tried again`,
    { code: 'CONFLICT' },
  );
}

const isModel = (output: PublishedOutput): boolean => isObjects(output) && output.kind === 'model';
