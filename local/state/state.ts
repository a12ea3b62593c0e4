// The control plane's one durable store: SQLite, so that metadata, queues and events commit together.
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Opens (or makes) the state file. What a call has committed survives `kill -9`: the write-ahead log is
 * synced at every commit.
 */
export function openState(file: string): State {
  mkdirSync(dirname(file), { recursive: true });
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
  return new State(database);
}

/** A state that lives in memory only: for simulation and unit tests. */
export function memoryState(): State {
  return new State(new DatabaseSync(':memory:'));
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
