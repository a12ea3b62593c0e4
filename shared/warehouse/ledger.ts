// The ledger of publications: a row for each, that says what was published, of what, and by whose wish (law 6).
import { z } from 'zod';
import { parseJson } from '../objects/json.ts';
import type { TableRef } from '../pipelines/outputs.ts';
import type { Pipeline } from '../pipelines/pipeline.ts';
import { isTable, publishedOutput, type PublishedOutput } from '../outputs/published.ts';
import type { Origin } from '../runs/origin.ts';
import { sequenceOf, type RunId } from '../runs/names.ts';
import type { Field } from './tables.ts';
import type { Verdict } from './verdict.ts';
import type { Parameter, Row, Warehouse } from './warehouse.ts';

export interface Publication {
  readonly id: string;
  readonly pipeline: Pipeline;
  readonly run: RunId;
  readonly attempt: number;
  readonly kind: 'run' | 'replay' | 'rollback' | 'pin' | 'unpin';
  /** The tables stay as they are: only what is said of a model changes. */
  readonly keepsTables?: boolean;
  /** Of the pipeline's main table; 0 where it fills none. */
  readonly rows: number;
  /** What the job said of its output. */
  readonly summary: Readonly<Record<string, unknown>>;
  /** What the run was made of, and who or what asked for it. A replay keeps it. */
  readonly origin: Origin;
  /** Tables in the pipeline's order, then files and models: what is current after it. */
  readonly outputs: readonly PublishedOutput[];
  readonly gate: Verdict;
  /** When the job wrote its manifest. */
  readonly writtenAt: string;
  /** Whose replay it is, as its message claims; null for a run's own publication. */
  readonly askedBy: Asker | null;
  /** A replay may put older rows back; a run never may (law 5). */
  readonly allowOlder: boolean;
  /** The publication that must be the newest for this one to happen, null for none; absent: whichever it is. */
  readonly expectedLatest?: string | null;
  /** Ends the id of the script, where more than one may be tried. */
  readonly script?: string;
}

export interface Asker {
  /** Null where the message does not say. */
  readonly by: string | null;
  readonly reason: string | null;
}

export const LEDGER_FIELDS: readonly Field[] = [
  { name: 'publication_id', type: 'STRING', mode: 'REQUIRED' },
  { name: 'pipeline', type: 'STRING', mode: 'REQUIRED' },
  /** Counts the pipeline's publications from 1: their order, whatever the clocks say. */
  { name: 'ordinal', type: 'INTEGER', mode: 'REQUIRED' },
  /** `run`, `replay`, `rollback`, `pin` or `unpin`. */
  { name: 'kind', type: 'STRING', mode: 'REQUIRED' },
  { name: 'run', type: 'STRING', mode: 'REQUIRED' },
  { name: 'sequence', type: 'INTEGER', mode: 'REQUIRED' },
  { name: 'attempt', type: 'INTEGER', mode: 'REQUIRED' },
  { name: 'revision', type: 'STRING', mode: 'NULLABLE' },
  /** Of the pipeline's first table. */
  { name: 'row_count', type: 'INTEGER', mode: 'REQUIRED' },
  /** The last day with actual values, where the job's summary names one as `lastActual`. */
  { name: 'data_as_of', type: 'DATE', mode: 'NULLABLE' },
  /** JSON: role, name and md5 (base64) of each file. */
  { name: 'source_files', type: 'STRING', mode: 'NULLABLE' },
  /** Of the first table's output file; `outputs` has them all. */
  { name: 'output_generation', type: 'STRING', mode: 'REQUIRED' },
  { name: 'output_crc32c', type: 'STRING', mode: 'REQUIRED' },
  /** JSON: a `PublishedOutput` for each output. */
  { name: 'outputs', type: 'STRING', mode: 'REQUIRED' },
  { name: 'publication_job', type: 'STRING', mode: 'NULLABLE' },
  /** Who or what asked for the run: `schedule` or `person`. */
  { name: 'cause_kind', type: 'STRING', mode: 'NULLABLE' },
  { name: 'cause_by', type: 'STRING', mode: 'NULLABLE' },
  { name: 'cause_reason', type: 'STRING', mode: 'NULLABLE' },
  /** Whose replay or rollback it is: claimed by the message, not proven. */
  { name: 'replayed_by', type: 'STRING', mode: 'NULLABLE' },
  { name: 'replay_reason', type: 'STRING', mode: 'NULLABLE' },
  /** `none` (no gate, or nothing to compare with), `passed`, or `overruled` by a person. */
  { name: 'gate', type: 'STRING', mode: 'REQUIRED' },
  { name: 'gate_detail', type: 'STRING', mode: 'NULLABLE' },
  /** What the job said of its output, as JSON: the gate compares the next run with it. */
  { name: 'summary', type: 'STRING', mode: 'NULLABLE' },
  { name: 'requested_at', type: 'TIMESTAMP', mode: 'NULLABLE' },
  { name: 'frozen_at', type: 'TIMESTAMP', mode: 'NULLABLE' },
  /** When the job wrote its output's manifest. */
  { name: 'written_at', type: 'TIMESTAMP', mode: 'NULLABLE' },
  { name: 'published_at', type: 'TIMESTAMP', mode: 'REQUIRED' },
];

/** One for all pipelines, in a dataset of its own. */
export const LEDGER: TableRef = { dataset: 'sluice', table: 'publications' };

/** The id of the newest publication: a scalar subquery over the quoted ledger, NULL when there is none. */
export const newestPublication = (ledger: string): string =>
  `(SELECT publication_id FROM ${ledger} WHERE pipeline = @pipeline ORDER BY ordinal DESC LIMIT 1)`;

export interface Newest {
  readonly id: string;
  readonly ordinal: number;
  readonly run: RunId;
  readonly summary: string;
  readonly outputs: readonly PublishedOutput[];
}

/** What is current now, or undefined while nothing was published. */
export async function readNewest(warehouse: Warehouse, pipeline: Pipeline): Promise<Newest | undefined> {
  const [newest] = await warehouse.query(
    `SELECT publication_id, ordinal, run, summary, outputs FROM ${warehouse.quoted(LEDGER)} ` +
      'WHERE pipeline = @pipeline ORDER BY ordinal DESC LIMIT 1',
    { pipeline: pipeline.name },
  );
  if (newest === undefined) return undefined;
  const { publication_id, ordinal, run, summary, outputs } = newest;
  const id = String(publication_id);
  return {
    id,
    ordinal: Number(ordinal),
    run: String(run),
    summary: String(summary ?? '{}'),
    outputs: outputsIn(id, outputs),
  };
}

const publishedOutputs = z.array(publishedOutput);

/** The outputs of an entry, from its cell. */
export const outputsIn = (id: string, cell: Row[string] | undefined): readonly PublishedOutput[] =>
  parseJson(String(cell), publishedOutputs, `outputs of ${id} in the ledger`);

const MOST_RUNS = 1000;

/** The runs that were published, the one whose publication is the newest first; at most the last thousand. */
export async function readRunsPublished(warehouse: Warehouse, pipeline: Pipeline): Promise<readonly RunId[]> {
  const rows = await warehouse.query(
    `SELECT run FROM ${warehouse.quoted(LEDGER)} WHERE pipeline = @pipeline ` +
      `GROUP BY run ORDER BY MAX(ordinal) DESC LIMIT ${MOST_RUNS}`,
    { pipeline: pipeline.name },
  );
  return rows.map(({ run }) => String(run));
}

export async function isInLedger(warehouse: Warehouse, id: string): Promise<boolean> {
  const ledger = warehouse.quoted(LEDGER);
  const found = await warehouse.query(`SELECT 1 AS found FROM ${ledger} WHERE publication_id = @id`, { id });
  return found.length > 0;
}

/** Whether an attempt's output is in the ledger, as a condition over the quoted ledger. Names are checked before. */
export const publishedBefore = (
  ledger: string,
  pipeline: Pipeline,
  { run, attempt }: { readonly run: RunId; readonly attempt: number },
): string =>
  `EXISTS(SELECT 1 FROM ${ledger} WHERE pipeline = '${pipeline.name}' AND run = '${run}' AND attempt = ${attempt})`;

/** What the warehouse fills in when a publication is entered as it happens. */
const AS_IT_HAPPENS: Readonly<Record<string, string>> = {
  published_at: 'CURRENT_TIMESTAMP()',
  publication_job: '@job_id',
};

/** The statement that enters a publication; its parameters are `entryOf`, and those that `filled` speaks of. */
export function enterStatement(ledger: string, filled = AS_IT_HAPPENS): string {
  const names = LEDGER_FIELDS.map(({ name }) => name).join(', ');
  const values = LEDGER_FIELDS.map((field) => filled[field.name] ?? valueOf(field)).join(', ');
  return `INSERT INTO ${ledger} (${names}) SELECT ${values} FROM ${ledger} WHERE pipeline = @pipeline`;
}

function valueOf({ name, type }: Field): string {
  if (name === 'ordinal') return 'IFNULL(MAX(ordinal), 0) + 1';
  return type === 'TIMESTAMP' || type === 'DATE' ? `CAST(@${name} AS ${type})` : `@${name}`;
}

/** A parameter for each field, but for those that the warehouse fills in. */
export function entryOf(publication: Publication): Record<string, Parameter> {
  const { pipeline, run, origin, outputs, gate, askedBy, summary } = publication;
  const [first] = outputs.flatMap((output): readonly { generation: string; crc32c: string }[] =>
    isTable(output) ? [output] : output.files,
  );
  return {
    publication_id: publication.id,
    pipeline: pipeline.name,
    kind: publication.kind,
    run,
    sequence: sequenceOf(run),
    attempt: publication.attempt,
    revision: origin.revision,
    row_count: publication.rows,
    data_as_of: dayOf(summary.lastActual),
    source_files: origin.files === null ? null : JSON.stringify(origin.files),
    output_generation: first?.generation ?? '',
    output_crc32c: first?.crc32c ?? '',
    outputs: JSON.stringify(outputs),
    cause_kind: origin.cause?.kind ?? null,
    cause_by: origin.cause?.by ?? null,
    cause_reason: origin.cause?.reason ?? null,
    replayed_by: askedBy?.by ?? null,
    replay_reason: askedBy?.reason ?? null,
    gate: gate.kind === 'failed' ? 'overruled' : gate.kind,
    gate_detail: gate.detail,
    summary: JSON.stringify(summary),
    requested_at: origin.requestedAt,
    frozen_at: origin.frozenAt,
    written_at: publication.writtenAt,
  };
}

/** A job may say anything in its summary; only a day that exists is one. */
function dayOf(message: unknown): string | null {
  if (typeof message !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(message)) return null;
  const time = Date.parse(message);
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== message ? null : message;
}
