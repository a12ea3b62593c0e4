// One piece of work that writes: its statements, its transactions, and what a commit makes true.
import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api';
import type { Catalog, Change } from './catalog.ts';
import type { Conflict, Conflicts } from './conflicts.ts';
import { schemaOf } from './sql/queries.ts';
import type { TableName } from './sql/scope.ts';
import { quoted } from './types.ts';

export type Values = Readonly<Record<string, string | bigint | null>>;

/** The right to write, held by one piece of work at a time. */
export interface Session {
  /** The catalog as this session sees it, uncommitted changes included. */
  readonly catalog: Catalog;
  readonly inTransaction: boolean;
  /** `transaction`: it reads the state of when its job was taken in, and may lose to what has changed since. */
  begin(mode?: Conflict): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** Runs one statement and answers how many rows it changed. */
  run(sql: string, values?: Values): Promise<number>;
  rows(sql: string, values?: Values): Promise<Record<string, unknown>[]>;
  prepare(sql: string): Promise<DuckDBPreparedStatement>;
  /** Notes that rows of the table are changed; returns what changed the table first, where that ends a transaction. */
  change(table: Pick<TableName, 'datasetId' | 'tableId'>): Conflict | undefined;
}

/** The committed state of one moment, held for a transaction that gets its turn later. */
export interface Snapshot {
  readonly connection: DuckDBConnection;
  readonly catalog: Catalog;
  readonly commit: number;
}

/** What all sessions of one file share; one of them works at a time. */
export interface Shared {
  readonly writer: DuckDBConnection;
  readonly conflicts: Conflicts;
  /** As last committed. */
  catalog: Catalog;
  /** The connection that the present session uses. */
  active: DuckDBConnection;
}

export class WriterSession implements Session {
  readonly #shared: Shared;
  #held: Promise<Snapshot> | undefined;
  #draft: Catalog | undefined;
  /** Of the transaction that is open, the commit that it began after; of a statement by itself, nothing. */
  #began: number | undefined;
  #changed: Pick<TableName, 'datasetId' | 'tableId'>[] = [];

  constructor(shared: Shared, snapshot: Promise<Snapshot> | undefined) {
    this.#shared = shared;
    this.#held = snapshot;
  }

  get catalog(): Catalog {
    return this.#draft ?? this.#shared.catalog;
  }

  get inTransaction(): boolean {
    return this.#draft !== undefined;
  }

  async begin(mode: Conflict = 'statement'): Promise<void> {
    const { writer, conflicts, catalog } = this.#shared;
    const taken = mode === 'transaction' ? await this.#held : undefined;
    if (taken === undefined) await writer.run('BEGIN TRANSACTION');
    else this.#held = undefined;
    this.#shared.active = taken?.connection ?? writer;
    this.#began = mode === 'transaction' ? (taken?.commit ?? conflicts.now()) : undefined;
    this.#draft = (taken?.catalog ?? catalog).copy();
  }

  async commit(): Promise<void> {
    const [draft, shared] = [this.#draft, this.#shared];
    if (draft === undefined) return;
    if (this.#began === undefined) {
      for (const change of draft.changes()) await applyChange(shared.writer, change);
      await shared.active.run('COMMIT');
      shared.catalog = draft;
      shared.conflicts.committed(this.#changed, 'statement');
      this.#end();
      return;
    }
    await shared.active.run('COMMIT');
    shared.catalog = shared.catalog.touched(draft.changes());
    shared.conflicts.committed(this.#changed, 'transaction');
    this.#end();
    // The transaction is committed, even if the times cannot be written.
    await noteTimes(shared, draft.changes()).catch(() =>
      shared.writer.run('ROLLBACK').catch(() => undefined),
    );
  }

  async rollback(): Promise<void> {
    const connection = this.#shared.active;
    this.#end();
    // A commit that failed has ended the transaction already.
    await connection.run('ROLLBACK').catch(() => undefined);
  }

  async run(sql: string, values: Values = {}): Promise<number> {
    return (await this.#shared.active.run(sql, { ...values })).rowsChanged;
  }

  async rows(sql: string, values: Values = {}): Promise<Record<string, unknown>[]> {
    return (await this.#shared.active.runAndReadAll(sql, { ...values })).getRowObjectsJS();
  }

  prepare(sql: string): Promise<DuckDBPreparedStatement> {
    return this.#shared.active.prepare(sql);
  }

  change(table: Pick<TableName, 'datasetId' | 'tableId'>): Conflict | undefined {
    this.#changed.push(table);
    return this.#began === undefined ? undefined : this.#shared.conflicts.since(this.#began, table);
  }

  #end(): void {
    this.#draft = undefined;
    this.#changed = [];
    this.#shared.active = this.#shared.writer;
  }
}

/**
 * Writes when a transaction changed its tables, which is all that one can do to the catalog. Not in the transaction:
 * two that insert into one table would meet in its row. A crash in between loses the times alone.
 */
async function noteTimes({ writer, catalog }: Shared, changes: readonly Change[]): Promise<void> {
  await writer.run('BEGIN TRANSACTION');
  for (const { datasetId, tableId = '' } of changes) {
    const body = catalog.table(datasetId, tableId, 0);
    if (body !== undefined) await applyChange(writer, { datasetId, tableId, body });
  }
  await writer.run('COMMIT');
}

async function applyChange(writer: DuckDBConnection, change: Change): Promise<void> {
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
