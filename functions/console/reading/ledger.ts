// What the screens read of the ledger: the newest publications of a pipeline, and one of them by its id.
import { outputsIn, LEDGER } from '../../../shared/warehouse/ledger.ts';
import type { PublishedOutput } from '../../../shared/outputs/published.ts';
import type { Row, Warehouse } from '../../../shared/warehouse/warehouse.ts';

export interface PublicationShown {
  readonly id: string;
  readonly ordinal: number;
  readonly kind: string;
  readonly run: string;
  readonly attempt: number;
  readonly rows: number;
  readonly dataAsOf: string | null;
  readonly gate: string;
  readonly gateDetail: string | null;
  readonly by: string | null;
  readonly reason: string | null;
  readonly publishedAt: string;
  readonly outputs: readonly PublishedOutput[];
}

const COLUMNS =
  'publication_id, ordinal, kind, run, attempt, row_count, data_as_of, gate, gate_detail, replayed_by, replay_reason, ' +
  'published_at, outputs';

export interface PublicationRange {
  /** Only publications with a smaller number. */
  readonly before?: number | undefined;
  readonly fromMs?: number;
  /** The first moment after the range. */
  readonly untilMs?: number;
}

/** Newest first. */
export async function readPublications(
  warehouse: Warehouse,
  pipeline: string,
  count: number,
  { before = Number.MAX_SAFE_INTEGER, fromMs = -Infinity, untilMs = Infinity }: PublicationRange = {},
): Promise<readonly PublicationShown[]> {
  const times = {
    ...(Number.isFinite(fromMs) && { from: new Date(fromMs).toISOString() }),
    ...(Number.isFinite(untilMs) && { until: new Date(untilMs).toISOString() }),
  };
  const conditions = [
    ...['pipeline = @pipeline', 'ordinal < @before'],
    ...('from' in times ? ['published_at >= TIMESTAMP(@from)'] : []),
    ...('until' in times ? ['published_at < TIMESTAMP(@until)'] : []),
  ];
  const rows = await warehouse.query(
    `SELECT ${COLUMNS} FROM ${warehouse.quoted(LEDGER)} ` +
      `WHERE ${conditions.join(' AND ')} ORDER BY ordinal DESC LIMIT ${Math.trunc(count)}`,
    { pipeline, before, ...times },
  );
  return rows.map(shownIn);
}

export async function readPublication(
  warehouse: Warehouse,
  pipeline: string,
  id: string,
): Promise<PublicationShown | undefined> {
  const [row] = await warehouse.query(
    `SELECT ${COLUMNS} FROM ${warehouse.quoted(LEDGER)} WHERE pipeline = @pipeline AND publication_id = @id`,
    { pipeline, id },
  );
  return row && shownIn(row);
}

/** The newest publication, with which a plan compares. */
export interface PublishedNow {
  readonly id: string;
  readonly run: string;
  readonly at: string;
  readonly by: string | null;
}

export async function publishedNow(warehouse: Warehouse, pipeline: string): Promise<PublishedNow | null> {
  const [newest] = await readPublications(warehouse, pipeline, 1);
  return newest === undefined
    ? null
    : { id: newest.id, run: newest.run, at: newest.publishedAt, by: newest.by };
}

const textOf = (cell: Row[string] | undefined): string | null =>
  cell === null || cell === undefined ? null : String(cell);

function shownIn(row: Row): PublicationShown {
  const id = String(row.publication_id);
  return {
    id,
    ordinal: Number(row.ordinal),
    kind: String(row.kind),
    run: String(row.run),
    attempt: Number(row.attempt),
    rows: Number(row.row_count),
    dataAsOf: textOf(row.data_as_of),
    gate: String(row.gate),
    gateDetail: textOf(row.gate_detail),
    by: textOf(row.replayed_by),
    reason: textOf(row.replay_reason),
    publishedAt: String(row.published_at),
    outputs: outputsIn(id, row.outputs),
  };
}
