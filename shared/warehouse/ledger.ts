// The ledger of publications: one row for each, with what was published, from what, and on whose request (law 6).
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
  /** The tables stay unchanged: only the entry of a model changes. */
  readonly keepsTables?: boolean;
  /** The rows of the pipeline's main table; 0 where it fills none. */
  readonly rows: number;
  /** The job's summary of its output. */
  readonly summary: Readonly<Record<string, unknown>>;
  /** The run's source files, and what triggered it. A replay keeps it. */
  readonly origin: Origin;
  /** Tables in the pipeline's order, then files and models: what is current after it. */
  readonly outputs: readonly PublishedOutput[];
  readonly gate: Verdict;
  /** When the job wrote its manifest. */
  readonly writtenAt: string;
  /** Who requested the replay, as its message claims; null for a run's own publication. */
  readonly requestedBy: Requester | null;
  /** A replay may publish older rows again; a run never may (law 5). */
  readonly allowOlder: boolean;
  /** Commits only if the ledger has no entry of the run: of two releases of a held run one is published. */
  readonly isFirstOfRun?: boolean;
  /** The publication that has to be the newest for this one to commit, null for none; absent: any. */
  readonly expectedLatest?: string | null;
  /** The end of the script's id, where more than one may be tried. */
  readonly script?: string;
}

export interface Requester {
  /** Null where the message does not name one. */
  readonly by: string | null;
  readonly reason: string | null;
}

export const LEDGER_FIELDS: readonly Field[] = [
  { name: 'publication_id', type: 'STRING', mode: 'REQUIRED' },
  { name: 'pipeline', type: 'STRING', mode: 'REQUIRED' },
  /** Counts the pipeline's publications from 1: their order, independent of clocks. */
  { name: 'ordinal', type: 'INTEGER', mode: 'REQUIRED' },
  /** `run`, `replay`, `rollback`, `pin` or `unpin`. */
  { name: 'kind', type: 'STRING', mode: 'REQUIRED' },
  { name: 'run', type: 'STRING', mode: 'REQUIRED' },
  { name: 'sequence', type: 'INTEGER', mode: 'REQUIRED' },
  { name: 'attempt', type: 'INTEGER', mode: 'REQUIRED' },
  { name: 'revision', type: 'STRING', mode: 'NULLABLE' },
  /** Of the pipeline's main table. */
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
  /** What triggered the run: `schedule` or `person`. */
  { name: 'cause_kind', type: 'STRING', mode: 'NULLABLE' },
  { name: 'cause_by', type: 'STRING', mode: 'NULLABLE' },
  { name: 'cause_reason', type: 'STRING', mode: 'NULLABLE' },
  /** Who requested the replay or rollback: claimed by the message, not verified. */
  { name: 'replayed_by', type: 'STRING', mode: 'NULLABLE' },
  { name: 'replay_reason', type: 'STRING', mode: 'NULLABLE' },
  /** `none` (no gate, or nothing to compare with), `passed`, or `overruled` by an operator. */
  { name: 'gate', type: 'STRING', mode: 'REQUIRED' },
  { name: 'gate_detail', type: 'STRING', mode: 'NULLABLE' },
  /** The job's summary of its output, as JSON: the gate compares the next run with it. */
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

/** The newest entry, or undefined while nothing was published. */
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

/** The published runs, most recently published first; at most the last thousand. */
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

/** Whether an attempt's output is in the ledger, as a condition over the quoted ledger. The caller checks the names. */
export const publishedBefore = (
  ledger: string,
  pipeline: Pipeline,
  { run, attempt }: { readonly run: RunId; readonly attempt: number },
): string =>
  `EXISTS(SELECT 1 FROM ${ledger} WHERE pipeline = '${pipeline.name}' AND run = '${run}' AND attempt = ${attempt})`;

/** The columns that the warehouse fills in when a publication commits. */
const AS_IT_HAPPENS: Readonly<Record<string, string>> = {
  published_at: 'CURRENT_TIMESTAMP()',
  publication_job: '@job_id',
};

/** The statement that enters a publication; its parameters are `entryOf`, and those that `filled` names. */
export function enterStatement(ledger: string, filled = AS_IT_HAPPENS): string {
  const names = LEDGER_FIELDS.map(({ name }) => name).join(', ');
  const values = LEDGER_FIELDS.map((field) => filled[field.name] ?? valueOf(field)).join(', ');
  return `INSERT INTO ${ledger} (${names}) SELECT ${values} FROM ${ledger} WHERE pipeline = @pipeline`;
}

function valueOf({ name, type }: Field): string {
  if (name === 'ordinal') return 'IFNULL(MAX(ordinal), 0) + 1';
  return type === 'TIMESTAMP' || type === 'DATE' ? `CAST(@${name} AS ${type})` : `@${name}`;
}

/** A parameter for each field, except those that the warehouse fills in. */
export function entryOf(publication: Publication): Record<string, Parameter> {
  const { pipeline, run, origin, outputs, gate, requestedBy, summary } = publication;
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
    replayed_by: requestedBy?.by ?? null,
    replay_reason: requestedBy?.reason ?? null,
    gate: gate.kind === 'failed' ? 'overruled' : gate.kind,
    gate_detail: gate.detail,
    summary: JSON.stringify(summary),
    requested_at: origin.requestedAt,
    frozen_at: origin.frozenAt,
    written_at: publication.writtenAt,
  };
}

/** A job's summary may hold any value; only an existing date is accepted. */
function dayOf(value: unknown): string | null {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return null;
  const time = Date.parse(value);
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== value ? null : value;
}
