// The tables of the simulated warehouse: staging, the published ones and the ledger, with transactions.
import type { Parameter } from '../../shared/warehouse/warehouse.ts';
import { holds, type Statement } from './script.ts';

export type Line = Readonly<Record<string, Parameter>>;
export type JobError = { readonly reason: string; readonly message: string };

type Contents = Map<string, readonly Line[]>;
type Change = Extract<Statement, { kind: 'delete' | 'copy' | 'insert' | 'update' }>;

export class Tables {
  readonly #contents: Contents = new Map();
  readonly #changed = new Map<string, number>();
  readonly #now: () => number;
  /** Called whenever what a reader can see has changed. */
  readonly #onVisible: () => void;
  #commits = 0;

  constructor(now: () => number, onVisible: () => void) {
    this.#now = now;
    this.#onVisible = onVisible;
  }

  rows(table: string): readonly Line[] {
    return this.#contents.get(table) ?? [];
  }

  has(table: string): boolean {
    return this.#contents.has(table);
  }

  replace(table: string, rows: readonly Line[]): void {
    this.#contents.set(table, rows);
  }

  drop(table: string): void {
    this.#contents.delete(table);
  }

  /**
   * The whole script in the time that it takes: a transaction sees the tables as they were when it began, and
   * is aborted when another one changed a table of its own meanwhile. Outside of one, each statement is seen.
   */
  async run(
    statements: readonly Statement[],
    parameters: Readonly<Record<string, Parameter>>,
    pause: (ms: number) => Promise<void>,
  ): Promise<JobError | undefined> {
    let transaction: { begun: number; seen: Contents; changes: Change[] } | undefined;
    for (const statement of statements) {
      await pause(300);
      const seen = transaction?.seen ?? this.#contents;
      switch (statement.kind) {
        case 'begin':
          transaction = { begun: this.#commits, seen: new Map(this.#contents), changes: [] };
          break;
        case 'commit': {
          const { begun, changes } = transaction ?? { begun: this.#commits, changes: [] };
          if (changes.filter(mutates).some(({ table }) => (this.#changed.get(table) ?? 0) > begun))
            return ABORTED;
          this.#commit(changes, parameters);
          transaction = undefined;
          break;
        }
        case 'assert-none': {
          const matches = (row: Line) =>
            statement.where.every(({ column, operator, parameter }) =>
              holds(operator, row[column], parameters[parameter]),
            );
          if ((seen.get(statement.table) ?? []).some(matches)) {
            return { reason: 'invalidQuery', message: statement.message };
          }
          break;
        }
        case 'assert-one': {
          const own = transaction?.changes.filter(({ table }) => table === statement.table) ?? [];
          const before = seen.get(statement.table) ?? [];
          const rows = own.reduce((lines, change) => this.#after(change, lines, parameters), before);
          if (rows.length !== 1) return { reason: 'invalidQuery', message: statement.message };
          break;
        }
        case 'delete':
        case 'copy':
        case 'update':
        case 'insert': {
          if (statement.kind === 'copy' && !seen.has(statement.from)) {
            return { reason: 'notFound', message: `Not found: Table ${statement.from}` };
          }
          if (transaction === undefined) this.#commit([statement], parameters);
          else transaction.changes.push(statement);
        }
      }
    }
    return undefined;
  }

  #commit(changes: readonly Change[], parameters: Readonly<Record<string, Parameter>>): void {
    this.#commits++;
    for (const change of changes) {
      if (mutates(change)) this.#changed.set(change.table, this.#commits);
      this.#contents.set(change.table, this.#after(change, this.rows(change.table), parameters));
    }
    this.#onVisible();
  }

  #after(
    change: Change,
    rows: readonly Line[],
    parameters: Readonly<Record<string, Parameter>>,
  ): readonly Line[] {
    switch (change.kind) {
      case 'delete':
        return [];
      case 'update':
        return rows.map((row) => ({ ...row, [change.column]: parameters[change.parameter] ?? null }));
      case 'copy':
        return [...rows, ...this.rows(change.from)];
      case 'insert': {
        const cell = (value: string): Parameter =>
          value === 'CURRENT_TIMESTAMP()'
            ? this.#now()
            : value === 'IFNULL(MAX(ordinal), 0) + 1'
              ? Math.max(0, ...rows.map(({ ordinal }) => Number(ordinal))) + 1
              : (parameters[PARAMETER.exec(value)?.[1] ?? ''] ?? null);
        return [...rows, Object.fromEntries(change.cells.map(({ column, value }) => [column, cell(value)]))];
      }
    }
  }
}

/** Two transactions that only insert into one table do not conflict; BigQuery looks at whole tables. */
const mutates = ({ kind }: Change): boolean => kind === 'delete' || kind === 'update';

/** Alone, or cast to its column's type. */
const PARAMETER = /@(\w+)/;

const ABORTED: JobError = {
  reason: 'invalidQuery',
  message: 'Transaction is aborted due to concurrent update',
};
