// The one DuckDB file: who may write to it, in which order, and what a commit makes true.
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Catalog } from './catalog.ts';
import { Conflicts } from './conflicts.ts';
import { type Session, type Shared, type Snapshot, type Values, WriterSession } from './session.ts';
import { macroStatements } from './sql/macros.ts';

export type { Session } from './session.ts';

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

export class Store {
  #instance: DuckDBInstance;
  #shared: Shared;
  #journal: DuckDBConnection;
  #writing: Promise<unknown> = Promise.resolve();
  #journaling: Promise<unknown> = Promise.resolve();

  private constructor(
    instance: DuckDBInstance,
    writer: DuckDBConnection,
    journal: DuckDBConnection,
    catalog: Catalog,
  ) {
    this.#instance = instance;
    this.#shared = { writer, conflicts: new Conflicts(), catalog, active: writer };
    this.#journal = journal;
  }

  /** Opens or makes the file. Fails when another process holds it. */
  static async open(file: string): Promise<Store> {
    mkdirSync(dirname(file), { recursive: true });
    const instance = await DuckDBInstance.create(file, SETTINGS);
    const writer = await instance.connect();
    await writer.run(`SET GLOBAL TimeZone = 'UTC'`);
    // In one transaction: each commit waits for the disk.
    await writer.run(['BEGIN', ...OWN_TABLES, ...macroStatements(), 'COMMIT'].join(';\n'));
    const catalog = new Catalog(
      await bodies(writer, 'SELECT body FROM sluice.datasets'),
      await bodies(writer, 'SELECT body FROM sluice.tables'),
    );
    return new Store(instance, writer, await instance.connect(), catalog);
  }

  /** The catalog as last committed. */
  get catalog(): Catalog {
    return this.#shared.catalog;
  }

  /**
   * Runs `work` when every earlier writer has finished. What it left uncommitted is rolled back. Its first transaction
   * runs on the snapshot, which is closed in the end.
   */
  async exclusively<T>(work: (session: Session) => Promise<T>, snapshot?: Promise<Snapshot>): Promise<T> {
    const turn = this.#writing.then(async () => {
      const session = new WriterSession(this.#shared, snapshot);
      try {
        return await work(session);
      } finally {
        if (session.inTransaction) await session.rollback();
        (await snapshot?.catch(() => undefined))?.connection.closeSync();
      }
    });
    this.#writing = turn.catch(() => undefined);
    return turn;
  }

  /**
   * Jobs run one after another here and side by side in BigQuery: a transaction that waits for its turn has begun
   * there. So it sees nothing that is committed after this call, and conflicts with it.
   */
  async snapshot(): Promise<Snapshot> {
    // Read before the state is: what commits in between is taken for a change, never overlooked.
    const { catalog, conflicts } = this.#shared;
    const commit = conflicts.now();
    const connection = await this.#instance.connect();
    await connection.run('BEGIN TRANSACTION');
    // DuckDB's transaction begins with its first read of the file.
    await connection.run('SELECT 1 FROM sluice.datasets LIMIT 0');
    return { connection, catalog, commit };
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
    this.#shared.active.interrupt();
  }

  async close(): Promise<void> {
    await Promise.all([this.#writing, this.#journaling]);
    this.#shared.writer.closeSync();
    this.#journal.closeSync();
    this.#instance.closeSync();
  }
}

async function bodies<T>(connection: DuckDBConnection, sql: string): Promise<T[]> {
  const rows = (await connection.runAndReadAll(sql)).getRowsJS();
  return rows.map(([body]) => JSON.parse(String(body)) as T);
}
