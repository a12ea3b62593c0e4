// The local cloud's state in memory, with each statement prepared once: preparing is most of a small read.
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { State } from '../../local/state/state.ts';

class PreparedOnce extends DatabaseSync {
  readonly #statements = new Map<string, StatementSync>();

  override prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = super.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

export const openState = (): State => new State(new PreparedOnce(':memory:'));
