// The story of a run's output: check its lease, stage it, check it, publish it, free the lease.
import { counted } from '../../shared/counted.ts';
import { commandLine, commandWithReason } from '../../shared/command-line.ts';
import type { ErrorCode } from '../../shared/error-codes.ts';
import { PermanentError } from '../../shared/errors.ts';
import type { Publisher, RunRequested } from '../../shared/events/messages.ts';
import type { Log } from '../../shared/logging.ts';
import { readJson } from '../../shared/objects/json.ts';
import { outputManifest } from '../../shared/outputs/manifest.ts';
import { publishedObjectsText, shownTable, tablesOf } from '../../shared/pipelines/outputs.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { finishRun, releaseLease, type FinishPorts } from '../../shared/completion/finish.ts';
import { readLease, type LeaseHolder } from '../../shared/runs/lease.ts';
import { manifestObject } from '../../shared/runs/names.ts';
import { readOrigin } from '../../shared/runs/origin.ts';
import { requestReader, type ReadRequest } from '../../shared/runs/request.ts';
import { readOutcome, type ChangeCounts, type Outcome } from '../../shared/runs/outcome.ts';
import { endByDecision, decideOnce } from '../../shared/runs/decision.ts';
import { countChanges } from '../../shared/warehouse/changes.ts';
import { judge } from '../../shared/warehouse/gate.ts';
import { publicationId } from '../../shared/warehouse/tables.ts';
import { manifestMismatch, type DataManifest } from '../../shared/publications/manifest-file.ts';
import { publish } from '../../shared/publications/publish.ts';
import { stageOutput, type StagePorts } from '../../shared/publications/stage.ts';
import { dropStaging } from '../../shared/publications/table.ts';

export interface Ports extends StagePorts, FinishPorts {
  readonly runRequested: Publisher<RunRequested>;
  readonly now: () => number;
  readonly log: Log;
}

export interface Load {
  readonly pipeline: Pipeline;
  readonly run: string;
  readonly attempt: number;
}

export async function publishOutput(load: Load, ports: Ports): Promise<void> {
  const { pipeline, run, attempt } = load;
  const log = ports.log.child({ pipeline: pipeline.name, run, attempt });
  const ended = await readOutcome(ports.runs, pipeline.name, run);
  if (ended !== undefined) {
    // An earlier delivery may have been interrupted between the outcome and the lease.
    await releaseLease(ports, pipeline.name, run);
    return log.info(`Message ignored: this run has ended as ${ended.outcome}.`);
  }
  const holder = (await readLease(ports.runs, pipeline.name))?.value.holder;
  if (holder?.run !== run || holder.attempt !== attempt) {
    return log.warn({ holder, code: 'LEASE_LOST' }, `Message ignored: ${whyLeaseLost(attempt, run, holder)}`);
  }
  const request = requestReader(ports.runs, pipeline.name, run);
  const end = await endOf(load, request, ports);
  if (end === undefined)
    return log.warn(
      { code: 'MANIFEST_MISSING' },
      'Message ignored: the attempt has written no manifest yet.',
    );
  const { writtenAt: jobEndedAt, ...outcome } = end;
  const at = new Date(ports.now()).toISOString();
  await finishRun(ports, { pipeline: pipeline.name, run, attempt, at, ...outcome }, { jobEndedAt, request });
  await dropStaging(pipeline, publicationId(pipeline, run, undefined), ports);
}

const whyLeaseLost = (attempt: number, run: string, holder: LeaseHolder | undefined): string => {
  if (holder === undefined) return `attempt ${attempt} no longer holds the lease; no run does.`;
  if (holder.run !== run) return `run ${holder.run} holds the lease.`;
  return `attempt ${attempt} was given up; attempt ${holder.attempt} holds the lease.`;
};

interface End {
  readonly outcome: Outcome;
  readonly code: ErrorCode | null;
  readonly reason: string;
  readonly rows: number | null;
  readonly changes?: readonly ChangeCounts[];
}

/** With the time at which the job wrote its manifest; absent if the manifest cannot be read. */
type DatedEnd = End & { readonly writtenAt?: string };

/** A permanent failure is an outcome as well, recorded like any other (law 8). */
async function endOf(load: Load, request: ReadRequest, ports: Ports): Promise<DatedEnd | undefined> {
  const name = manifestObject(load.pipeline.name, load.run, load.attempt);
  try {
    const manifest = (await readJson(ports.results, name, outputManifest))?.value;
    if (manifest === undefined) return undefined;
    const { writtenAt } = manifest;
    const mismatch = manifestMismatch(load, manifest);
    if (mismatch !== undefined)
      return { outcome: 'quarantined', code: 'MANIFEST_MISMATCH', reason: mismatch, rows: null };
    if (manifest.kind === 'refusal')
      return { outcome: 'failed', code: 'INPUT_REFUSED', reason: manifest.reason, rows: null, writtenAt };
    return { ...(await loadData(load, manifest, request, ports)), writtenAt };
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    return { outcome: 'failed', code: error.code, reason: error.message, rows: null };
  }
}

async function loadData(
  { pipeline, run, attempt }: Load,
  manifest: DataManifest,
  request: ReadRequest,
  ports: Ports,
): Promise<End> {
  const id = publicationId(pipeline, run, undefined);
  const staged = await stageOutput(pipeline, manifest, id, ports);
  if (staged.kind === 'unfit')
    return { outcome: 'quarantined', code: staged.code, reason: staged.reason, rows: null };
  const summary = manifest.summary ?? {};
  const gate = await judge(ports.warehouse, pipeline, summary);
  if (gate.kind === 'failed') {
    const toRead = commandLine(pipeline.name, `report ${run}`);
    const toPublish = commandWithReason(pipeline.name, `release ${run}`);
    const reason = `${gate.detail}. To read its report: ${toRead}. To publish it: ${toPublish}`;
    return { outcome: 'held', code: 'GATE_HELD', reason, rows: null };
  }

  const at = new Date(ports.now()).toISOString();
  const decided = await decideOnce(ports.runs, pipeline.name, run, { kind: 'publish', attempt, at });
  if ('command' in decided) return { ...endByDecision(pipeline.name, run, decided), rows: null };

  const { rows } = staged;
  const origin = await readOrigin(ports.runs, pipeline.name, run, request);
  const made = {
    id,
    pipeline,
    run,
    kind: 'run',
    origin,
    gate,
    requestedBy: null,
    allowOlder: false,
  } as const;
  // Before the transaction: afterwards the rows before are gone.
  const changes = await Promise.all(
    tablesOf(pipeline).map((target) => countChanges(ports.warehouse, target, id)),
  );
  const answer = await publish(made, manifest, staged, ports);
  switch (answer.kind) {
    case 'published':
      return {
        outcome: 'published',
        code: null,
        reason: publishedReason(pipeline, rows, answer.qualityNotes),
        rows,
        ...(answer.already === true || changes.length === 0 ? {} : { changes }),
      };
    case 'superseded':
      return {
        outcome: 'superseded',
        code: 'SUPERSEDED_BY_NEWER',
        reason: `Not published: ${answer.reason}.`,
        rows: null,
      };
    case 'refused':
      return { outcome: 'quarantined', code: 'PUBLICATION_REFUSED', reason: answer.reason, rows: null };
  }
}

function publishedReason(pipeline: Pipeline, rows: number, qualityNotes: readonly string[] = []): string {
  const table = shownTable(pipeline);
  const objects = publishedObjectsText(pipeline, ['is published', 'are published']);
  const message = [
    ...(table === '' ? [] : [`${counted(rows, 'row')} ${rows === 1 ? 'is' : 'are'} in ${table}.`]),
    ...(objects === '' ? [] : [objects]),
    ...qualityNotes,
  ];
  return message.join(' ');
}
