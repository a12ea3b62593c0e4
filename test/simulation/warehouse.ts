// The simulated warehouse: BigQuery's jobs, whose ids are used once and which continue without their caller.
import type { VirtualClock } from '../../local/clock.ts';
import { TransientError } from '../../shared/errors.ts';
import type { Columns, TableRef } from '../../shared/pipelines/outputs.ts';
import type {
  LoadAnswer,
  Parameter,
  Row,
  ScriptAnswer,
  Warehouse,
} from '../../shared/warehouse/warehouse.ts';
import type { SimulatedStorage } from './buckets.ts';
import type { Decisions } from './decisions.ts';
import { parseScript } from './script.ts';
import { type JobError, type Line, Tables } from './tables.ts';
import type { Instance, Wire } from './wire.ts';

interface Job {
  readonly ended: Promise<void>;
  error: JobError | undefined;
}

/** Of every job: it fails before it did anything, or after all of it was done. */
const RATES = { 'fails-before': 0.02, 'fails-after': 0.01 } as const;
// As in shared/google/bigquery.ts: a failed job has used up its id.
const MOST_TRIES = 3;
const MOST_IDS = 100;
const MOST_CONFLICTS = 20;
const FAILED: JobError = { reason: 'backendError', message: 'Retry the job' };
const TABLE = /`([^`]+)`/;

export class SimulatedWarehouse {
  readonly tables: Tables;
  readonly #jobs = new Map<string, Job>();
  /** How many rows went into a staging table; a job's statistics outlive the table. */
  readonly #loaded = new Map<string, number>();
  readonly #storage: SimulatedStorage;
  readonly #clock: VirtualClock;
  readonly #decisions: Decisions;

  constructor(o: {
    storage: SimulatedStorage;
    clock: VirtualClock;
    decisions: Decisions;
    onVisible: () => void;
  }) {
    this.#storage = o.storage;
    this.#clock = o.clock;
    this.#decisions = o.decisions;
    this.tables = new Tables(() => o.clock.now(), o.onVisible);
  }

  /** The warehouse as an instance sees it, with the answers of `shared/google/bigquery.ts`. */
  port(instance: Instance, wire: Wire): Warehouse {
    const call = <T>(what: string, effect: () => T): Promise<T> =>
      wire.call({ instance, what: `bigquery.${what}`, effect, retried: true });
    const run = async (
      id: string,
      work: () => Promise<JobError | undefined>,
      stillStands: () => Promise<boolean> = () => Promise.resolve(true),
    ): Promise<JobError | undefined> => {
      let tries = 0;
      let conflicts = 0;
      let passedOver = 0;
      for (let number = 1; number - passedOver <= MOST_IDS && tries < MOST_TRIES; number++) {
        const jobId = `${id}-${number}`;
        const { job, isOwn } = await call(`submit ${jobId}`, () => this.#submitOrMeet(jobId, work));
        await job.ended;
        await call(`poll ${jobId}`, () => undefined);
        if (job.error !== undefined && isConflict(job.error)) {
          passedOver++;
          if (!isOwn) continue;
          if (++conflicts > MOST_CONFLICTS) break;
          await this.#pause(this.#decisions.draw(`${id} pauses`) * 1000);
          continue;
        }
        if (job.error !== undefined && !isTransient(job.error)) return job.error;
        if (job.error === undefined && (isOwn || (await stillStands()))) return undefined;
        if (job.error === undefined) continue;
        if (isOwn) tries++;
      }
      throw new TransientError(`BigQuery failed ${tries} times more at ${id}`);
    };
    return {
      quoted,
      load: async ({ id, uri, table, columns }): Promise<LoadAnswer> => {
        const stands = () => call(`find ${table.table}`, () => this.tables.has(nameOf(table)));
        const error = await run(id, () => this.#load(uri, nameOf(table), columns), stands);
        if (error !== undefined) return { kind: 'refused', reason: error.message };
        return { kind: 'loaded', rows: this.#loaded.get(nameOf(table)) ?? 0 };
      },
      script: async ({ id, sql, parameters }): Promise<ScriptAnswer> => {
        const statements = parseScript(sql);
        const error = await run(id, () => this.tables.run(statements, parameters, (ms) => this.#pause(ms)));
        return error === undefined ? { kind: 'done' } : { kind: 'refused', reason: error.message };
      },
      query: (sql, parameters) => call('query', () => this.#answer(sql, parameters)),
      drop: (table) => call(`drop ${table.table}`, () => this.tables.drop(nameOf(table))),
    };
  }

  #submitOrMeet(id: string, work: () => Promise<JobError | undefined>) {
    const known = this.#jobs.get(id);
    if (known !== undefined) return { job: known, isOwn: false };
    const fate = this.#decisions.strike(`BigQuery job ${id}`, RATES);
    const runs = async () => {
      await this.#pause(this.#decisions.draw(`${id} takes`) * 3000);
      job.error = fate === 'fails-before' ? FAILED : await work();
      if (fate === 'fails-after' && job.error === undefined) job.error = FAILED;
    };
    // The work of a job that was only just submitted begins later, so `job` is there by then.
    const job: Job = { error: undefined, ended: runs() };
    this.#jobs.set(id, job);
    return { job, isOwn: true };
  }

  async #load(uri: string, table: string, columns: Columns): Promise<JobError | undefined> {
    const [, bucket = '', name = ''] = /^gs:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
    const text = this.#storage.text(bucket, name);
    if (text === undefined) return { reason: 'notFound', message: `Not found: URI ${uri}` };
    const names = Object.keys(columns);
    const lines = text.trimEnd().split('\n').slice(1);
    const rows = lines.map((line) => line.split(','));
    const wrong = rows.findIndex((cells) => cells.length !== names.length);
    if (wrong !== -1) return { reason: 'invalid', message: `line ${wrong + 2}: too few columns` };
    this.#loaded.set(table, rows.length);
    this.tables.replace(
      table,
      rows.map((cells) => Object.fromEntries(names.map((column, index) => [column, cells[index] ?? null]))),
    );
    return undefined;
  }

  /** The questions of the mesh: how the checks fare, what a replay would change, and what was published. */
  #answer(sql: string, parameters: Readonly<Record<string, Parameter>>): readonly Row[] {
    const table = TABLE.exec(sql)?.[1] ?? '';
    if (sql.includes('AS check_name')) {
      if (!this.tables.has(table)) throw new TransientError(`Not found: Table ${table}`);
      return checks(this.tables.rows(table));
    }
    if (sql.includes('AS here FROM')) {
      // What a replay would change is for the contract of the warehouse to try; here it changes nothing.
      if (!this.tables.has(table)) throw new TransientError(`Not found: Table ${table}`);
      return [];
    }
    if (sql.startsWith('SELECT publication_id, ordinal, kind, run,')) return this.#entries(table, parameters);
    if (sql.startsWith('SELECT publication_id, ordinal, run, summary, outputs FROM'))
      return this.#entries(table, parameters).slice(-1);
    if (/^SELECT (attempt, row_count, written_at|1 AS found) FROM/.test(sql))
      return this.tables.rows(table).filter(({ publication_id }) => publication_id === parameters.id);
    throw new Error(`test/simulation/warehouse.ts does not know this question, teach it: ${sql}`);
  }

  /** The ledger's entries of a pipeline, in the order of their numbers. */
  #entries(table: string, parameters: Readonly<Record<string, Parameter>>): readonly Row[] {
    const own = this.tables.rows(table).filter(({ pipeline }) => pipeline === parameters.pipeline);
    return own.toSorted((a, b) => Number(a.ordinal) - Number(b.ordinal));
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.#clock.at(this.#clock.now() + ms, resolve));
  }
}

const nameOf = ({ dataset, table }: TableRef): string => `simulation.${dataset}.${table}`;
const quoted = (table: TableRef): string => `\`${nameOf(table)}\``;

const isTransient = ({ reason }: JobError): boolean => reason === 'backendError';
const isConflict = ({ message }: JobError): boolean => message.includes('aborted due to concurrent update');

function checks(rows: readonly Line[]): readonly Row[] {
  const keys = new Set(rows.map(({ nom_mall, date }) => `${nom_mall} ${date}`));
  return [
    { check_name: 'rows', found: rows.length === 0 ? 1 : 0, detail: 'the output holds no rows' },
    { check_name: 'duplicate key', found: rows.length - keys.size, detail: 'keys stand more than once' },
  ];
}
