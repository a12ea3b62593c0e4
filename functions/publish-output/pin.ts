// The story of a pin: an entry of the ledger keeps the champion, or lets training promote again.
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
import { readNewestWhole, type NewestWhole } from '../../shared/warehouse/ledger-entries.ts';
import { commit } from '../../shared/warehouse/publication.ts';
import { publicationId } from '../../shared/warehouse/tables.ts';

export interface Pin {
  readonly pipeline: Pipeline;
  /** The run in whose folder the record is written. */
  readonly run: string;
  /** Names the pin: a repeated delivery is the same one. */
  readonly nonce: string;
  /** False removes the pin. */
  readonly pinned: boolean;
  readonly by?: string;
  readonly reason?: string;
}

export interface PinPorts extends RevealPorts {
  readonly runs: ObjectStore;
  readonly now: () => number;
  readonly log: Log;
}

const MOST_TRIES = 10;

/** The outcome is recorded like a replay's, as `replay-<nonce>.json`: a pin publishes what is current. */
export async function pinModels(pin: Pin, ports: PinPorts): Promise<RunOutcome> {
  const { pipeline, run, nonce } = pin;
  const record = replayObject(pipeline.name, run, nonce);
  const ended = await readJson(ports.runs, record, runOutcome);
  if (ended !== undefined) return ended.value;
  const end = await endOf(pin, ports);
  const at = new Date(ports.now()).toISOString();
  const outcome = await createOnce(ports.runs, record, runOutcome, {
    pipeline: pipeline.name,
    run,
    at,
    ...end,
  });
  ports.log.info(
    { pipeline: pipeline.name, run, replay: nonce, claimedBy: pin.by ?? null, code: outcome.code },
    `${pin.pinned ? 'Pin' : 'Unpin'} ${outcome.outcome}: ${outcome.reason}`,
  );
  return outcome;
}

type End = Pick<RunOutcome, 'outcome' | 'code' | 'reason' | 'rows' | 'attempt'>;

async function endOf(pin: Pin, ports: PinPorts): Promise<End> {
  try {
    return await enter(pin, ports);
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    return { outcome: 'failed', code: error.code, reason: error.message, rows: null, attempt: 0 };
  }
}

/** Another publication may be committed in between: then its champion is pinned. */
async function enter(pin: Pin, ports: PinPorts): Promise<End> {
  const { pipeline, run, nonce, pinned, by, reason } = pin;
  const id = publicationId(pipeline, run, nonce);
  for (let number = 1; number <= MOST_TRIES; number++) {
    const newest = await readNewestWhole(ports.warehouse, pipeline);
    const models = newest?.outputs.filter(isObjects).filter(({ kind }) => kind === 'model') ?? [];
    if (newest === undefined || models.length === 0)
      throw new PermanentError(`${pipeline.name} has published no model; there is nothing to pin`, {
        code: 'MODEL_MISSING',
      });
    if (newest.id === id) return published(newest, pinned, pipeline, ports);
    const answer = await commit(ports.warehouse, {
      ...{ id, pipeline, run: newest.run, attempt: newest.attempt, rows: newest.rows },
      kind: pinned ? 'pin' : 'unpin',
      keepsTables: true,
      summary: JSON.parse(newest.summary) as Record<string, unknown>,
      writtenAt: newest.writtenAt ?? new Date(ports.now()).toISOString(),
      origin: await readOrigin(ports.runs, pipeline.name, newest.run),
      outputs: newest.outputs.map((output) => withPin(output, pinned)),
      gate: { kind: 'none', detail: null },
      requestedBy: { by: by ?? null, reason: reason ?? null },
      allowOlder: true,
      expectedLatest: newest.id,
      script: `-after-${newest.ordinal}`,
    });
    if (answer.kind === 'published') return published(newest, pinned, pipeline, ports);
    if (answer.kind === 'refused') throw new PermanentError(answer.reason, { code: 'PUBLICATION_REFUSED' });
  }
  throw new TransientError(
    `${MOST_TRIES} other publications of ${pipeline.name} were committed first; the pin is tried again`,
    { code: 'CONFLICT' },
  );
}

const withPin = (output: PublishedOutput, pinned: boolean): PublishedOutput =>
  isObjects(output) && output.kind === 'model' ? { ...output, pinned } : output;

async function published(
  { run, attempt, rows }: NewestWhole,
  pinned: boolean,
  pipeline: Pipeline,
  ports: PinPorts,
): Promise<End> {
  await reveal(pipeline, ports);
  const reason = pinned
    ? `The champion of run ${run} is pinned: training registers candidates and promotes none.`
    : `The champion of run ${run} is no longer pinned: it stays until a candidate is better.`;
  return { outcome: 'published', code: null, reason, rows, attempt };
}
