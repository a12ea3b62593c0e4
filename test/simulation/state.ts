// The local cloud's state in memory: one database for all the seeds of a thread.
import { Database, State } from '../../local/state/state.ts';

/** What begins and ends a transaction. Anything else that is executed is a schema, once a seed. */
const OF_TRANSACTIONS: ReadonlySet<string> = new Set(['BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK']);

/** Making the tables and preparing the statements takes longer than most of a short life's calls. */
const idle: Kept[] = [];

/** Closing empties it for the next seed. */
class Kept extends Database {
  override exec(sql: string): void {
    if (OF_TRANSACTIONS.has(sql)) this.prepare(sql).run();
    else super.exec(sql);
  }

  override close(): void {
    // What refers to another table was made after it. Counters of AUTOINCREMENT are rows of a table as well.
    const tables = this.prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid DESC",
    ).all();
    for (const { name } of tables) this.prepare(`DELETE FROM ${String(name)}`).run();
    idle.push(this);
  }
}

export const openState = (): State => new State(idle.pop() ?? new Kept(':memory:'));
