// Rebuilds a lost ledger from the buckets, with what they record of each publication.
import { PermanentError } from '../errors.ts';
import type { ObjectStore } from '../objects/store.ts';
import { readJson } from '../objects/json.ts';
import { outputManifest } from '../outputs/manifest.ts';
import type { Pipeline } from '../pipelines/pipeline.ts';
import { readAccepted, type Accepted } from '../runs/accepted.ts';
import { manifestObject } from '../runs/names.ts';
import { readOrigin } from '../runs/origin.ts';
import { ALREADY_PUBLISHED, failedAssertion } from '../warehouse/assertions.ts';
import { enterStatement, entryOf, LEDGER, type Publication } from '../warehouse/ledger.ts';
import { highestShown, outputsStored } from './stored-outputs.ts';
import { lockStatements, runLocked } from '../warehouse/lock.ts';
import { publicationId } from '../warehouse/tables.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';

export interface RebuildPorts {
  readonly runs: ObjectStore;
  readonly results: ObjectStore;
  readonly exports: ObjectStore;
  readonly warehouse: Warehouse;
  /** Part of the job ids: a ledger may be lost twice. */
  readonly nonce: string;
}

export interface RebuiltLedger {
  readonly entered: number;
  /** Publications that cannot be entered, because their output no longer exists. */
  readonly lost: readonly string[];
}

/** Lost with the ledger: the gate's verdict, who requested a replay and why, whether it was a rollback, the job. */
const DETAIL = 'entered again from the buckets after the ledger was lost';
const AFTERWARDS = {
  published_at: 'CAST(@published_at AS TIMESTAMP)',
  // Above what the pointers show, so that their ordinals keep rising.
  ordinal: 'GREATEST(IFNULL(MAX(ordinal), 0), @above) + 1',
  publication_job: 'CAST(NULL AS STRING)',
};

/**
 * In the order of their outcomes, each once. A ledger with any regular entry is left as it is; an interrupted rebuild is
 * completed.
 */
export async function rebuildLedger(pipeline: Pipeline, ports: RebuildPorts): Promise<RebuiltLedger> {
  if (!(await isLost(pipeline, ports.warehouse))) return { entered: 0, lost: [] };
  const { accepted } = await readAccepted(ports.runs, pipeline.name);
  const inOrder = accepted.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const above = await highestShown(pipeline, ports);
  const lost: string[] = [];
  for (const one of inOrder) {
    const publication = await publicationOf(pipeline, one, ports);
    if (publication === undefined) lost.push(publicationId(pipeline, one.run, one.replay));
    else await enter(publication, one.at, above, ports);
  }
  return { entered: inOrder.length - lost.length, lost };
}

async function isLost(pipeline: Pipeline, warehouse: Warehouse): Promise<boolean> {
  const happened = await warehouse.query(
    `SELECT publication_id FROM ${warehouse.quoted(LEDGER)} ` +
      `WHERE pipeline = @pipeline AND IFNULL(gate_detail, '') <> @detail LIMIT 1`,
    { pipeline: pipeline.name, detail: DETAIL },
  );
  return happened.length === 0;
}

async function publicationOf(
  pipeline: Pipeline,
  { run, replay, attempt, rows }: Accepted,
  { runs, results, exports }: RebuildPorts,
): Promise<Publication | undefined> {
  const manifest = (await readJson(results, manifestObject(pipeline.name, run, attempt), outputManifest))
    ?.value;
  if (manifest?.kind !== 'output') return undefined;
  const id = publicationId(pipeline, run, replay);
  const outputs = await outputsStored(pipeline, manifest, id, { results, exports });
  if (outputs === undefined) return undefined;
  return {
    ...{ id, pipeline, run, attempt, outputs, rows: rows ?? 0 },
    kind: replay === undefined ? 'run' : 'replay',
    summary: manifest.summary ?? {},
    writtenAt: manifest.writtenAt,
    origin: await readOrigin(runs, pipeline.name, run),
    gate: { kind: 'none', detail: null },
    requestedBy: replay === undefined ? null : { by: null, reason: DETAIL },
    allowOlder: true,
  };
}

async function enter(
  publication: Publication,
  at: string,
  above: number,
  { warehouse, nonce }: RebuildPorts,
): Promise<void> {
  const ledger = warehouse.quoted(LEDGER);
  // A concurrent publication would take the same number: inserts alone do not conflict.
  const answer = await runLocked(warehouse, publication.pipeline, {
    id: `sluice-reenter-${nonce}-${publication.id}`,
    sql: [
      'BEGIN TRANSACTION',
      ...lockStatements(warehouse, publication.pipeline),
      `ASSERT NOT EXISTS(SELECT 1 FROM ${ledger} WHERE publication_id = @publication_id) AS '${ALREADY_PUBLISHED}'`,
      enterStatement(ledger, AFTERWARDS),
      'COMMIT TRANSACTION',
      '',
    ].join(';\n'),
    parameters: { ...entryOf(publication), gate_detail: DETAIL, published_at: at, above },
  });
  if (answer.kind === 'done' || failedAssertion(answer.reason) === ALREADY_PUBLISHED) return;
  throw new PermanentError(`${publication.id} cannot be entered again: ${answer.reason}`, {
    code: 'PUBLICATION_REFUSED',
  });
}
