// The port to the warehouse: load a staging table, query, publish in one transaction.
import type { Columns, TableRef } from '../pipelines/outputs.ts';
import type { Field } from './tables.ts';

export type Parameter = string | number | boolean | null;
export type Row = Readonly<Record<string, string | number | boolean | null>>;

/**
 * The end of a job. `refused`: the warehouse refused it, and would refuse it again (a bad cell, a failed assertion). A
 * failure that may pass is thrown as a transient error.
 */
export type LoadAnswer =
  | {
      readonly kind: 'loaded';
      readonly rows: number;
      /** The id of the load job, where the warehouse has jobs. */
      readonly job?: string;
    }
  | { readonly kind: 'refused'; readonly reason: string };
export type ScriptAnswer = { readonly kind: 'done' } | { readonly kind: 'refused'; readonly reason: string };

export interface Warehouse {
  /** Loads a CSV with one header line from `uri` (gs://) and replaces the staging table's rows. */
  load(job: {
    readonly id: string;
    readonly uri: string;
    readonly table: TableRef;
    readonly columns: Columns;
  }): Promise<LoadAnswer>;
  /** All rows, over as many pages as it takes; more than 200,000 are an error (law 10). */
  query(sql: string, parameters: Readonly<Record<string, Parameter>>): Promise<readonly Row[]>;
  /**
   * Runs a script under a job id: the same id attaches to the job that ran before (laws 1 and 3). The statement may use
   * `@job_id`, the id of the job that runs it.
   */
  script(job: {
    readonly id: string;
    readonly sql: string;
    readonly parameters: Readonly<Record<string, Parameter>>;
  }): Promise<ScriptAnswer>;
  /** How many bytes a statement would read, without running it; absent where no estimate is possible. */
  readonly bytesOf?: (sql: string, parameters: Readonly<Record<string, Parameter>>) => Promise<number>;
  drop(table: TableRef): Promise<void>;
  /** `project.dataset.table` in back-quotes, for a statement. */
  quoted(table: TableRef): string;
}

/** The definition of a table: its columns, or the query of a view. */
export type Shape = { readonly fields: readonly Field[] } | { readonly query: string };

/** The port to the tables themselves, for an operator's restore; no function of the mesh creates or repairs a table. */
export interface Tables {
  exists(table: TableRef): Promise<boolean>;
  /** Creates the table if it is missing, and returns whether it did. A missing dataset is an error. */
  makeIfMissing(table: TableRef, shape: Shape): Promise<boolean>;
}
