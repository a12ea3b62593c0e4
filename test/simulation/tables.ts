// The tables of the simulated warehouse: staging, the published ones and the ledger, with transactions.
import type { Parameter } from '../../shared/warehouse/warehouse.ts';
import { holds, type Statement } from './script.ts';

export type Line = Readonly<Record<string, Parameter>>;
export type JobError = { readonly reason: string; readonly message: string };

type Contents = Map<string, readonly Line[]>;
type Assertion = Extract<Statement, { message: string }>;
type Writing = Extract<Statement, { kind: 'delete' | 'copy' | 'insert' | 'update' }>;

interface Change {
  readonly table: string;
  /** Two transactions that only insert into one table do not conflict; BigQuery compares whole tables. */
  readonly mutates: boolean;
  readonly apply: (rows: readonly Line[]) => readonly Line[];
}

interface Transaction {
  /** How many commits there had been. */
  readonly begun: number;
  /** The tables as they were then, with the transaction's own changes. */
  readonly observed: Contents;
  readonly changes: Change[];
}

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
    let transaction: Transaction | undefined;
    for (const statement of statements) {
      await pause(300);
      const observed = transaction?.observed ?? this.#contents;
      const rowsOf = (table: string) => observed.get(table) ?? [];
      switch (statement.kind) {
        case 'begin':
          transaction = { begun: this.#commits, observed: new Map(this.#contents), changes: [] };
          break;
        case 'commit': {
          const { begun, changes } = transaction ?? { begun: this.#commits, changes: [] };
          if (changes.some(({ table, mutates }) => mutates && (this.#changed.get(table) ?? 0) > begun))
            return ABORTED;
          this.#commit(changes);
          transaction = undefined;
          break;
        }
        case 'assert-none':
        case 'assert-one':
        case 'assert-newest':
          if (isTrue(statement, rowsOf(statement.table), parameters)) break;
          return { reason: 'invalidQuery', message: statement.message };
        case 'delete':
        case 'copy':
        case 'update':
        case 'insert': {
          if (statement.kind === 'copy' && !observed.has(statement.from)) {
            return { reason: 'notFound', message: `Not found: Table ${statement.from}` };
          }
          const change = this.#changeOf(statement, observed, parameters);
          if (transaction === undefined) this.#commit([change]);
          else {
            transaction.observed.set(change.table, change.apply(rowsOf(change.table)));
            transaction.changes.push(change);
          }
        }
      }
    }
    return undefined;
  }

  #commit(changes: readonly Change[]): void {
    this.#commits++;
    for (const { table, mutates, apply } of changes) {
      if (mutates) this.#changed.set(table, this.#commits);
      this.#contents.set(table, apply(this.rows(table)));
    }
    this.#onVisible();
  }

  /** What is inserted is read where the statement runs: another transaction's commit does not change it any more. */
  #changeOf(
    statement: Writing,
    observed: ReadonlyMap<string, readonly Line[]>,
    parameters: Readonly<Record<string, Parameter>>,
  ): Change {
    const { table } = statement;
    switch (statement.kind) {
      case 'delete':
        return { table, mutates: true, apply: () => [] };
      case 'update': {
        const changed = { [statement.column]: parameters[statement.parameter] ?? null };
        return { table, mutates: true, apply: (rows) => rows.map((row) => ({ ...row, ...changed })) };
      }
      case 'copy': {
        const lines = observed.get(statement.from) ?? [];
        return { table, mutates: false, apply: (rows) => [...rows, ...lines] };
      }
      case 'insert': {
        const ordinals = (observed.get(table) ?? []).map(({ ordinal }) => Number(ordinal));
        const cell = (value: string): Parameter =>
          value === 'CURRENT_TIMESTAMP()'
            ? this.#now()
            : value === 'IFNULL(MAX(ordinal), 0) + 1'
              ? Math.max(0, ...ordinals) + 1
              : (parameters[PARAMETER.exec(value)?.[1] ?? ''] ?? null);
        const cells = statement.cells.map(({ column, value }) => [column, cell(value)] as const);
        const line: Line = Object.fromEntries(cells);
        return { table, mutates: false, apply: (rows) => [...rows, line] };
      }
    }
  }
}

function isTrue(
  assertion: Assertion,
  rows: readonly Line[],
  parameters: Readonly<Record<string, Parameter>>,
): boolean {
  switch (assertion.kind) {
    case 'assert-none':
      return !rows.some((row) =>
        assertion.where.every(({ column, operator, parameter }) =>
          holds(operator, row[column], parameters[parameter]),
        ),
      );
    case 'assert-one':
      return rows.length === 1;
    case 'assert-newest': {
      const own = rows.filter(({ pipeline }) => pipeline === parameters.pipeline);
      const newest = own.toSorted((a, b) => Number(b.ordinal) - Number(a.ordinal))[0];
      return (newest?.publication_id ?? '') === parameters.expectedLatest;
    }
  }
}

/** Alone, or cast to its column's type. */
const PARAMETER = /@(\w+)/;

const ABORTED: JobError = {
  reason: 'invalidQuery',
  message: 'Transaction is aborted due to concurrent update',
};
