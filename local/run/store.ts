// Jobs, executions and operations in the state file: what is written here is what a restart knows.
import { invalid } from '../http/errors.ts';
import type { State } from '../state/state.ts';
import type { ExecutionRecord, JobRecord } from './records.ts';

export interface OperationRecord {
  readonly name: string;
  readonly kind: 'run' | 'cancel' | 'create' | 'delete';
  /** The full name of the execution, or of the job. */
  readonly target: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextPageToken?: string;
}

// As many as Cloud Run keeps of a job, and all of the last seven days.
const EXECUTIONS_KEPT = 1000;
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;
const FORGOTTEN_AT_ONCE = 100;
const LARGEST_PAGE = 1000;
const DEFAULT_PAGE = 100;
const OPERATIONS_KEPT = 5000;

export class RunStore {
  readonly #state: State;

  constructor(state: State) {
    this.#state = state;
    state.sql.exec(`
      CREATE TABLE IF NOT EXISTS run_jobs (name TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS run_executions (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, job TEXT NOT NULL,
        state TEXT NOT NULL, record TEXT NOT NULL
      ) STRICT;
      CREATE INDEX IF NOT EXISTS run_executions_of_job ON run_executions (job, sequence);
      CREATE TABLE IF NOT EXISTS run_operations (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL, target TEXT NOT NULL
      ) STRICT`);
  }

  transaction<T>(work: () => T): T {
    return this.#state.transaction(work);
  }

  /** The first of that short name in a project, in any region. */
  jobNamed(project: string, shortName: string): JobRecord | undefined {
    const row = this.#state.sql
      .prepare('SELECT record FROM run_jobs WHERE name GLOB ? ORDER BY name LIMIT 1')
      .get(`projects/${project}/locations/*/jobs/${shortName}`);
    return row && (JSON.parse(String(row['record'])) as JobRecord);
  }

  job(name: string): JobRecord | undefined {
    const row = this.#state.sql.prepare('SELECT record FROM run_jobs WHERE name = ?').get(name);
    return row && (JSON.parse(String(row['record'])) as JobRecord);
  }

  /** By name. `parent` may be `*` at its end, for the jobs of all regions; the token is the last name given. */
  jobs(parent: string, pageSize: number, pageToken = ''): Page<JobRecord> {
    const size = sizeOf(pageSize);
    const rows = this.#state.sql
      .prepare('SELECT record FROM run_jobs WHERE name GLOB ? AND name > ? ORDER BY name LIMIT ?')
      .all(`${parent}/jobs/*`, pageToken, size + 1);
    const items = rows.slice(0, size).map((row) => JSON.parse(String(row['record'])) as JobRecord);
    return rows.length > size ? { items, nextPageToken: items.at(-1)?.spec.name ?? '' } : { items };
  }

  putJob(job: JobRecord): void {
    this.#state.sql
      .prepare('INSERT OR REPLACE INTO run_jobs (name, record) VALUES (?, ?)')
      .run(job.spec.name, JSON.stringify(job));
  }

  deleteJob(name: string): void {
    this.#state.sql.prepare('DELETE FROM run_jobs WHERE name = ?').run(name);
    this.#state.sql.prepare('DELETE FROM run_executions WHERE job = ?').run(name);
  }

  /** Adds an execution, and forgets the ended ones of its job that Cloud Run would not keep. */
  addExecution(record: Omit<ExecutionRecord, 'sequence'>): ExecutionRecord {
    const { sql } = this.#state;
    const { lastInsertRowid } = sql
      .prepare('INSERT INTO run_executions (name, job, state, record) VALUES (?, ?, ?, ?)')
      .run(record.name, record.job, record.state, '{}');
    const added = { ...record, sequence: Number(lastInsertRowid) };
    this.putExecution(added);
    sql
      .prepare(
        `DELETE FROM run_executions WHERE sequence IN (
           SELECT sequence FROM run_executions WHERE job = ?1 AND state <> 'running' ORDER BY sequence LIMIT ?4)
         AND sequence <= (
           SELECT sequence FROM run_executions WHERE job = ?1 ORDER BY sequence DESC LIMIT 1 OFFSET ?2)
         AND json_extract(record, '$.createdAtMs') < ?3`,
      )
      .run(record.job, EXECUTIONS_KEPT, record.createdAtMs - KEPT_MS, FORGOTTEN_AT_ONCE);
    return added;
  }

  putExecution(record: ExecutionRecord): void {
    this.#state.sql
      .prepare('UPDATE run_executions SET state = ?, record = ? WHERE name = ?')
      .run(record.state, JSON.stringify(record), record.name);
  }

  execution(name: string): ExecutionRecord | undefined {
    const row = this.#state.sql.prepare('SELECT record FROM run_executions WHERE name = ?').get(name);
    return row && (JSON.parse(String(row['record'])) as ExecutionRecord);
  }

  /** The newest of that short name in a project, of any job and region. */
  executionNamed(project: string, shortName: string): ExecutionRecord | undefined {
    const row = this.#state.sql
      .prepare('SELECT record FROM run_executions WHERE name GLOB ? ORDER BY sequence DESC LIMIT 1')
      .get(`projects/${project}/locations/*/jobs/*/executions/${shortName}`);
    return row && (JSON.parse(String(row['record'])) as ExecutionRecord);
  }

  deleteExecution(name: string): void {
    this.#state.sql.prepare('DELETE FROM run_executions WHERE name = ?').run(name);
  }

  /** Newest first. `job` may be `*` at its end, for the jobs of a whole region. */
  executions(job: string, pageSize: number, pageToken?: string): Page<ExecutionRecord> {
    const size = sizeOf(pageSize);
    const before = pageToken ? readToken(pageToken) : Number.MAX_SAFE_INTEGER;
    const rows = this.#state.sql
      .prepare(
        'SELECT record FROM run_executions WHERE job GLOB ? AND sequence < ? ORDER BY sequence DESC LIMIT ?',
      )
      .all(job, before, size + 1);
    const items = rows.slice(0, size).map((row) => JSON.parse(String(row['record'])) as ExecutionRecord);
    return rows.length > size ? { items, nextPageToken: String(items.at(-1)?.sequence) } : { items };
  }

  executionCount(job: string): number {
    const row = this.#state.sql.prepare('SELECT count(*) AS n FROM run_executions WHERE job = ?').get(job);
    return Number(row?.['n']);
  }

  running(): readonly ExecutionRecord[] {
    return this.#state.sql
      .prepare("SELECT record FROM run_executions WHERE state = 'running' ORDER BY sequence")
      .all()
      .map((row) => JSON.parse(String(row['record'])) as ExecutionRecord);
  }

  addOperation(operation: OperationRecord): void {
    const { sql } = this.#state;
    const { lastInsertRowid } = sql
      .prepare('INSERT INTO run_operations (name, kind, target) VALUES (?, ?, ?)')
      .run(operation.name, operation.kind, operation.target);
    sql
      .prepare('DELETE FROM run_operations WHERE sequence <= ?')
      .run(Number(lastInsertRowid) - OPERATIONS_KEPT);
  }

  operation(name: string): OperationRecord | undefined {
    const row = this.#state.sql
      .prepare('SELECT name, kind, target FROM run_operations WHERE name = ?')
      .get(name);
    return row === undefined ? undefined : ({ ...row } as unknown as OperationRecord);
  }
}

const sizeOf = (pageSize: number): number => Math.min(pageSize > 0 ? pageSize : DEFAULT_PAGE, LARGEST_PAGE);

function readToken(token: string): number {
  if (!/^[1-9]\d{0,14}$/.test(token)) throw invalid(`Invalid page token: ${token}`);
  return Number(token);
}
