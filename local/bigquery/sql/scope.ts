// What the printer knows while it prints one statement: the tables, the parameters, the names in scope.
import type { Field } from '../types.ts';
import { needsTypes, overAggregates } from './macros.ts';
import { notSupported } from './syntax.ts';

export interface TableName {
  readonly projectId: string;
  readonly datasetId: string;
  readonly tableId: string;
}

/** What a statement does to a table; each asks a permission of its own. */
export type Access = 'read' | 'write' | 'create' | 'delete';

export interface Parameter {
  /** The API's name of the type, `ARRAY` with `elementType` for a list. */
  readonly type: string;
  readonly elementType?: string;
  readonly value: string | null | readonly (string | null)[];
}

/** Where tables come from. `find` throws BigQuery's `Not found` when there is none. */
export interface Tables {
  /** Reads `my-project.ds.t` as written, filling in the project and the default dataset. */
  name(parts: readonly string[]): TableName;
  find(name: TableName, access: Access): { readonly viewQuery?: string; readonly fields: readonly Field[] };
}

/** Prints one expression in a scope. */
export type PrintExpression = (node: unknown, scope: Scope) => string;

export class Scope {
  readonly tables: Tables;
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly nowMs: number;
  readonly #print: PrintExpression;
  /** What `@@row_count` stands for. */
  readonly rowCount: number | null;
  /** The names that DuckDB binds, each with its value; only what the statement mentions. */
  readonly bound = new Map<string, string | null>();
  /** How many aggregates and window functions were printed so far. */
  aggregates = 0;
  /** Every column name that was printed, in lower case; `*` among them stands for all. */
  readonly columns = new Set<string>();
  viewDepth = 0;
  commonTables: readonly string[] = [];

  constructor(
    tables: Tables,
    parameters: ReadonlyMap<string, Parameter>,
    nowMs: number,
    print: PrintExpression,
    rowCount: number | null = null,
  ) {
    this.tables = tables;
    this.parameters = parameters;
    this.nowMs = nowMs;
    this.#print = print;
    this.rowCount = rowCount;
  }

  /** Prints one expression. It is handed in: queries, aggregates and functions hold expressions, which hold them. */
  expression(node: unknown): string {
    return this.#print(node, this);
  }

  /** Prints a call of a macro of ours; `print` prints the arguments, and is watched for aggregates. */
  call(name: string, print: () => readonly string[]): string {
    const before = this.aggregates;
    const printed = print();
    const aggregated = this.aggregates > before && needsTypes(name.replace(/_text$/, ''));
    if (!aggregated) return `bq.${name}(${printed.join(', ')})`;
    const base = name.replace(/_text$/, '');
    if (!overAggregates(base)) throw notSupported(`${base.replaceAll('_', ' ')} of an aggregate`);
    return `bq.${base}_any(${printed.join(', ')})`;
  }

  /** Prints a subquery, whose aggregates are its own. */
  inner<T>(print: () => T): T {
    const { aggregates, commonTables } = this;
    try {
      return print();
    } finally {
      this.aggregates = aggregates;
      this.commonTables = commonTables;
    }
  }
}
