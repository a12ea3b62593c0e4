// The one DuckDB file: who may write to it, in which order, and what a commit makes true.
import { type DuckDBConnection, DuckDBInstance, type DuckDBPreparedStatement } from '@duckdb/node-api';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Catalog } from './catalog.ts';
import { schemaOf } from './sql/queries.ts';
import { macroStatements } from './sql/macros.ts';
import { quoted } from './types.ts';

// Jobs, datasets and tables are rows of the same file as the data: one commit makes both true.
const OWN_TABLES = [
  'CREATE SCHEMA IF NOT EXISTS sluice',
  'CREATE SCHEMA IF NOT EXISTS results',
  'CREATE TABLE IF NOT EXISTS sluice.datasets (dataset_id VARCHAR, body VARCHAR)',
  'CREATE TABLE IF NOT EXISTS sluice.tables (dataset_id VARCHAR, table_id VARCHAR, body VARCHAR)',
  `CREATE TABLE IF NOT EXISTS sluice.jobs
     (location VARCHAR, job_id VARCHAR, created_ms BIGINT, state VARCHAR, body VARCHAR, PRIMARY KEY (location, job_id))`,
];

// No extension is fetched from the network, and a query never spills outside the folder of the file.
const SETTINGS = {
  memory_limit: '1GB',
  // Typed macros are kept in the file from this version of its format on.
  storage_compatibility_version: 'v1.4.0',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  allow_community_extensions: 'false',
} as const;

export type Values = Readonly<Record<string, string | bigint | null>>;

/** The right to write, held by one piece of work at a time. */
export interface Session {
  /** The catalog as this session sees it, uncommitted changes included. */
  readonly catalog: Catalog;
  readonly inTransaction: boolean;
  begin(): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** Runs one statement and answers how many rows it changed. */
  run(sql: string, values?: Values): Promise<number>;
  rows(sql: string, values?: Values): Promise<Record<string, unknown>[]>;
  prepare(sql: string): Promise<DuckDBPreparedStatement>;
}

export class Store {
  #instance: DuckDBInstance;
  #writer: DuckDBConnection;
  #journal: DuckDBConnection;
  #writing: Promise<unknown> = Promise.resolve();
  #journaling: Promise<unknown> = Promise.resolve();
  #catalog: Catalog;

  private constructor(
    instance: DuckDBInstance,
    writer: DuckDBConnection,
    journal: DuckDBConnection,
    catalog: Catalog,
  ) {
    this.#instance = instance;
    this.#writer = writer;
    this.#journal = journal;
    this.#catalog = catalog;
  }

  /** Opens or makes the file. Fails when another process holds it. */
  static async open(file: string): Promise<Store> {
    mkdirSync(dirname(file), { recursive: true });
    const instance = await DuckDBInstance.create(file, SETTINGS);
    const writer = await instance.connect();
    await writer.run(`SET GLOBAL TimeZone = 'UTC'`);
    for (const statement of [...OWN_TABLES, ...macroStatements()]) await writer.run(statement);
    const catalog = new Catalog(
      await bodies(writer, 'SELECT body FROM sluice.datasets'),
      await bodies(writer, 'SELECT body FROM sluice.tables'),
    );
    return new Store(instance, writer, await instance.connect(), catalog);
  }

  /** The catalog as last committed. */
  get catalog(): Catalog {
    return this.#catalog;
  }

  /** Runs `work` when every earlier writer has finished. What it left uncommitted is rolled back. */
  async exclusively<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const turn = this.#writing.then(async () => {
      const session = this.#session();
      try {
        return await work(session);
      } finally {
        if (session.inTransaction) await session.rollback();
      }
    });
    this.#writing = turn.catch(() => undefined);
    return turn;
  }

  /** Runs one small statement beside the writer, durable when this returns. */
  async journal(sql: string, values: Values): Promise<void> {
    const turn = this.#journaling.then(() => this.#journal.run(sql, { ...values }));
    this.#journaling = turn.catch(() => undefined);
    await turn;
  }

  /** Reads from the committed state, beside any writer. */
  async read<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const connection = await this.#instance.connect();
    try {
      return await work(connection);
    } finally {
      connection.closeSync();
    }
  }

  /** Stops the statement that is being run by the writer. */
  interrupt(): void {
    this.#writer.interrupt();
  }

  async close(): Promise<void> {
    await Promise.all([this.#writing, this.#journaling]);
    this.#writer.closeSync();
    this.#journal.closeSync();
    this.#instance.closeSync();
  }

  #session(): Session {
    const writer = this.#writer;
    const committed = () => this.#catalog;
    const become = (catalog: Catalog) => (this.#catalog = catalog);
    let draft: Catalog | undefined;
    return {
      get catalog() {
        return draft ?? committed();
      },
      get inTransaction() {
        return draft !== undefined;
      },
      async begin() {
        await writer.run('BEGIN TRANSACTION');
        draft = committed().copy();
      },
      async commit() {
        if (draft === undefined) return;
        for (const change of draft.changes()) await applyChange(writer, change);
        await writer.run('COMMIT');
        become(draft);
        draft = undefined;
      },
      async rollback() {
        draft = undefined;
        // A commit that failed has ended the transaction already.
        await writer.run('ROLLBACK').catch(() => undefined);
      },
      async run(sql, values = {}) {
        return (await writer.run(sql, { ...values })).rowsChanged;
      },
      async rows(sql, values = {}) {
        return (await writer.runAndReadAll(sql, { ...values })).getRowObjectsJS();
      },
      prepare: (sql) => writer.prepare(sql),
    };
  }
}

async function applyChange(
  writer: DuckDBConnection,
  change: ReturnType<Catalog['changes']>[number],
): Promise<void> {
  const { datasetId, tableId, body } = change;
  if (tableId === undefined) {
    await writer.run('DELETE FROM sluice.datasets WHERE dataset_id = $d', { d: datasetId });
    if (body === undefined)
      return void (await writer.run(`DROP SCHEMA IF EXISTS ${quoted(schemaOf(datasetId))}`));
    await writer.run('INSERT INTO sluice.datasets VALUES ($d, $b)', {
      d: datasetId,
      b: JSON.stringify(body),
    });
    return;
  }
  await writer.run('DELETE FROM sluice.tables WHERE dataset_id = $d AND table_id = $t', {
    d: datasetId,
    t: tableId,
  });
  if (body !== undefined)
    await writer.run('INSERT INTO sluice.tables VALUES ($d, $t, $b)', {
      d: datasetId,
      t: tableId,
      b: JSON.stringify(body),
    });
}

async function bodies<T>(connection: DuckDBConnection, sql: string): Promise<T[]> {
  const rows = (await connection.runAndReadAll(sql)).getRowsJS();
  return rows.map(([body]) => JSON.parse(String(body)) as T);
}
