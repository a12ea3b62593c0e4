// The local cloud's state in memory: one database for all the seeds of a thread, each statement prepared once.
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { State } from '../../local/state/state.ts';

/** What begins and ends a transaction. Anything else that is executed is a schema, once a seed. */
const OF_TRANSACTIONS: ReadonlySet<string> = new Set(['BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK']);

/** Making the tables and preparing the statements takes longer than most of a short life's calls. */
const idle: Kept[] = [];

/** Closing empties it for the next seed. */
class Kept extends DatabaseSync {
  readonly #statements = new Map<string, StatementSync>();

  override prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = super.prepare(withSteadyPlan(sql));
    this.#statements.set(sql, statement);
    return statement;
  }

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

/**
 * SQLite plans by the value that is bound to a LIMIT or a GLOB, and so prepares the statement again at every
 * binding, which takes ten times as long as a small read. It does not parse an expression.
 */
const withSteadyPlan = (sql: string): string =>
  sql.replaceAll(/LIMIT (\?\d*)/g, 'LIMIT $1 + 0').replaceAll(/GLOB (\?\d*)/g, "GLOB $1 || ''");

export const openState = (): State => new State(idle.pop() ?? new Kept(':memory:'));
