// The ledger's entries, in the order of their ordinals.
import { BoundError } from '../errors.ts';
import type { Pipeline } from '../pipelines/pipeline.ts';
import type { RunId } from '../runs/names.ts';
import type { PublishedOutput } from '../outputs/published.ts';
import { LEDGER, outputsIn, readNewest, type Newest } from './ledger.ts';
import type { Row, Warehouse } from './warehouse.ts';

export interface LedgerEntry {
  readonly id: string;
  readonly ordinal: number;
  readonly kind: string;
  readonly run: RunId;
  readonly rows: number;
  readonly outputs: readonly PublishedOutput[];
  readonly requestedAtMs: number | undefined;
  readonly writtenAtMs: number | undefined;
  readonly publishedAtMs: number;
}

const MOST_ENTRIES = 100_000;

/** All of a pipeline's entries. More than a hundred thousand are an error (law 10). */
export async function readEntries(warehouse: Warehouse, pipeline: Pipeline): Promise<readonly LedgerEntry[]> {
  const rows = await warehouse.query(
    `${selected(warehouse)} ORDER BY ordinal, publication_id LIMIT ${MOST_ENTRIES + 1}`,
    { pipeline: pipeline.name },
  );
  if (rows.length > MOST_ENTRIES) {
    throw new BoundError(`the ledger of ${pipeline.name} has more than ${MOST_ENTRIES} publications`);
  }
  return rows.map(entryFrom);
}

/** The newest entry of a run: its own publication, or the last replay of its output. */
export async function readNewestOf(
  warehouse: Warehouse,
  pipeline: Pipeline,
  run: RunId,
): Promise<LedgerEntry | undefined> {
  const [row] = await warehouse.query(`${selected(warehouse)} AND run = @run ORDER BY ordinal DESC LIMIT 1`, {
    pipeline: pipeline.name,
    run,
  });
  return row && entryFrom(row);
}

const selected = (warehouse: Warehouse): string =>
  'SELECT publication_id, ordinal, kind, run, row_count, outputs, requested_at, written_at, published_at ' +
  `FROM ${warehouse.quoted(LEDGER)} WHERE pipeline = @pipeline`;

function entryFrom(row: Row): LedgerEntry {
  const id = String(row.publication_id);
  const timeOf = (cell: Row[string] | undefined) =>
    cell === null || cell === undefined ? undefined : Date.parse(String(cell));
  return {
    id,
    ordinal: Number(row.ordinal),
    kind: String(row.kind),
    run: String(row.run),
    rows: Number(row.row_count),
    outputs: outputsIn(id, row.outputs),
    requestedAtMs: timeOf(row.requested_at),
    writtenAtMs: timeOf(row.written_at),
    publishedAtMs: timeOf(row.published_at) ?? 0,
  };
}

/** The newest entry with all fields that another entry copies from it. */
export interface NewestWhole extends Newest {
  readonly attempt: number;
  readonly rows: number;
  readonly writtenAt: string | undefined;
}

export async function readNewestWhole(
  warehouse: Warehouse,
  pipeline: Pipeline,
): Promise<NewestWhole | undefined> {
  const newest = await readNewest(warehouse, pipeline);
  if (newest === undefined) return undefined;
  const [row] = await warehouse.query(
    `SELECT attempt, row_count, written_at FROM ${warehouse.quoted(LEDGER)} WHERE publication_id = @id`,
    { id: newest.id },
  );
  if (row === undefined) return undefined;
  const writtenAt = row.written_at === null ? undefined : new Date(String(row.written_at)).toISOString();
  return { ...newest, attempt: Number(row.attempt), rows: Number(row.row_count), writtenAt };
}
