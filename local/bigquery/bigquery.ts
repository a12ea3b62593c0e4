// BigQuery over one DuckDB file: datasets, tables, views, and the jobs that fill and ask them.
import type { DuckDBValue } from '@duckdb/node-api';
import type { Clock } from '../clock.ts';
import { ApiError, alreadyExists, invalid } from '../http/errors.ts';
import { anyKey, type UseKey } from '../iam/keys.ts';
import type { NewId } from '../ids.ts';
import { type Catalog, type Dataset, datasetNotFound, type Table, tableNotFound } from './catalog.ts';
import { describe } from './columns.ts';
import { failureOf } from './failures.ts';
import type { FindObject } from './load/load.ts';
import { compile, type QueryPlan } from './query.ts';
import { JobRunner } from './runner.ts';
import { splitScript } from './sql/script.ts';
import type { TableName } from './sql/scope.ts';
import { parsing } from './sql/syntax.ts';
import { type Session, Store } from './store.ts';
import { createTable, dropTable, duckdbName, type NewTable } from './tables.ts';
import { type Field, quoted, readFields, sameFields } from './types.ts';

export interface BigQueryOptions {
  /** The DuckDB file; its folder is made if needed. */
  readonly file: string;
  readonly projectId: string;
  readonly clock: Clock;
  readonly newId: NewId;
  /** Where the bytes of an object of Cloud Storage are, or undefined when there is no such object. */
  readonly findObject: FindObject;
  /** Without it every key may be used. */
  readonly useKey?: UseKey;
}

export interface WantedTable extends Omit<NewTable, 'fields' | 'viewQuery'> {
  readonly schema?: { readonly fields: readonly Field[] };
  readonly view?: { readonly query: string };
}

/** Opens the file. Fails when another process holds it. */
export async function openBigQuery(options: BigQueryOptions): Promise<BigQuery> {
  const store = await Store.open(options.file);
  const runner = new JobRunner({ useKey: anyKey, ...options, store });
  await runner.recover();
  return new BigQuery(options, store, runner);
}

export class BigQuery {
  readonly projectId: string;
  readonly newId: NewId;
  readonly jobs: JobRunner;
  #clock: Clock;
  #store: Store;
  #useKey: UseKey;

  constructor(options: BigQueryOptions, store: Store, runner: JobRunner) {
    this.projectId = options.projectId;
    this.newId = options.newId;
    this.#clock = options.clock;
    this.#store = store;
    this.#useKey = options.useKey ?? anyKey;
    this.jobs = runner;
  }

  get catalog(): Catalog {
    return this.#store.catalog;
  }

  now(): number {
    return this.#clock.now();
  }

  /** Makes the dataset if it is not there. Another location than it has is an error. */
  async ensureDataset(wanted: Pick<Dataset, 'datasetId' | 'location'> & Partial<Dataset>): Promise<void> {
    const existing = this.catalog.dataset(wanted.datasetId);
    if (existing === undefined) return void (await this.insertDataset(wanted));
    if (existing.location.toLowerCase() !== wanted.location.toLowerCase())
      throw invalid(
        `Dataset ${wanted.datasetId} is in ${existing.location}, and cannot be moved to ${wanted.location}`,
      );
    await this.patchDataset(wanted.datasetId, wanted);
  }

  /** Makes the table or view if it is not there; a view with another query is replaced; another schema is an error. */
  async ensureTable(wanted: WantedTable): Promise<void> {
    const existing = this.catalog.table(wanted.datasetId, wanted.tableId, this.now());
    if (existing === undefined) return void (await this.insertTable(wanted));
    if (wanted.view !== undefined && existing.viewQuery !== wanted.view.query) {
      const view = await this.#read(wanted);
      await this.#change((session) => createTable(session, view, this.now()));
    } else if (wanted.schema !== undefined && !sameFields(existing.fields, readFields(wanted.schema.fields)))
      throw invalid(`Table ${wanted.datasetId}.${wanted.tableId} exists with another schema`);
    else if (wanted.kmsKeyName !== undefined && wanted.kmsKeyName !== existing.kmsKeyName)
      await this.patchTable(wanted.datasetId, wanted.tableId, { kmsKeyName: wanted.kmsKeyName });
  }

  async insertDataset(wanted: Pick<Dataset, 'datasetId' | 'location'> & Partial<Dataset>): Promise<Dataset> {
    if (!/^\w{1,1024}$/.test(wanted.datasetId)) throw invalid(`Invalid dataset ID "${wanted.datasetId}".`);
    const nowMs = this.now();
    const dataset: Dataset = { ...wanted, createdMs: nowMs, modifiedMs: nowMs };
    await this.#change(async (session) => {
      if (session.catalog.dataset(dataset.datasetId))
        throw alreadyExists(`Already Exists: Dataset ${this.projectId}:${dataset.datasetId}`);
      await session.run(`CREATE SCHEMA ${quoted(`ds_${dataset.datasetId}`)}`);
      session.catalog.putDataset(dataset);
    });
    return dataset;
  }

  async patchDataset(datasetId: string, change: Partial<Dataset>): Promise<Dataset> {
    return this.#change(async (session) => {
      const existing = session.catalog.dataset(datasetId);
      if (existing === undefined) throw datasetNotFound(this.projectId, datasetId);
      const patched = {
        ...existing,
        ...change,
        datasetId,
        location: existing.location,
        modifiedMs: this.now(),
      };
      session.catalog.putDataset(patched);
      return patched;
    });
  }

  async deleteDataset(datasetId: string, deleteContents: boolean): Promise<void> {
    await this.#change(async (session) => {
      if (session.catalog.dataset(datasetId) === undefined) throw datasetNotFound(this.projectId, datasetId);
      const tables = session.catalog.tables(datasetId, 0);
      if (session.catalog.tables(datasetId, this.now()).length > 0 && !deleteContents)
        throw new ApiError(400, 'resourceInUse', `Dataset ${this.projectId}:${datasetId} is still in use`);
      for (const table of tables) await dropTable(session, table);
      session.catalog.removeDataset(datasetId);
    });
  }

  async insertTable(wanted: WantedTable): Promise<Table> {
    const table = await this.#read(wanted);
    return this.#change(async (session) => {
      if (session.catalog.dataset(wanted.datasetId) === undefined)
        throw datasetNotFound(this.projectId, wanted.datasetId);
      if (session.catalog.table(wanted.datasetId, wanted.tableId, this.now()))
        throw alreadyExists(`Already Exists: Table ${this.projectId}:${wanted.datasetId}.${wanted.tableId}`);
      return createTable(session, table, this.now());
    });
  }

  /** Changes a table's metadata; its columns stay. */
  async patchTable(datasetId: string, tableId: string, change: Partial<Table>): Promise<Table> {
    return this.#change(async (session) => {
      const existing = session.catalog.table(datasetId, tableId, this.now());
      if (existing === undefined) throw tableNotFound({ projectId: this.projectId, datasetId, tableId });
      const patched = { ...existing, ...change, modifiedMs: this.now() };
      session.catalog.putTable(patched);
      return patched;
    });
  }

  async deleteTable(datasetId: string, tableId: string): Promise<void> {
    await this.#change(async (session) => {
      const existing = session.catalog.table(datasetId, tableId, this.now());
      if (existing === undefined) throw tableNotFound({ projectId: this.projectId, datasetId, tableId });
      await dropTable(session, existing);
    });
  }

  /** How many rows a table holds. */
  async countRows(table: Table): Promise<number> {
    if (table.viewQuery !== undefined) return 0;
    return this.#store.read(async (connection) =>
      Number(
        (await connection.runAndReadAll(`SELECT count(*) FROM ${duckdbName(table)}`)).getRowsJS()[0]![0],
      ),
    );
  }

  /** A page of a table, or of the rows that a query left, in their order. Throws 403 when it cannot be decrypted. */
  async page(
    from: Table | { resultTable: string },
    startIndex: number,
    maxRows: number,
  ): Promise<DuckDBValue[][]> {
    if (!('resultTable' in from)) this.#useKey(from.kmsKeyName, 'decrypt');
    const name = 'resultTable' in from ? `results.${quoted(from.resultTable)}` : duckdbName(from);
    return this.#store.read(async (connection) => {
      const read = await connection.runAndReadAll(
        `SELECT * FROM ${name} ORDER BY rowid LIMIT ${maxRows} OFFSET ${startIndex}`,
      );
      return read.getRows();
    });
  }

  async close(): Promise<void> {
    await this.#store.close();
  }

  #change<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.#store.exclusively(async (session) => {
      for (const expired of session.catalog.expired(this.now())) {
        await session.begin();
        await dropTable(session, expired);
        await session.commit();
      }
      await session.begin();
      const result = await work(session);
      await session.commit();
      return result;
    });
  }

  /** A view's columns are those of its query, which is checked here. */
  async #read({ schema, view, ...rest }: WantedTable): Promise<NewTable> {
    if (view === undefined) return { ...rest, fields: readFields(schema?.fields ?? []) };
    const plan: QueryPlan = {
      pieces: splitScript(view.query),
      parameters: new Map(),
      projectId: this.projectId,
      defaultDataset: undefined,
    };
    const [piece, ...more] = plan.pieces;
    if (piece === undefined || more.length > 0) throw invalid('A view is made of one query');
    const find = (name: TableName) => {
      const found =
        name.projectId === this.projectId
          ? this.catalog.table(name.datasetId, name.tableId, this.now())
          : undefined;
      if (found === undefined) throw tableNotFound(name);
      return found;
    };
    const { statement } = await parsing(() => compile(plan, piece, this.now(), find));
    if (statement.kind !== 'SELECT') throw invalid('A view is made of a SELECT');
    try {
      const fields = await this.#store.read(async (connection) =>
        describe(await connection.prepare(statement.sql)),
      );
      return { ...rest, viewQuery: view.query, fields };
    } catch (error) {
      const [first] = failureOf(error).errors;
      throw new ApiError(400, first.reason, first.message);
    }
  }
}
