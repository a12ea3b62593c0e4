// The control plane's one durable store: SQLite, so that metadata, queues and events commit together.
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';

/** Prepares each statement once: to prepare a small read takes longer than to run it. The texts are those of the sources. */
export class Database extends DatabaseSync {
  readonly #statements = new Map<string, StatementSync>();

  override prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = super.prepare(withSteadyPlan(sql));
    this.#statements.set(sql, statement);
    return statement;
  }
}

/**
 * SQLite plans by the value that is bound to a LIMIT or a GLOB, and so prepares the statement again at every
 * binding, which takes ten times as long as a small read. It does not parse an expression.
 */
const withSteadyPlan = (sql: string): string =>
  sql.replaceAll(/LIMIT (\?\d*)/g, 'LIMIT $1 + 0').replaceAll(/GLOB (\?\d*)/g, "GLOB $1 || ''");

/**
 * Opens (or makes) the state file. What a call has committed survives `kill -9`: the write-ahead log is
 * synced at every commit.
 */
export function openState(file: string): State {
  mkdirSync(dirname(file), { recursive: true });
  const database = new Database(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
  return new State(database);
}

/** A state that lives in memory only: for simulation and unit tests. */
export function memoryState(): State {
  return new State(new Database(':memory:'));
}

export class State {
  readonly sql: DatabaseSync;
  #depth = 0;

  constructor(sql: DatabaseSync) {
    this.sql = sql;
  }

  /**
   * Runs `work` as one transaction: all of it is durable when this returns, or none of it if it throws.
   * Nested calls join the outer transaction, so that two services can commit together (an object and its
   * event, a message and its acknowledgement). `work` must be synchronous.
   */
  transaction<T>(work: () => T): T {
    if (this.#depth > 0) return work();
    this.sql.exec('BEGIN IMMEDIATE');
    this.#depth++;
    try {
      const result = work();
      this.sql.exec('COMMIT');
      return result;
    } catch (error) {
      this.sql.exec('ROLLBACK');
      throw error;
    } finally {
      this.#depth--;
    }
  }

  /** Rises with every row that is written. */
  changes(): number {
    return Number(this.sql.prepare('SELECT total_changes() AS changes').get()?.['changes']);
  }

  close(): void {
    this.sql.close();
  }
}
