// The story of a replay: a stored output is published again, because a person asked for it.
import { PermanentError } from '../../shared/errors.ts';
import type { Log } from '../../shared/logging.ts';
import { createOnce, readJson } from '../../shared/objects/json.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import { outputManifest } from '../../shared/outputs/manifest.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { manifestObject, replayObject } from '../../shared/runs/names.ts';
import { readOutcome, runOutcome, type RunOutcome } from '../../shared/runs/outcome.ts';
import { publish } from '../../shared/warehouse/publication.ts';
import { publicationId } from '../../shared/warehouse/tables.ts';
import { dropStaging, namesAnother, stageOutput, type DataManifest, type StagePorts } from './stage.ts';

export interface ReplayPorts extends StagePorts {
  readonly runs: ObjectStore;
  readonly now: () => number;
  readonly log: Log;
}

export interface Replay {
  readonly pipeline: Pipeline;
  readonly run: string;
  /** Names this replay: a repeated delivery is the same one. */
  readonly nonce: string;
  readonly overNewer: boolean;
}

/** The outcome is recorded beside the run's own, as `replay-<nonce>.json`. */
export async function replayOutput(replay: Replay, ports: ReplayPorts): Promise<RunOutcome> {
  const { pipeline, run, nonce } = replay;
  const record = replayObject(pipeline.name, run, nonce);
  const ended = await readJson(ports.runs, record, runOutcome);
  if (ended !== undefined) return ended.value;

  const end = await endOf(replay, ports);
  const at = new Date(ports.now()).toISOString();
  const outcome = await createOnce(ports.runs, record, runOutcome, {
    pipeline: pipeline.name,
    run,
    at,
    ...end,
  });
  await dropStaging(pipeline, publicationId(pipeline, run, nonce), ports);
  ports.log.info(
    { pipeline: pipeline.name, run, replay: nonce },
    `replay ${outcome.outcome}: ${outcome.reason}`,
  );
  return outcome;
}

type End = Pick<RunOutcome, 'outcome' | 'reason' | 'rows' | 'attempt'>;

/** What another delivery cannot help is an outcome as well (law 8): the person who asked is waiting for one. */
async function endOf(replay: Replay, ports: ReplayPorts): Promise<End> {
  try {
    return await publishAgain(replay, ports);
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    return { outcome: 'failed', reason: error.message, rows: null, attempt: 0 };
  }
}

async function publishAgain(replay: Replay, ports: ReplayPorts): Promise<End> {
  const { pipeline, run, nonce, overNewer } = replay;
  const manifest = await storedOutput(replay, ports);
  if (typeof manifest === 'string') return { outcome: 'failed', reason: manifest, rows: null, attempt: 0 };
  const { attempt } = manifest;
  const id = publicationId(pipeline, run, nonce);
  const staged = await stageOutput(pipeline, manifest, id, ports);
  if (staged.kind === 'unfit') return { outcome: 'quarantined', reason: staged.reason, rows: null, attempt };
  const { rows } = staged;
  const summary = manifest.summary ?? {};
  const publication = { id, pipeline, run, attempt, kind: 'replay', rows, summary, overNewer } as const;
  // No gate: a person has looked at the report, and wants these rows.
  const answer = await publish(ports.warehouse, publication);
  switch (answer.kind) {
    case 'published':
      return { outcome: 'published', reason: `${rows} rows were published again.`, rows, attempt };
    case 'superseded': {
      const reason = `${answer.reason}; to put these older rows back all the same, ask with overNewer (sluice replay --over-newer).`;
      return { outcome: 'superseded', reason, rows: null, attempt };
    }
    case 'refused':
      return { outcome: 'quarantined', reason: answer.reason, rows: null, attempt };
  }
}

/** The manifest of the attempt that ended the run, or of its last attempt; or why there is none. */
async function storedOutput({ pipeline, run }: Replay, ports: ReplayPorts): Promise<DataManifest | string> {
  const attempt = (await readOutcome(ports.runs, pipeline.name, run))?.attempt || pipeline.job.attempts;
  for (let candidate = attempt; candidate >= 1; candidate--) {
    const manifest = await readJson(
      ports.results,
      manifestObject(pipeline.name, run, candidate),
      outputManifest,
    );
    if (manifest === undefined) continue;
    const stranger = namesAnother({ pipeline, run, attempt: candidate }, manifest.value);
    if (stranger !== undefined) return stranger;
    if (manifest.value.kind === 'output') return manifest.value;
    return `run ${run} refused its input and has no output to load: ${manifest.value.reason}`;
  }
  return `run ${run} of ${pipeline.name} has no stored output; expected ${manifestObject(pipeline.name, run, attempt)}`;
}
